import { resetPage } from './link';
import { supabase } from './supabase';

/** The code from a PKCE link. Its code verifier is in the storage of the browser that requested the email. */
let code = new URLSearchParams(location.search).get('code');

// As with tokens, remove it from the address at once, in this same history entry.
if (code) history.replaceState(null, '', resetPage);

/** Starts the session of a PKCE link, if such a link opened the page. Throws the `AuthError` if that fails. */
export async function startPkceSession(): Promise<void> {
  if (!code) return;
  const { error } = await supabase.auth.exchangeCodeForSession(code);
  if (error) throw error;
  code = null;
}
