/** JSON as Go's encoding/json writes it. */
import { hex4 } from './quote.ts';

/** Go sorts the keys of a map but keeps a struct's in the order of declaration. The values of these keys are maps. */
const maps = new Set(['app_metadata', 'user_metadata', 'identity_data', 'keys']);

/**
 * Writes JSON the way Go does; `isSorted` means that the value is a map. Leaves out keys without a value. Doesn't
 * recurse, because input can be 10,000 levels deep.
 */
export function goJson(value: unknown, isSorted = false): string {
  let written = '';
  const rest: { before?: string; value?: unknown; isSorted: boolean; after?: string }[] = [{ value, isSorted }];
  for (let next = rest.pop(); next; next = rest.pop()) {
    const { before = '', value, isSorted, after } = next;
    written += before;
    if (after !== undefined) written += after;
    else if (Array.isArray(value)) {
      written += '[';
      rest.push({ isSorted, after: ']' });
      for (const [at, item] of [...value.entries()].reverse())
        rest.push({ before: at > 0 ? ',' : '', value: item, isSorted });
    } else if (typeof value === 'object' && value !== null) {
      written += '{';
      rest.push({ isSorted, after: '}' });
      const members = Object.entries(value).filter(([, member]) => member !== undefined);
      if (isSorted) members.sort(([a], [b]) => (a < b ? -1 : 1));
      for (const [at, [key, member]] of [...members.entries()].reverse())
        rest.push({
          before: `${at > 0 ? ',' : ''}${goText(key)}:`,
          value: member,
          isSorted: isSorted || maps.has(key),
        });
    } else written += typeof value === 'string' ? goText(value) : JSON.stringify(value);
  }
  return written;
}

/** What Go escapes beyond the JSON standard. */
const htmlEscapes = ['<', '>', '&', '\u2028', '\u2029'].map(
  (character) => [character, `\\u${hex4(character)}`] as const,
);

function goText(value: string): string {
  let written = JSON.stringify(value);
  if (/[<>&\u2028\u2029]/.test(written))
    for (const [character, escaped] of htmlEscapes) written = written.replaceAll(character, escaped);
  return written;
}
