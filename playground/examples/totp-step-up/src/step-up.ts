import type { AuthError } from '@supabase/supabase-js';
import { supabase } from './supabase.ts';

// #region needs-step-up
/**
 * Must this session be lifted to aal2 before the password can change, and which TOTP factors can lift it?
 *
 * Only verified factors count, and the server has to be asked for them: the user stored with the session may be out of
 * date. Throws the `AuthError` when it cannot be asked.
 */
export async function findStepUp() {
  const { data: factors, error } = await supabase.auth.mfa.listFactors(); // asks the server
  if (error) throw error;
  const { data: level, error: levelError } = await supabase.auth.mfa.getAuthenticatorAssuranceLevel(); // of the token
  if (levelError) throw levelError;

  const hasVerifiedFactor = factors.all.some((factor) => factor.status === 'verified');
  return { needed: hasVerifiedFactor && level.currentLevel !== 'aal2', totp: factors.totp };
}
// #endregion

// #region fix
/** Lifts the recovery link's session to aal2, by verifying a factor in that same session. Returns what went wrong. */
export async function verifyCode(factorId: string, code: string): Promise<AuthError | null> {
  const { error } = await supabase.auth.mfa.challengeAndVerify({ factorId, code });
  return error;
}

/** Saves the new password; at aal1, Auth refuses that to a user with MFA (`insufficient_aal`). Returns what went wrong. */
export async function savePassword(password: string): Promise<AuthError | null> {
  const { error } = await supabase.auth.updateUser({ password });
  return error;
}
// #endregion
