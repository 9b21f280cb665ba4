/** What an app runs right after a user has verified a factor. */
import type { SupabaseClient } from '@supabase/supabase-js';

// #region remove-unverified-factors
/** Removes the user's unverified factors of every type. Throws the `AuthError` of a failed call. */
export async function removeUnverifiedFactors(supabase: SupabaseClient) {
  const { data, error } = await supabase.auth.mfa.listFactors();
  if (error) throw error;
  for (const { id } of data.all.filter(({ status }) => status === 'unverified')) {
    const { error } = await supabase.auth.mfa.unenroll({ factorId: id });
    if (error) throw error;
  }
}
// #endregion
