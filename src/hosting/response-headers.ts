/**
 * The headers that every response needs, from their only source: `public/_headers`, which Cloudflare Pages and Netlify read as it is.
 * `{inline scripts}` in it stands for the hashes of the inline scripts that the pages have. A build puts them in: see content-security-policy.ts.
 */
import { readFileSync } from 'node:fs';

export const inlineScripts = '{inline scripts}';

/** The headers in a file of the form that `_headers` has. */
function parse(file: string): Record<string, string> {
  return Object.fromEntries([...file.matchAll(/^ +([\w-]+): (.+)$/gm)].map(([, name, value]) => [name, value]));
}

/** The headers of the last build. Throws when there is none. */
export function builtHeaders(): Record<string, string> {
  return parse(readFileSync('dist/_headers', 'utf8'));
}

/** The headers for `astro dev`, whose pages get their styles and reload scripts inline. */
export function devHeaders(): Record<string, string> {
  const file = readFileSync('public/_headers', 'utf8');
  return parse(
    file.replace(inlineScripts, "'unsafe-inline'").replace("style-src 'self'", "style-src 'self' 'unsafe-inline'"),
  );
}
