import { asAuthError } from './browser-error';
import { supabase } from './supabase';

// #region passkey
/** Signs in with a passkey. The session is at aal1, even if the user touched the key that's also the second factor. Throws the `AuthError`. */
export async function signInWithPasskey(): Promise<void> {
  const { error } = await supabase.auth.signInWithPasskey();
  if (error) throw asAuthError(error);
}
// #endregion

/** Returns the level of this session, or `null` without one. Throws the `AuthError`. */
export async function currentLevel(): Promise<string | null> {
  const { data, error } = await supabase.auth.mfa.getAuthenticatorAssuranceLevel(); // from the token
  if (error) throw error;
  return data.currentLevel;
}
