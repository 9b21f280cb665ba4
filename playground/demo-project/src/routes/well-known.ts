import type { Call } from '../auth/project.ts';

/** `GET /.well-known/jwks.json`: the public keys of the project's signing keys; none where the secret signs. */
export function showKeys({ project, headers }: Call): unknown {
  headers.set('cache-control', 'public, max-age=600');
  return { keys: project.keys.jwks };
}
