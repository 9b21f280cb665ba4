/** The reset, without a view. Each function calls Auth, then returns the next step. All throw the `AuthError`. */
import {
  type AuthError,
  AuthWeakPasswordError,
  type Factor,
  isAuthError,
  isAuthRetryableFetchError,
} from '@supabase/supabase-js';
import * as link from './link';
import { isSessionGone } from './session-gone';
import { needsStepUp, savePassword, verifyCode } from './step-up';
import * as support from './support';

/** What the page shows. */
export type Step =
  | { name: 'start'; error?: AuthError }
  | { name: 'confirm-link' }
  | { name: 'code'; authenticators: Factor[] }
  | { name: 'other-factor' }
  | { name: 'lost-factor'; authenticators: Factor[] }
  | { name: 'support-knows' }
  | { name: 'objection' }
  | { name: 'objected' }
  | { name: 'password' }
  | { name: 'changed'; hasAuthenticator: boolean }
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

  const { needed, authenticators } = await needsStepUp();
  if (!needed && !refused) return { name: 'password' };
  return authenticators.length > 0 ? { name: 'code', authenticators } : { name: 'other-factor' };
}
// #endregion

/** Finds the step when the page loads, or after "Try again". Never throws an `AuthError`, because no form could show it. */
export async function openPage(): Promise<Step> {
  try {
    await link.startSession();
    if (link.waitsForClick()) return { name: 'confirm-link' };
    if (support.objection) return { name: 'objection' };
    if (location.search === support.askedPage) return { name: 'support-knows' };
    if (location.search === support.helpPage) return await needsHelp();
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

// #region used-challenge
/** The user typed a code. */
export async function enterCode(factorId: string, typed: string): Promise<Step> {
  const code = typed.replaceAll(' ', '');
  try {
    // Each try has its own challenge. If it was already used (Auth then mentions IP addresses) or has expired, Auth
    // didn't look at the code, so try once more with a new challenge.
    await verifyCode(factorId, code).catch((error) => {
      if (error.code !== 'mfa_ip_address_mismatch' && error.code !== 'mfa_challenge_expired') throw error;
      return verifyCode(factorId, code);
    });
    return { name: 'password' };
  } catch (error) {
    return findStep(error);
  }
}
// #endregion

// #region lost-factor
/** The user can't use the authenticator. No step that follows from here skips the code. */
async function needsHelp(): Promise<Step> {
  const step = await findStep();
  return step.name === 'code' ? { name: 'lost-factor', authenticators: step.authenticators } : step;
}

/** The user asks support to remove the authenticator. */
export async function askSupport(): Promise<Step> {
  try {
    await support.askSupport();
  } catch (error) {
    return findStep(error);
  }
  history.replaceState(null, '', support.askedPage);
  return { name: 'support-knows' };
}

/** The user didn't ask for the removal. */
export async function object(): Promise<Step> {
  await support.object();
  return { name: 'objected' };
}
// #endregion

/** The minimum in the project's settings. Auth itself requires at least 6. */
const minimumLength = 6;
export const passwordRule = `Use at least ${minimumLength} characters.`;

/** The user typed a new password. */
export async function choosePassword(password: string): Promise<Step> {
  // Auth checks this before it asks for aal2, so a weak password would hide that refusal.
  if (password.length < minimumLength) throw new AuthWeakPasswordError(passwordRule, 422, ['length']);
  let hasAuthenticator: boolean;
  try {
    hasAuthenticator = (await needsStepUp()).authenticators.length > 0;
    await savePassword(password);
  } catch (error) {
    return findStep(error);
  }
  history.replaceState(null, '', location.pathname); // the reset is done, so a reload leads to the start
  return { name: 'changed', hasAuthenticator };
}
