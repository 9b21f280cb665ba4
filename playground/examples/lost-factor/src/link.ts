import { AuthError } from '@supabase/supabase-js';
import { supabase } from './supabase';

/**
 * Where a reset link leads. After a reload, supabase-js no longer knows that the session came from a link, and it fires
 * PASSWORD_RECOVERY only when it reads the link itself. The URL still knows.
 */
export const resetPage = '?reset-password';

// #region request
/** Sends a reset link. Returns what to tell the user: the same sentence whether or not there's an account. */
export async function sendResetLink(email: string): Promise<string> {
  const { error } = await supabase.auth.resetPasswordForEmail(email, {
    // This must be on the project's list of redirect URLs. It can't have a "#…", because the tokens come back there.
    redirectTo: new URL(resetPage, location.href).href,
  });
  // Auth couldn't be reached, or refused before it looked for an account. Every other error occurs only if there's an
  // account: too many emails, an address that the project may not write to, an email that can't be sent. So show
  // everybody the same message. (How long Auth takes to answer still differs.)
  const { status, code } = error ?? {};
  if (status === 0 || code === 'validation_failed' || code === 'over_request_rate_limit') throw error;
  return (
    'If there is an account with this address, we sent an email with a link to it. ' +
    'If none comes within a few minutes, check the address and your spam folder, then ask again.'
  );
}
// #endregion

// #region out-of-the-address
/** The link's data: a `token_hash` in the query, or tokens or an error in the fragment. */
let link = new URLSearchParams(`${location.search.slice(1)}&${location.hash.slice(1)}`);

// First remove it from the address, in this same history entry, so that Back never shows a token. supabase-js would add
// an entry and leave the tokens in this one, so its `detectSessionInUrl` is off.
if (['token_hash', 'access_token', 'error'].some((name) => link.has(name))) history.replaceState(null, '', resetPage);
// #endregion

/** Whether this is the page that a reset link leads to. */
export function isResetPage(): boolean {
  return location.search === resetPage;
}

/**
 * Starts the session from the tokens in the link, if it has any. The link in the default email has them. Throws the
 * `AuthError` if the link doesn't work or Auth can't be reached. The next call then tries again.
 */
export async function startSession(): Promise<void> {
  if (link.has('error')) {
    throw new AuthError(link.get('error_description') ?? '', undefined, link.get('error_code') ?? undefined);
  }
  const [access_token, refresh_token] = [link.get('access_token'), link.get('refresh_token')];
  if (!access_token || !refresh_token) return;
  const { error } = await supabase.auth.setSession({ access_token, refresh_token });
  if (error) throw error;
  link = new URLSearchParams();
}

/**
 * Whether the link waits for a click. That's the best link, if you can edit your project's email:
 * `?token_hash={{ .TokenHash }}&type=recovery`. The address never has a token, and a scanner that
 * opens the link doesn't use it up.
 */
export function waitsForClick(): boolean {
  return link.has('token_hash');
}

/** Starts the session of a link that waited for a click. Throws the `AuthError` if that fails. */
export async function confirmLink(): Promise<void> {
  const { error } = await supabase.auth.verifyOtp({ type: 'recovery', token_hash: link.get('token_hash') ?? '' });
  if (error) throw error;
  link = new URLSearchParams();
}
