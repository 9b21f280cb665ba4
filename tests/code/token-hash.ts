import type { AuthError, SupabaseClient } from '@supabase/supabase-js';

/**
 * For the button on the page that the mail links to. Not for the load of that page: mail scanners load pages, but press
 * no buttons. Gives the client the recovery session, in whatever browser. Returns what went wrong.
 */
export async function startReset(supabase: SupabaseClient, page: URL): Promise<AuthError | null> {
  const token_hash = page.searchParams.get('token_hash') ?? '';
  const { error } = await supabase.auth.verifyOtp({ type: 'recovery', token_hash });
  return error;
}
