import { AuthError } from '@supabase/supabase-js';
import { supabase } from './supabase';

/**
 * Where a reset link leads. supabase-js doesn't remember beyond a reload that a session came from such a link, and says
 * PASSWORD_RECOVERY only when it reads the link itself. The URL does remember.
 */
export const resetPage = '?reset-password';

// #region request
/** Sends a reset link. Returns what to tell the user: the same sentence whether there's an account or not. */
export async function sendResetLink(email: string): Promise<string> {
  const { error } = await supabase.auth.resetPasswordForEmail(email, {
    // Must be on the project's allow list, and without "#…": the tokens come back in the fragment.
    redirectTo: new URL(resetPage, location.href).href,
  });
  // Auth was out of reach, or refused before it looked for an account. Every other error comes only where there is an
  // account: too many emails, an address the project may not write to, an email that can't be sent. So everybody then
  // reads the same. (How long Auth takes to answer still differs.)
  const { status, code } = error ?? {};
  if (status === 0 || code === 'validation_failed' || code === 'over_request_rate_limit') throw error;
  return (
    'If there is an account with this address, we sent an email with a link to it. ' +
    'If none comes within a few minutes, check the address and your spam folder, then ask again.'
  );
}
// #endregion

// #region out-of-the-address
/** What the link brought: a `token_hash` in the query, or tokens or an error in the fragment. */
let link = new URLSearchParams(`${location.search.slice(1)}&${location.hash.slice(1)}`);

// Take it out of the address first of all, and in this entry of the history, so that Back never shows a token.
// supabase-js would add an entry and leave the tokens in this one, so its `detectSessionInUrl` is off.
if (['token_hash', 'access_token', 'error'].some((name) => link.has(name))) history.replaceState(null, '', resetPage);
// #endregion

/** Whether this is the page that a reset link leads to. */
export function isResetPage(): boolean {
  return location.search === resetPage;
}

/**
 * Starts the session whose tokens the link brought, if it brought any: the default email does, in every project.
 * Throws the `AuthError` when the link is no good, or when Auth can't be reached: the next call then tries again.
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
 * Whether the link waits for a click. First choice, for projects that can edit their email:
 * `?token_hash={{ .TokenHash }}&type=recovery`. No token is ever in the address, and a scanner that opens the link uses nothing up.
 */
export function waitsForClick(): boolean {
  return link.has('token_hash');
}

/** Starts the session of a link that waited for a click. Throws the `AuthError` when that fails. */
export async function confirmLink(): Promise<void> {
  const { error } = await supabase.auth.verifyOtp({ type: 'recovery', token_hash: link.get('token_hash') ?? '' });
  if (error) throw error;
  link = new URLSearchParams();
}
