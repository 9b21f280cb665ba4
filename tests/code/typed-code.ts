import type { AuthError, SupabaseClient } from '@supabase/supabase-js';

/** Mails a code to whoever has an account. Returns what went wrong, if the user may know it. */
export async function askForCode(supabase: SupabaseClient, email: string): Promise<AuthError | null> {
  const { error } = await supabase.auth.resetPasswordForEmail(email);
  return error?.code === 'over_email_send_rate_limit' ? null : error; // only an account meets this limit
}

/** Trades the code for the recovery session, on whatever device it is typed. Returns what went wrong. */
export async function enterCode(supabase: SupabaseClient, email: string, token: string): Promise<AuthError | null> {
  const { error } = await supabase.auth.verifyOtp({ type: 'recovery', email, token });
  return error;
}
