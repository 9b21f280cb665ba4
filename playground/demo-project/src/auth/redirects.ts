/** Where a flow may lead back to, and how the way there is written: https://github.com/supabase/auth, `utilities.IsRedirectURLValid`. */

import type { Config } from '../config.ts';
import { globToRegExp } from '../go/glob.ts';
import { isIp, isLoopback } from '../go/ip.ts';
import { parseUrl } from '../go/url.ts';

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
