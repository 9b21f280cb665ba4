'use server';

import type { AuthError } from '@supabase/supabase-js';
import { redirect } from 'next/navigation';
import type { Problem } from '../lib/problems';
import { findStep, problemOf } from '../lib/reset';
import { createClient } from '../lib/supabase';

/** What a form shows after its action. */
export interface Answer {
  problem?: Problem;
  said?: string;
}

/** Handles an action's error: shows it in the form, or redirects to the code or to a new link. */
function refuse(error: AuthError): Answer {
  if (error.code === 'insufficient_aal') redirect('/enter-code');
  const problem = problemOf(error);
  if (problem === 'session' || problem === 'locked' || problem === 'link')
    redirect(`/forgot-password?problem=${problem}`);
  return { problem };
}

const field = (form: FormData, name: string) => String(form.get(name) ?? '');

/** Gives every address the same answer, so it doesn't reveal who has an account. */
export async function askForLink(_: Answer, form: FormData): Promise<Answer> {
  const supabase = await createClient();
  const { error } = await supabase.auth.resetPasswordForEmail(field(form, 'email'));
  if (error?.code === 'over_request_rate_limit') return { problem: 'too-often' }; // counted by IP address
  if (error) console.error(error); // it may depend on the account, so only log it
  const said =
    'If there is an account with this address, we sent an email with a link to it. ' +
    'If none comes within a few minutes, check the address and your spam folder, then ask again.';
  return { said };
}

// #region start
/** Handles the button on the page that the email links to. Only this uses the link up. */
export async function startReset(_: Answer, form: FormData): Promise<Answer> {
  const supabase = await createClient();
  const { error } = await supabase.auth.verifyOtp({ type: 'recovery', token_hash: field(form, 'token_hash') });
  if (error) return refuse(error);
  // Redirect straight to the right page: the router remembers a page's redirect, and would repeat it after the step-up.
  redirect((await findStep(supabase)).step);
}
// #endregion

// #region text
/** Sends a code to a phone. Passes the challenge to the form for the code. */
export async function sendText(_: Answer, form: FormData): Promise<Answer> {
  const factor = field(form, 'factor');
  const supabase = await createClient();
  const { data, error } = await supabase.auth.mfa.challenge({ factorId: factor, channel: 'sms' });
  if (error) return refuse(error);
  redirect(`/enter-code?${new URLSearchParams({ factor, challenge: data.id })}`);
}
// #endregion

// #region code
export async function enterCode(_: Answer, form: FormData): Promise<Answer> {
  const [factorId, challengeId] = [field(form, 'factor'), field(form, 'challenge')];
  const code = field(form, 'code').replace(/\s/g, ''); // apps show "123 456"
  if (!code) return { problem: 'code' };
  const { mfa } = (await createClient()).auth;
  const verify = () =>
    challengeId ? mfa.verify({ factorId, challengeId, code }) : mfa.challengeAndVerify({ factorId, code });
  let { error } = await verify();
  // The two calls came from different IP addresses, or too late, so Auth didn't look at the code. Try a new challenge.
  if (error && !challengeId && problemOf(error) === 'challenge') ({ error } = await verify());
  if (error) return refuse(error);
  redirect('/new-password');
}
// #endregion

// #region password
export async function savePassword(_: Answer, form: FormData): Promise<Answer> {
  const supabase = await createClient();
  const { error } = await supabase.auth.updateUser({ password: field(form, 'password') });
  if (error) return refuse(error);
  redirect('/password-changed');
}
// #endregion

export async function signOut(): Promise<Answer> {
  const supabase = await createClient();
  const { error } = await supabase.auth.signOut({ scope: 'local' });
  if (error) return refuse(error);
  redirect('/signed-out');
}
