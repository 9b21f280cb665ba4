/** Text as Go's html/template escapes it. */

/** Decodes HTML that html/template escaped. */
export function decodeEntities(text: string): string {
  const characters: Record<string, string> = {
    '&amp;': '&',
    '&lt;': '<',
    '&gt;': '>',
    '&#39;': "'",
    '&#43;': '+',
    '&#34;': '"',
  };
  return text.replaceAll(/&[#\w]+;/g, (name) => characters[name] ?? name);
}
