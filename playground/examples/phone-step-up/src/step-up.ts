import type { Factor } from '@supabase/supabase-js';
import { supabase } from './supabase';

// #region needs-step-up
/**
 * Returns whether this session must be raised to aal2 before the password can change, and which
 * factors can do it, oldest first.
 *
 * Only verified factors count. Asks the server for them, because the user stored with the session may be out of date.
 * Throws the `AuthError` if the server can't answer.
 */
export async function needsStepUp(): Promise<{ needed: boolean; factors: Factor[] }> {
  const { data, error } = await supabase.auth.mfa.listFactors(); // asks the server
  if (error) throw error;
  const { data: level, error: levelError } = await supabase.auth.mfa.getAuthenticatorAssuranceLevel(); // from the token
  if (levelError) throw levelError;

  const hasVerifiedFactor = data.all.some(({ status }) => status === 'verified');
  // Auth lists factors in no particular order: it changes with each challenge.
  const factors: Factor[] = [...data.phone, ...data.totp].sort((a, b) => a.created_at.localeCompare(b.created_at));
  return { needed: hasVerifiedFactor && level.currentLevel !== 'aal2', factors };
}
// #endregion

/** An authenticator always has a code ready, so challenge and verify are one call. Throws the `AuthError`. */
export async function verifyTotp(factorId: string, code: string): Promise<void> {
  const { error } = await supabase.auth.mfa.challengeAndVerify({ factorId, code });
  if (error) throw error;
}

/** Saves the new password. At aal1, Auth refuses this for a user with MFA: `insufficient_aal`. Throws the `AuthError`. */
export async function savePassword(password: string): Promise<void> {
  const { error } = await supabase.auth.updateUser({ password });
  if (error) throw error;
}
