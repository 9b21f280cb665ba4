import type { AuthError, SupabaseClient } from '@supabase/supabase-js';

/**
 * Call this from the button on the page that the email links to, not when that page loads: mail scanners load pages,
 * but press no buttons. Gives the client the recovery session, in any browser. Returns the error, if any.
 */
export async function startReset(supabase: SupabaseClient, page: URL): Promise<AuthError | null> {
  const token_hash = page.searchParams.get('token_hash') ?? '';
  const { error } = await supabase.auth.verifyOtp({ type: 'recovery', token_hash });
  return error;
}
