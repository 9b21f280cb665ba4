/**
 * The headers for every response. Their only source is `public/_headers`, which Cloudflare Pages and Netlify read as it
 * is. In it, `{inline scripts}` is a placeholder for the hashes of the pages' inline scripts. The build fills it in:
 * see content-security-policy.ts.
 */
import { readFileSync } from 'node:fs';

export const inlineScripts = '{inline scripts}';

/** Parses the headers in a file with the format of `_headers`. */
function parse(file: string): Record<string, string> {
  return Object.fromEntries([...file.matchAll(/^ +([\w-]+): (.+)$/gm)].map(([, name, value]) => [name, value]));
}

/** Returns the headers of the last build. Throws if there's no build. */
export function builtHeaders(): Record<string, string> {
  return parse(readFileSync('dist/_headers', 'utf8'));
}

/** Returns the headers for `astro dev`, where pages have their styles and reload scripts inline. */
export function devHeaders(): Record<string, string> {
  const file = readFileSync('public/_headers', 'utf8');
  return parse(
    file.replace(inlineScripts, "'unsafe-inline'").replace("style-src 'self'", "style-src 'self' 'unsafe-inline'"),
  );
}
