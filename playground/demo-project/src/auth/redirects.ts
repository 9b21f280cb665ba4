/** Redirect URLs that are allowed, as in `utilities.IsRedirectURLValid` of https://github.com/supabase/auth. */

import type { Config } from '../config.ts';
import { globToRegExp } from '../go/glob.ts';
import { isIp, isLoopback } from '../go/ip.ts';
import { parseUrl } from '../go/url.ts';

/**
 * Returns the first URL that is allowed: `redirect_to` from the header, or else from the query or form; then the
 * `Referer`; then the site URL. Silently ignores URLs that aren't allowed.
 */
export function redirectTarget(config: Config, request: Request, form: URLSearchParams): string {
  const { headers, url } = request;
  // Go rejects a query with invalid escapes.
  const asked = /;|%(?![\da-f]{2})/i.test(new URL(url).search) ? '' : form.get('redirect_to');
  const candidates = [headers.get('redirect_to') || asked || '', headers.get('referer') ?? ''];
  return candidates.find((candidate) => isAllowed(config, candidate)) ?? config.auth.site_url;
}

/** Returns whether a flow may redirect there. */
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
