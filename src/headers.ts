import { readFileSync } from 'node:fs';

/** The headers that `public/_headers` gives every response, for the servers that do not read that file themselves. */
export function responseHeaders(): Record<string, string> {
  const file = readFileSync('public/_headers', 'utf8');
  return Object.fromEntries([...file.matchAll(/^ +([\w-]+): (.+)$/gm)].map(([, name, value]) => [name, value]));
}
