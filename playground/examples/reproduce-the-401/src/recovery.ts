/** The reset as supabase/auth#2091 does it, without a view: each function calls Auth, then says which step comes next. */
import { type AuthError, isAuthError } from '@supabase/supabase-js';
import * as link from './link';
import { isSessionGone } from './session-gone';
import { supabase } from './supabase';

/** What the page shows. */
export type Step =
  | { name: 'start'; error?: AuthError }
  | { name: 'confirm-link' }
  | { name: 'password' }
  | { name: 'changed' }
  | { name: 'signed-out' };

/** The step of the page as it loads. Never throws an `AuthError`: there is no form to show it. */
export async function openPage(): Promise<Step> {
  try {
    await link.startSession();
    if (link.waitsForClick()) return { name: 'confirm-link' };
    if (!link.isResetPage()) return { name: 'start' };
    const { error } = await supabase.auth.getUser();
    if (error) throw error;
    return { name: 'password' };
  } catch (error) {
    if (isAuthError(error)) return { name: 'start', error };
    throw error;
  }
}

/** The user pressed the button that a link with a `token_hash` waits for. Throws the `AuthError` that the form shows. */
export async function confirmLink(): Promise<Step> {
  try {
    await link.confirmLink();
  } catch (error) {
    if (isAuthError(error) && error.code === 'otp_expired') return { name: 'start', error };
    throw error;
  }
  return openPage();
}

/**
 * The user typed a new password: it's saved with the session that the reset link gave. That's what fails for a user with
 * MFA. Throws the `AuthError` that the form shows.
 */
export async function choosePassword(password: string): Promise<Step> {
  // #region failing
  const { error } = await supabase.auth.updateUser({ password }); // 401 insufficient_aal
  // #endregion
  if (error && isSessionGone(error)) return { name: 'start', error };
  if (error) throw error;
  history.replaceState(null, '', location.pathname); // the reset is done: a reload leads to the start
  return { name: 'changed' };
}
