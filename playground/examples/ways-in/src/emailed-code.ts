import { resetPage } from './link';
import { supabase } from './supabase';

/** Starts the session with the code from the email, in any browser. Throws the `AuthError` if Auth refuses the code. */
export async function startTypedSession(email: string, typed: string): Promise<void> {
  const token = typed.replaceAll(' ', '');
  const { error } = await supabase.auth.verifyOtp({ type: 'recovery', email, token });
  if (error) throw error;
  history.pushState(null, '', resetPage); // where a link would have led, so a reload continues from here
}
