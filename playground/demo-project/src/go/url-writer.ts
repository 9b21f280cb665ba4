/** URLs, as Go's net/url writes them. */

/** Go's `url.QueryEscape`. */
export function queryEscape(text: string): string {
  return new URLSearchParams({ '': text }).toString().slice(1).replaceAll('*', '%2A').replaceAll('%7E', '~');
}

/** Writes a query or fragment like Go's `url.Values.Encode`, which sorts the keys. */
export function encodeValues(values: Record<string, string>, kept = new URLSearchParams()): string {
  for (const [key, value] of Object.entries(values)) kept.set(key, value);
  kept.sort();
  return [...kept].map(([key, value]) => `${queryEscape(key)}=${queryEscape(value)}`).join('&');
}

/** Go's `url.ParseQuery`, which skips invalid pairs. */
function parseQuery(query: string): URLSearchParams {
  const pairs = query.split('&').filter((pair) => !/;|%(?![\da-f]{2})/i.test(pair));
  return new URLSearchParams(pairs.join('&'));
}

/** Adds values to the query of `target`, replaces its fragment, or both. Writes the result like Go's `url.URL`. */
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
    // Go keeps a question mark with nothing after it.
    encoded || search === '' ? `?${encoded}` : '',
    // Go encodes the fragment a second time when it prints the URL.
    fragment
      ? `#${encodeValues(fragment).replaceAll('%', '%25')}`
      : hash && `#${escapePart(hash, /[\w.~!$&()*+,/:;=?@-]/)}`,
  ].join('');
}

/**
 * Writes a path or fragment like Go: unchanged if nothing in it needs escaping. Otherwise all of it is re-escaped,
 * except the `plain` characters.
 */
function escapePart(part: string, plain: RegExp): string {
  if (/^[\w.~!$&'()*+,/:;=?@[\]%-]*$/.test(part)) return part;
  return part.replaceAll(/%([\da-f]{2})|./gisu, (found, hex?: string) => {
    const character = hex ? String.fromCharCode(Number.parseInt(hex, 16)) : found;
    if (plain.test(character)) return character;
    return hex ? found.toUpperCase() : percentEncode(character);
  });
}

/** Encodes every byte as `%XX`. */
export function percentEncode(text: string): string {
  return [...new TextEncoder().encode(text)]
    .map((byte) => `%${byte.toString(16).padStart(2, '0')}`)
    .join('')
    .toUpperCase();
}

/** Go's `url.PathEscape`. It keeps "&", "+", and ":", which breaks issuers that contain them. */
export function escapePath(text: string): string {
  return encodeURIComponent(text)
    .replaceAll(/%(24|26|2B|3A|3D|40|2F)/g, (escaped) => decodeURIComponent(escaped))
    .replaceAll("'", '%27');
}
