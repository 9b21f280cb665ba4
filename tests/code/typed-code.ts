import type { AuthError, SupabaseClient } from '@supabase/supabase-js';

/** Emails a code if the address has an account. Returns the error if it's safe to show. */
export async function askForCode(supabase: SupabaseClient, email: string): Promise<AuthError | null> {
  const { error } = await supabase.auth.resetPasswordForEmail(email);
  return error?.code === 'over_email_send_rate_limit' ? null : error; // only an account can reach this limit
}

/** Exchanges the code for the recovery session, on whichever device the user types it. Returns the error, if any. */
export async function enterCode(supabase: SupabaseClient, email: string, token: string): Promise<AuthError | null> {
  const { error } = await supabase.auth.verifyOtp({ type: 'recovery', email, token });
  return error;
}
