/** Where a flow may lead back to: https://github.com/supabase/auth, `IsRedirectURLValid`. */
import type { Config } from '../config.ts';

/**
 * The first of these that is allowed, else the site's URL: header `redirect_to`, query or form `redirect_to`, `Referer`.
 * One that is not allowed is passed over without a word.
 */
export function redirectTarget(config: Config, wishes: (string | null)[]): string {
  return wishes.find((wish) => wish !== null && isAllowed(config, wish)) ?? config.auth.site_url;
}

function isAllowed(config: Config, target: string): boolean {
  const url = parse(target);
  const site = parse(config.auth.site_url);
  if (!url || !site) return false;
  if (
    url.hostname === site.hostname &&
    url.protocol === site.protocol &&
    (url.port === site.port || isLoopback(url.hostname))
  )
    return true;
  // A URL parser turns decimal and short forms into dotted ones; what counts is what was written.
  const host = /^[a-z][a-z0-9+.-]*:\/\/(?:[^@/?#]*@)?(\[[^\]]*\]|[^:/?#]*)/i.exec(target)?.[1] ?? '';
  if (/^[0-9]+$/.test(host)) return false;
  if (/^[0-9.]+$/.test(host) || host.startsWith('[')) return isLoopback(url.hostname);
  if (/^https?:$/.test(url.protocol) && !/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i.test(host)) return false;
  const [withoutFragment = ''] = target.split('#');
  return config.auth.additional_redirect_urls.some((pattern) => globToRegExp(pattern).test(withoutFragment));
}

function parse(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}

/** github.com/gobwas/glob with the separators `.` and `/`: `*` stops at them, `**` does not, `?` is one other character. */
function globToRegExp(pattern: string): RegExp {
  const source = pattern.replaceAll(/\*\*|\*|\?|\{|\}|,|[.+^$()|[\]\\]/g, (part) => {
    if (part === '**') return '.*';
    if (part === '*') return '[^./]*';
    if (part === '?') return '[^./]';
    if (part === '{') return '(?:';
    if (part === '}') return ')';
    return part === ',' ? '|' : `\\${part}`;
  });
  return new RegExp(`^${source}$`, 's');
}
