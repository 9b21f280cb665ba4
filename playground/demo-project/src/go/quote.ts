/** Quoted text, as Go prints it. */

/** Quotes text the way Go's `%q` does. */
export function quote(text: string): string {
  const escaped = text.replaceAll(/["\\\p{C}\p{Z}]/gu, (character) => {
    if (character === ' ') return character;
    const short = JSON.stringify(character).slice(1, -1);
    if (/^\\[^u]/.test(short)) return short;
    const point = character.codePointAt(0) ?? 0;
    const hex = point.toString(16);
    if (point < 0x80) return `\\x${hex.padStart(2, '0')}`;
    return point > 0xffff ? `\\U${hex.padStart(8, '0')}` : `\\u${hex.padStart(4, '0')}`;
  });
  return `"${escaped}"`;
}

/** Quotes the first byte of a character the way Go does. */
export function quoteByte(character: string): string {
  if (character === "'") return "'\\''";
  if (character === '"') return `'"'`;
  return `'${quote(String.fromCharCode(new TextEncoder().encode(character)[0] ?? 0)).slice(1, -1)}'`;
}

/** Returns the character's code point in hexadecimal, with at least four digits. */
export function hex4(character: string): string {
  return (character.codePointAt(0) ?? 0).toString(16).padStart(4, '0');
}
