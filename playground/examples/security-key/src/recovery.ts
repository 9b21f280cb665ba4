/** The reset, without a view. Each function calls Auth, then returns the next step. All throw the `AuthError`. */
import {
  type AuthError,
  AuthWeakPasswordError,
  type Factor,
  isAuthError,
  isAuthRetryableFetchError,
} from '@supabase/supabase-js';
import * as link from './link';
import { currentLevel, signInWithPasskey } from './passkey';
import { isSessionGone } from './session-gone';
import { needsStepUp, savePassword, verifyKey } from './step-up';

/** What the page shows. */
export type Step =
  | { name: 'start'; error?: AuthError }
  | { name: 'confirm-link' }
  | { name: 'security-key'; key: Factor; error?: AuthError }
  | { name: 'other-factor' }
  | { name: 'password' }
  | { name: 'account'; level: string }
  | { name: 'changed' }
  | { name: 'signed-out' }
  | { name: 'unreachable' };

// #region flow
/**
 * Finds the step of a reset from the session, so a reload continues where the user left off, and from `error`, if Auth
 * has just refused something. Throws an error that the user can correct in the current form.
 */
export async function findStep(error?: unknown): Promise<Step> {
  if (isAuthError(error) && isSessionGone(error)) return { name: 'start', error };
  const refused = isAuthError(error) && error.code === 'insufficient_aal'; // whatever the token says
  if (error && !refused) throw error;

  const { needed, keys } = await needsStepUp();
  if (!needed && !refused) return { name: 'password' };
  const [key] = keys;
  if (!key) return { name: 'other-factor' };
  return refused ? { name: 'security-key', key, error } : { name: 'security-key', key };
}
// #endregion

/** Finds the step when the page loads, or after "Try again". Never throws an `AuthError`, because no form could show it. */
export async function openPage(): Promise<Step> {
  try {
    await link.startSession();
    if (link.waitsForClick()) return { name: 'confirm-link' };
    if (location.search === accountPage) return await showAccount();
    return link.isResetPage() ? await findStep() : { name: 'start' };
  } catch (error) {
    if (isAuthRetryableFetchError(error)) return { name: 'unreachable' }; // the link and the session still work
    if (isAuthError(error)) return { name: 'start', error };
    throw error;
  }
}

/** The user pressed the button that a link with a `token_hash` waits for. */
export async function confirmLink(): Promise<Step> {
  try {
    await link.confirmLink();
  } catch (error) {
    if (isAuthError(error) && error.code === 'otp_expired') return { name: 'start', error };
    throw error;
  }
  return openPage();
}

/** Where users who are signed in change their password. */
const accountPage = '?account';

async function showAccount(): Promise<Step> {
  const level = await currentLevel();
  return level === null ? { name: 'start' } : { name: 'account', level };
}

/** The user signs in with a passkey. */
export async function enterWithPasskey(): Promise<Step> {
  await signInWithPasskey();
  history.replaceState(null, '', accountPage); // so that a reload stays here
  return showAccount();
}

/** The user is ready to touch the key. */
export async function confirmKey(key: Factor): Promise<Step> {
  try {
    await verifyKey(key.id);
    return { name: 'password' };
  } catch (error) {
    return findStep(error);
  }
}

/** The minimum in the project's settings. Auth itself requires at least 6. */
const minimumLength = 6;
export const passwordRule = `Use at least ${minimumLength} characters.`;

/** The user typed a new password. */
export async function choosePassword(password: string): Promise<Step> {
  // Auth checks this before it asks for aal2, so a weak password would hide that refusal.
  if (password.length < minimumLength) throw new AuthWeakPasswordError(passwordRule, 422, ['length']);
  try {
    await savePassword(password);
  } catch (error) {
    return findStep(error);
  }
  history.replaceState(null, '', location.pathname); // the reset is done, so a reload leads to the start
  return { name: 'changed' };
}
