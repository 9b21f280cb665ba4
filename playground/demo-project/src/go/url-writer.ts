/** Addresses as Go's net/url writes them. */

/** As Go's `url.QueryEscape`. */
export function queryEscape(text: string): string {
  return new URLSearchParams({ '': text }).toString().slice(1).replaceAll('*', '%2A').replaceAll('%7E', '~');
}

/** A query or fragment as Go's `url.Values.Encode` writes it: keys in order. */
export function encodeValues(values: Record<string, string>, kept = new URLSearchParams()): string {
  for (const [key, value] of Object.entries(values)) kept.set(key, value);
  kept.sort();
  return [...kept].map(([key, value]) => `${queryEscape(key)}=${queryEscape(value)}`).join('&');
}

/** Go's `url.ParseQuery`: what it cannot read is left out. */
function parseQuery(query: string): URLSearchParams {
  const pairs = query.split('&').filter((pair) => !/;|%(?![\da-f]{2})/i.test(pair));
  return new URLSearchParams(pairs.join('&'));
}

/** `target` with these values added to its query, or in the place of its fragment, or both, as Go's `url.URL` prints them. */
export function withValues(
  target: string,
  { query, fragment }: { query?: Record<string, string>; fragment?: Record<string, string> },
): string {
  const [, origin = '', path = '', search, hash] =
    /^((?:[^:/?#]+:)?(?:\/\/[^/?#]*)?)([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/s.exec(target) ?? [];
  const encoded = query ? encodeValues(query, parseQuery(search ?? '')) : search;
  return [
    origin.replace(/^[^:/]+:/, (scheme) => scheme.toLowerCase()),
    escapePart(path, /[\w.~$&+,/:;=@-]/),
    // A question mark with nothing behind it is kept.
    encoded || search === '' ? `?${encoded}` : '',
    // The fragment is encoded once more when the URL is printed.
    fragment
      ? `#${encodeValues(fragment).replaceAll('%', '%25')}`
      : hash && `#${escapePart(hash, /[\w.~!$&()*+,/:;=?@-]/)}`,
  ].join('');
}

/** A path or fragment as Go prints it: as it came or, where something in it should have been escaped, all of it anew but for `plain` characters. */
function escapePart(part: string, plain: RegExp): string {
  if (/^[\w.~!$&'()*+,/:;=?@[\]%-]*$/.test(part)) return part;
  return part.replaceAll(/%([\da-f]{2})|./gisu, (found, hex?: string) => {
    const character = hex ? String.fromCharCode(Number.parseInt(hex, 16)) : found;
    if (plain.test(character)) return character;
    return hex ? found.toUpperCase() : percentEncode(character);
  });
}

/** Every byte as `%XX`. */
export function percentEncode(text: string): string {
  return [...new TextEncoder().encode(text)]
    .map((byte) => `%${byte.toString(16).padStart(2, '0')}`)
    .join('')
    .toUpperCase();
}

/** Go's `url.PathEscape` without the characters that it keeps in a path: "&", "+" and ":" stay, which breaks issuers that have them. */
export function escapePath(text: string): string {
  return encodeURIComponent(text)
    .replaceAll(/%(24|26|2B|3A|3D|40|2F)/g, (escaped) => decodeURIComponent(escaped))
    .replaceAll("'", '%27');
}
