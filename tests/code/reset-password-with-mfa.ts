/** The code of the patches for the official docs: what a page does between the reset link and the new password. */
import type { Factor, SupabaseClient } from '@supabase/supabase-js';

/** Returns the factors to choose from. If there are none, no code is needed. */
export async function factorsToVerify(supabase: SupabaseClient): Promise<Factor[]> {
  // #region factors
  const { data: level, error: levelError } = await supabase.auth.mfa.getAuthenticatorAssuranceLevel();
  if (levelError) throw levelError;
  const { data: factors, error: factorsError } = await supabase.auth.mfa.listFactors();
  if (factorsError) throw factorsError;

  const choices = level.currentLevel === 'aal2' ? [] : [...factors.totp, ...factors.phone];
  // #endregion
  return choices;
}

/** Starts the verification of the factor that the user chose. For a phone factor, this sends the code. */
export async function challengeFactor(supabase: SupabaseClient, factor: Factor): Promise<{ id: string }> {
  // #region challenge
  const { data: challenge, error } = await supabase.auth.mfa.challenge({ factorId: factor.id });
  if (error) throw error;
  // #endregion
  return challenge;
}

/** Raises the session to aal2. */
export async function verifyFactor(supabase: SupabaseClient, factor: Factor, challenge: { id: string }, code: string) {
  // #region verify
  const { error } = await supabase.auth.mfa.verify({
    factorId: factor.id,
    challengeId: challenge.id,
    code,
  });
  if (error) throw error;
  // #endregion
}
