import { resetPage } from './link';
import { supabase } from './supabase';

/** What a PKCE link brought. The code verifier that belongs to it is in the storage of the browser that asked for the email. */
let code = new URLSearchParams(location.search).get('code');

// As with tokens: out of the address at once, in this same history entry.
if (code) history.replaceState(null, '', resetPage);

/** Starts the session of a PKCE link, if the page was opened with one. Throws the `AuthError` when that fails. */
export async function startPkceSession(): Promise<void> {
  if (!code) return;
  const { error } = await supabase.auth.exchangeCodeForSession(code);
  if (error) throw error;
  code = null;
}
