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
import { needsStepUp, savePassword, verifyTotp } from './step-up';
import { type Message, newestMessage, sendMessage, verifyMessage } from './text-message';

/** What the page shows. The user can choose from `factors`. */
export type Step =
  | { name: 'start'; error?: AuthError }
  | { name: 'confirm-link' }
  | { name: 'choose-factor'; factors: Factor[] }
  | { name: 'message-code'; factor: Factor; message: Message; factors: Factor[] }
  | { name: 'totp-code'; factor: Factor; factors: Factor[] }
  | { name: 'other-factor' }
  | { name: 'password' }
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

  const { needed, factors } = await needsStepUp();
  if (!needed && !refused) return { name: 'password' };
  if (factors.length === 0) return { name: 'other-factor' };
  // The factor whose text message is on its way. With a single authenticator, there's nothing to choose.
  const factor = factors.find(
    ({ id, factor_type }) => id === newestMessage()?.factorId || (factors.length === 1 && factor_type === 'totp'),
  );
  return factor ? stepForCode(factor, factors) : { name: 'choose-factor', factors };
}
// #endregion

/** Asks for the code of a factor. A phone's code has been sent already. */
function stepForCode(factor: Factor, factors: Factor[]): Step {
  const message = newestMessage();
  if (factor.factor_type === 'phone' && message) return { name: 'message-code', factor, message, factors };
  return { name: 'totp-code', factor, factors };
}

/** Finds the step when the page loads, or after "Try again". Never throws an `AuthError`, because no form could show it. */
export async function openPage(): Promise<Step> {
  try {
    await link.startSession();
    if (link.waitsForClick()) return { name: 'confirm-link' };
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

// #region send
/** The user chose a factor. If it's a phone, it gets its code now. */
export async function chooseFactor(factor: Factor, factors: Factor[]): Promise<Step> {
  try {
    if (factor.factor_type === 'phone') await sendMessage(factor.id);
  } catch (error) {
    // Too soon for another message. The last code still works if it belongs to this reset.
    const hasCode = isAuthError(error) && error.code === 'over_sms_send_rate_limit';
    if (!hasCode || newestMessage()?.factorId !== factor.id) return findStep(error);
  }
  return stepForCode(factor, factors);
}
// #endregion

/** The user asked for another message to the same phone. */
export async function resendMessage(factor: Factor, factors: Factor[]): Promise<Step> {
  try {
    await sendMessage(factor.id);
    return stepForCode(factor, factors);
  } catch (error) {
    return findStep(error);
  }
}

/** The user typed the code from a text message or from the authenticator. */
export async function enterCode(factor: Factor | Message, typed: string): Promise<Step> {
  const code = typed.replaceAll(' ', '');
  try {
    await ('challengeId' in factor ? verifyMessage(factor, code) : verifyTotp(factor.id, code));
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
