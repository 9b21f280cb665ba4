import { AuthError } from '../auth/errors.ts';
import type { Call } from '../auth/project.ts';

/** `GET /.well-known/jwks.json`: the public keys of the project's signing keys; none where the secret signs. */
export function showKeys({ project, headers }: Call): unknown {
  headers.set('cache-control', 'public, max-age=600');
  return { keys: project.keys.jwks };
}

/** `GET /.well-known/oauth-authorization-server`. @throws AuthError 404, as where Auth is no OAuth server for other apps */
export function showOAuthServer(): never {
  throw new AuthError(404, 'feature_disabled', 'OAuth server is disabled');
}
