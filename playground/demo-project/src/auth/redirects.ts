/** Where a flow may lead back to, and how the way there is written: https://github.com/supabase/auth, `utilities.IsRedirectURLValid`. */
import type { Config } from '../config.ts';

/**
 * The first of these that is allowed, else the site's URL: the `redirect_to` of the header, else of query or form; the `Referer`.
 * One that is not allowed is passed over without a word.
 */
export function redirectTarget(config: Config, request: Request, form: URLSearchParams): string {
  const { headers, url } = request;
  // Go takes no query whose escapes are broken.
  const asked = /;|%(?![\da-f]{2})/i.test(new URL(url).search) ? '' : form.get('redirect_to');
  const wishes = [headers.get('redirect_to') || asked || '', headers.get('referer') ?? ''];
  return wishes.find((wish) => isAllowed(config, wish)) ?? config.auth.site_url;
}

/** Whether a redirect may go there. */
export function isAllowed({ auth }: Config, target: string): boolean {
  const url = parseUrl(target);
  const site = parseUrl(auth.site_url);
  if (target === '' || !url || !site) return false;
  const isSite = url.host === site.host && url.scheme === site.scheme;
  if (isSite && (url.port === site.port || url.host === 'localhost' || isLoopback(url.host))) return true;
  if (/^\d+$/.test(url.host)) return false;
  if (isIp(url.host)) return isLoopback(url.host);
  if (/^https?$/.test(url.scheme) && !/^[a-z\d]([a-z\d.-]*[a-z\d])?$/i.test(url.host)) return false;
  const [withoutFragment = ''] = target.split('#');
  return auth.additional_redirect_urls.some((pattern) => globToRegExp(pattern).test(withoutFragment));
}

interface GoUrl {
  scheme: string;
  host: string;
  port: string;
}

/** What Go's `url.Parse` finds; `undefined` where it finds an error. It is stricter than a browser and changes nothing. */
function parseUrl(text: string): GoUrl | undefined {
  const [, scheme = '', authority, path = '', fragment = ''] =
    /^(?:([a-z][a-z\d+.-]*):)?(?:\/\/([^/?#]*))?([^?#]*)(?:\?[^#]*)?(?:#(.*))?$/is.exec(text) ?? [];
  const [, hostPort = ''] = /^(?:.*@)?(.*)$/s.exec(authority ?? '') ?? [];
  const [, host, port = ''] = /^(\[[^\]]*\]|[^:]*)(?::(\d*))?$/.exec(hostPort) ?? [];
  const isBad =
    [...text].some((character) => character < ' ' || character === '\u007f') ||
    host === undefined ||
    /[^\w.~!$&'()*+,;=:[\]<>"-]/.test(host.replaceAll(/[^\0-\u007f]/g, '')) ||
    /%(?![\da-f]{2})/i.test(path + fragment) ||
    (scheme === '' && authority === undefined && /^[^/]*:/.test(path));
  if (isBad) return undefined;
  return { scheme: scheme.toLowerCase(), host: host.replace(/^\[(.*)\]$/, '$1'), port };
}

function isIp(host: string): boolean {
  return isIpv4(host) || (host.includes(':') && URL.canParse(`http://[${host}]`));
}

function isIpv4(host: string): boolean {
  return /^(0|[1-9]\d?|1\d\d|2[0-4]\d|25[0-5])(\.(0|[1-9]\d?|1\d\d|2[0-4]\d|25[0-5])){3}$/.test(host);
}

function isLoopback(host: string): boolean {
  return isIpv4(host)
    ? host.startsWith('127.')
    : isIp(host) && /^\[::(1|ffff:7f[\da-f]{2}:[\da-f]+)\]$/.test(new URL(`http://[${host}]`).hostname);
}

/** The first address in `X-Forwarded-For`, as Go prints it. */
export function forwardedFor(headers: Headers): string | undefined {
  const addresses = headers.get('x-forwarded-for')?.split(',') ?? [];
  const address = addresses.map((part) => part.trim()).find(isIp);
  return address && (isIpv4(address) ? address : new URL(`http://[${address}]`).hostname.slice(1, -1));
}

/** github.com/gobwas/glob with the separators `.` and `/`: `*` and `?` stop at them, `**` does not; `[a-c]`, `[!abc]` and `{a,b}` as in a shell. */
function globToRegExp(pattern: string): RegExp {
  let depth = 0;
  const source = pattern.replaceAll(/\\.|\*\*|[*?{},]|\[!?[^\]]*\]|[.+^$()|[\]]/gs, (part) => {
    if (part === '**') return '.*';
    if (part === '*') return '[^./]*';
    if (part === '?') return '[^./]';
    if (part === '{') depth++;
    if (part === '{') return '(?:';
    if (part === '}') depth--;
    if (part === '}') return ')';
    if (part === ',') return depth > 0 ? '|' : ',';
    if (part.length > 2) return part.replaceAll('\\', '\\\\').replace('[!', '[^');
    return part.startsWith('\\') ? part.replace(/^\\(\w)$/, '$1') : `\\${part}`;
  });
  return new RegExp(`^${source}$`, 's');
}

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
