import { AuthError } from '../auth/errors.ts';
import type { Call } from '../auth/project.ts';

/** `GET /.well-known/jwks.json`: the public parts of the signing keys. Empty if the secret signs. */
export function showKeys({ project, headers }: Call): unknown {
  headers.set('cache-control', 'public, max-age=600');
  return { keys: project.keys.jwks };
}

/**
 * `GET /.well-known/oauth-authorization-server`.
 * @throws AuthError 404, as Auth does if it isn't an OAuth server for other apps
 */
export function showOAuthServer(): never {
  throw new AuthError(404, 'feature_disabled', 'OAuth server is disabled');
}
