/** Checks a password without touching the app's session. */
import { createClient } from '@supabase/supabase-js';

// #region check-password
/**
 * Is this the user's password? Uses a separate client, because `signInWithPassword()` starts a new session at aal1,
 * which would replace the app's session at aal2. Throws the `AuthError` if Auth doesn't say. With CAPTCHA on, that's
 * always `captcha_failed`, because no CAPTCHA was solved.
 */
export async function isPassword(url: string, publishableKey: string, email: string, password: string) {
  const client = createClient(url, publishableKey, {
    auth: { persistSession: false, autoRefreshToken: false, detectSessionInUrl: false, storageKey: 'password-check' },
  });
  const { error } = await client.auth.signInWithPassword({ email, password });
  if (error?.code === 'invalid_credentials') return false;
  if (error) throw error;
  const { error: signOutError } = await client.auth.signOut({ scope: 'local' }); // otherwise the server keeps the session
  if (signOutError) throw signOutError;
  return true;
}
// #endregion
