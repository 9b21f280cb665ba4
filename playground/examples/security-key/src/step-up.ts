import type { Factor } from '@supabase/supabase-js';
import { asAuthError } from './browser-error';
import { supabase } from './supabase';

// #region needs-step-up
/**
 * Returns whether this session must be raised to aal2 before the password can change, and the security
 * keys that can do it, oldest first.
 *
 * Only verified factors count. Asks the server for them, because the user stored with the session may be out of date.
 * Throws the `AuthError` if the server can't answer.
 */
export async function needsStepUp(): Promise<{ needed: boolean; keys: Factor[] }> {
  const { data: factors, error } = await supabase.auth.mfa.listFactors(); // asks the server
  if (error) throw error;
  const { data: level, error: levelError } = await supabase.auth.mfa.getAuthenticatorAssuranceLevel(); // from the token
  if (levelError) throw levelError;

  const hasVerifiedFactor = factors.all.some((factor) => factor.status === 'verified');
  return {
    needed: hasVerifiedFactor && level.currentLevel !== 'aal2',
    // Auth lists factors in no particular order: it changes with each challenge.
    keys: [...factors.webauthn].sort((a, b) => a.created_at.localeCompare(b.created_at)),
  };
}
// #endregion

// #region fix
/**
 * Raises this session to aal2: the browser asks the user for the key, and Auth checks what the key has signed. Auth
 * takes any of the user's verified keys. Throws the `AuthError`.
 */
export async function verifyKey(factorId: string): Promise<void> {
  const { error } = await supabase.auth.mfa.webauthn.authenticate({ factorId });
  if (error) throw asAuthError(error);
}

/** Saves the new password. At aal1, Auth refuses this for a user with MFA: `insufficient_aal`. Throws the `AuthError`. */
export async function savePassword(password: string): Promise<void> {
  const { error } = await supabase.auth.updateUser({ password });
  if (error) throw error;
}
// #endregion
