/**
 * Recovery codes, as the page "The user lost the factor" shows them. Only type-checked, because the
 * tested server doesn't have them.
 */
import { createClient, type SupabaseClient } from '@supabase/supabase-js';

export function clientWithRecoveryCodes(url: string, key: string) {
  // #region switch-on
  const supabase = createClient(url, key, { auth: { experimental: { recoveryCodes: true } } });
  // #endregion
  return supabase;
}

// #region generate
/** Creates a set of codes in an aal2 session. Show them once, and let the user save them. */
export async function newRecoveryCodes(supabase: SupabaseClient) {
  const { data, error } = await supabase.auth.mfa.recoveryCodes.generate();
  if (error) throw error;
  return data.codes;
}
// #endregion

// #region verify
/** Uses a code in place of a factor. Raises the session of the reset link to aal2. */
export async function useRecoveryCode(supabase: SupabaseClient, code: string) {
  const { error } = await supabase.auth.mfa.recoveryCodes.verify({ code });
  return error;
}
// #endregion
