import { AuthError, isAuthError } from '@supabase/supabase-js';

/**
 * Makes one kind of error of both: Auth's own, and what the browser says about a key. Browsers give the same
 * `NotAllowedError` for another key, for a canceled dialog, and for a key that nobody touched in time.
 */
export function asAuthError(error: Error): AuthError {
  return isAuthError(error) ? error : new AuthError(error.message, undefined, error.name);
}
