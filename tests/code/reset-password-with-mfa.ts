/** The whole of the rule in one function, short enough for a documentation page. */
// #region reset
import type { SupabaseClient } from '@supabase/supabase-js';

/** Shows a form for the code of this factor, and resolves with what the user types. */
type AskForCode = (factorName: string | undefined) => Promise<string>;

/** Call this in the session that the recovery link gave. Throws the `AuthError` of whatever is refused. */
export async function resetPassword(supabase: SupabaseClient, password: string, askForCode: AskForCode) {
  const { data: factors, error: factorsError } = await supabase.auth.mfa.listFactors();
  if (factorsError) throw factorsError;
  const { data: level, error: levelError } = await supabase.auth.mfa.getAuthenticatorAssuranceLevel();
  if (levelError) throw levelError;

  const [factor] = factors.totp; // verified ones only
  if (factor && level.currentLevel !== 'aal2') {
    const code = await askForCode(factor.friendly_name);
    const { error } = await supabase.auth.mfa.challengeAndVerify({ factorId: factor.id, code });
    if (error) throw error;
  }

  const { error } = await supabase.auth.updateUser({ password });
  if (error) throw error;
}
// #endregion
