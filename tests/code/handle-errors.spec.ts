/** The code of the Errors page: each function meets the error that it handles. */
import { expect, test } from '@playwright/test';
import { AuthApiError, AuthWeakPasswordError } from '@supabase/supabase-js';
import { startDemoProject } from './demo-project.ts';
import {
  checkCode,
  isSessionGone,
  linkProblem,
  passwordProblem,
  savePassword,
  sendResetEmail,
  startReset,
} from './handle-errors.ts';
import { linkIn, newestMail } from './mail.ts';
import { dataOf, userWithMfa } from './user-with-mfa.ts';

const password = 'the new password';

/** Returns a user with MFA and a client in a session at aal1. */
async function signedIn(project: Awaited<ReturnType<typeof startDemoProject>>) {
  const user = await userWithMfa(project.client());
  const supabase = project.client();
  dataOf(await supabase.auth.signInWithPassword(user));
  return { ...user, supabase };
}

test('insufficient_aal: asks for a code once, then saves the password', async () => {
  await using project = await startDemoProject();
  const { supabase, factorId, code, email } = await signedIn(project);
  let asked = 0;
  const askForCode = async () => {
    asked++;
    return code();
  };
  expect(await savePassword(supabase, password, factorId, askForCode)).toBeNull();
  expect(asked).toBe(1);
  dataOf(await project.client().auth.signInWithPassword({ email, password }));
});

test('insufficient_aal: a wrong code is returned, and the password stays', async () => {
  await using project = await startDemoProject();
  const { supabase, factorId, email } = await signedIn(project);
  const error = await savePassword(supabase, password, factorId, async () => '000000');
  expect(error?.code).toBe('mfa_verification_failed');
  const { error: refused } = await project.client().auth.signInWithPassword({ email, password });
  expect(refused?.code).toBe('invalid_credentials');
});

test('mfa_verification_failed: after a wrong code the next one works', async () => {
  await using project = await startDemoProject();
  const { supabase, factorId, code } = await signedIn(project);
  expect(await checkCode(supabase, factorId, '000000')).toBe('That code is wrong. Type the next one.');
  expect(await checkCode(supabase, factorId, code())).toBeNull();
});

test('otp_expired: a link that was opened twice', async () => {
  await using project = await startDemoProject();
  const { email } = await signedIn(project);
  dataOf(await project.client().auth.resetPasswordForEmail(email));
  const link = linkIn(await newestMail(project.inbox, email));
  const open = async () => new URL((await fetch(link, { redirect: 'manual' })).headers.get('location') ?? '');
  expect(linkProblem(await open())).toBeNull();
  expect(linkProblem(await open())).toBe('This link no longer works. Ask for a new email and open the newest one.');
});

test('pkce_code_verifier_not_found: a token hash works in a browser that asked for nothing', async () => {
  await using project = await startDemoProject();
  const { email } = await signedIn(project);
  dataOf(await project.client().auth.resetPasswordForEmail(email));
  const token = new URL(linkIn(await newestMail(project.inbox, email))).searchParams.get('token');
  const page = new URL(`http://localhost:4200/reset?token_hash=${token}`);
  const elsewhere = project.client();
  expect(await startReset(elsewhere, page)).toBeNull();
  expect(dataOf(await elsewhere.auth.getUser()).user.email).toBe(email);
  expect((await startReset(project.client(), page))?.code, 'it works once').toBe('otp_expired');
});

test('AuthSessionMissingError: a session that was ended elsewhere, or never existed', async () => {
  await using project = await startDemoProject();
  const { supabase, factorId, ...user } = await signedIn(project);
  const elsewhere = project.client();
  dataOf(await elsewhere.auth.signInWithPassword(user));
  await elsewhere.auth.signOut();
  const { error } = await supabase.auth.updateUser({ password });
  expect(error && isSessionGone(error)).toBe(true);
  const nobody = await project.client().auth.mfa.challenge({ factorId });
  expect(nobody.error?.code).toBe('bad_jwt');
  expect(nobody.error && isSessionGone(nobody.error)).toBe(true);
  expect(isSessionGone(new AuthApiError('any', 401, 'insufficient_aal'))).toBe(false);
});

test('same_password and weak_password: say why, other errors are thrown', async () => {
  await using project = await startDemoProject();
  const { supabase, factorId, code, password: old } = await signedIn(project);
  expect(await checkCode(supabase, factorId, code())).toBeNull();
  const { error: same } = await supabase.auth.updateUser({ password: old });
  expect(same && passwordProblem(same)).toBe('That’s your old password. Choose another one.');
  const { error: weak } = await supabase.auth.updateUser({ password: 'short' });
  expect(weak).toBeInstanceOf(AuthWeakPasswordError);
  expect(weak && passwordProblem(weak)).toBe('That password is too weak: Password should be at least 6 characters.');
  expect(() => passwordProblem(new AuthApiError('any', 401, 'insufficient_aal'))).toThrow('any');
});

test('over_email_send_rate_limit: an account that just got an email and an unknown address look the same', async () => {
  await using project = await startDemoProject({ auth: { email: { max_frequency: '1m' } } });
  const { email } = await signedIn(project);
  const text = 'If that address has an account, a reset link is on its way. It can take a few minutes.';
  const send = (to: string) => sendResetEmail(project.client(), to, 'http://localhost:4200/');
  expect(await send(email)).toBe(text);
  const { error } = await project.client().auth.resetPasswordForEmail(email);
  expect(error?.code, 'it is too soon').toBe('over_email_send_rate_limit');
  expect(await send(email)).toBe(text);
  expect(await send('nobody@example.com')).toBe(text);
  await expect(send('no address')).rejects.toMatchObject({ code: 'validation_failed' });
});
