import { resetPage } from './link';
import { supabase } from './supabase';

/** Starts the session of a code from the email, in whatever browser the user types it. Throws the `AuthError` when Auth refuses it. */
export async function startTypedSession(email: string, typed: string): Promise<void> {
  const token = typed.replaceAll(' ', '');
  const { error } = await supabase.auth.verifyOtp({ type: 'recovery', email, token });
  if (error) throw error;
  history.pushState(null, '', resetPage); // where a link would have led: a reload goes on from here
}
