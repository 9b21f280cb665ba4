/** The reset as supabase/auth#2091 does it, without a view. Each function calls Auth, then returns the next step. */
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

/** Finds the step when the page loads. Never throws an `AuthError`, because no form could show it. */
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
 * The user typed a new password. Saves it with the session from the reset link, which fails for a user with MFA. Throws
 * the `AuthError` that the form shows.
 */
export async function choosePassword(password: string): Promise<Step> {
  // #region failing
  const { error } = await supabase.auth.updateUser({ password }); // 401 insufficient_aal
  // #endregion
  if (error && isSessionGone(error)) return { name: 'start', error };
  if (error) throw error;
  history.replaceState(null, '', location.pathname); // the reset is done, so a reload leads to the start
  return { name: 'changed' };
}
