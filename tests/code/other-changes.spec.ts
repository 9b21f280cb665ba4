/** The code of the page "Other changes the rule stops". */
import { expect, test } from '@playwright/test';
import { changePassword } from './change-password.ts';
import { isPassword } from './check-password.ts';
import { codeOf, type DemoProject, data, startDemoProject } from './demo-project.ts';

const [email, oldPassword, password] = ['ada@example.com', 'old-password-ada', 'the new password'];

/** Ada's app, signed in by password and, at aal2, by a code of her authenticator. */
async function signedIn(project: DemoProject, aal: 'aal1' | 'aal2') {
  const supabase = project.client();
  data(await supabase.auth.signInWithPassword({ email, password: oldPassword }));
  if (aal === 'aal2') await stepUp(supabase);
  return supabase;
}

async function stepUp(supabase: ReturnType<DemoProject['client']>) {
  const [factor] = data(await supabase.auth.mfa.listFactors()).totp;
  data(await supabase.auth.mfa.challengeAndVerify({ factorId: factor?.id ?? '', code: codeOf(email) }));
}

test('checking the password on the client of the app drops the session to aal1', async () => {
  await using project = await startDemoProject();
  const supabase = await signedIn(project, 'aal2');
  data(await supabase.auth.signInWithPassword({ email, password: oldPassword }));
  expect(data(await supabase.auth.mfa.getAuthenticatorAssuranceLevel()).currentLevel).toBe('aal1');
  expect((await supabase.auth.updateUser({ password })).error).toMatchObject({ code: 'insufficient_aal' });
});

test('checking it on a client of its own leaves the session as it is', async () => {
  await using project = await startDemoProject();
  const supabase = await signedIn(project, 'aal2');
  expect(await isPassword(project.url, project.keys.anon, email, oldPassword)).toBe(true);
  expect(await isPassword(project.url, project.keys.anon, email, 'not the password')).toBe(false);
  expect(data(await supabase.auth.mfa.getAuthenticatorAssuranceLevel()).currentLevel).toBe('aal2');
  expect(await changePassword(supabase, { password })).toBe('changed');
});

test('a password that cannot be checked is an error, not a wrong password', async () => {
  await using project = await startDemoProject();
  const { id } = data(await (await signedIn(project, 'aal1')).auth.getUser()).user;
  data(await project.client(project.keys.service).auth.admin.updateUserById(id, { ban_duration: '1h' }));
  await expect(isPassword(project.url, project.keys.anon, email, oldPassword)).rejects.toMatchObject({
    code: 'user_banned',
  });
});

test('a password change asks for what the project wants, in the order of the server', async () => {
  await using project = await startDemoProject({
    auth: { email: { secure_password_change: true, require_current_password: true } },
  });
  const supabase = await signedIn(project, 'aal1');
  expect(await changePassword(supabase, { password })).toBe('ask for a second factor');
  await stepUp(supabase);
  project.pass(25 * 60 * 60 * 1000);
  data(await supabase.auth.refreshSession());

  expect(await changePassword(supabase, { password })).toBe('ask for the code in the mail');
  const nonce = await newCode(project);
  expect(await changePassword(supabase, { password, nonce })).toBe('ask for the current password');
  const both = { password, current_password: oldPassword };
  project.pass(2000); // or the next mail would come too soon
  expect(await changePassword(supabase, { ...both, nonce }), 'spent').toBe('ask for the code in the mail');
  expect(await changePassword(supabase, { ...both, nonce: await newCode(project) })).toBe('changed');
});

/** The code in the newest mail to Ada. */
async function newCode(project: DemoProject): Promise<string> {
  return /\d{6}/.exec((await project.mailTo(email)).Subject)?.[0] ?? '';
}

test('with the current password required, a wrong one is asked for again', async () => {
  await using project = await startDemoProject({ auth: { email: { require_current_password: true } } });
  const supabase = await signedIn(project, 'aal2');
  expect(await changePassword(supabase, { password })).toBe('ask for the current password');
  expect(await changePassword(supabase, { password, current_password: 'wrong' })).toBe('ask for the current password');
  expect(await changePassword(supabase, { password, current_password: oldPassword })).toBe('changed');
});

test('a password that is too weak is an error to show', async () => {
  await using project = await startDemoProject();
  const supabase = await signedIn(project, 'aal1');
  await expect(changePassword(supabase, { password: 'short' })).rejects.toMatchObject({ code: 'weak_password' });
});
