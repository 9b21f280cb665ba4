/** The code of the page "Other changes that need aal2". */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from '@playwright/test';
import { changePassword } from './change-password.ts';
import { isPassword } from './check-password.ts';
import { type DemoProject, startDemoProject } from './demo-project.ts';
import { codeIn, newestMail } from './mail.ts';
import { dataOf, userWithMfa } from './user-with-mfa.ts';

const password = 'the new password';
const day = 24 * 60 * 60 * 1000;

/** Returns a user with MFA and their app in a session at aal1. */
async function signedIn(project: DemoProject) {
  const user = await userWithMfa(project.client());
  const supabase = project.client();
  const { user: found } = dataOf(await supabase.auth.signInWithPassword(user));
  const stepUp = async () =>
    dataOf(await supabase.auth.mfa.challengeAndVerify({ factorId: user.factorId, code: user.code() }));
  const level = async () => dataOf(await supabase.auth.mfa.getAuthenticatorAssuranceLevel()).currentLevel;
  return { ...user, id: found.id, supabase, stepUp, level };
}

test('checking the password on the client of the app drops the session to aal1', async () => {
  await using project = await startDemoProject();
  const { supabase, stepUp, level, ...user } = await signedIn(project);
  await stepUp();
  dataOf(await supabase.auth.signInWithPassword(user));
  expect(await level()).toBe('aal1');
  expect((await supabase.auth.updateUser({ password })).error?.code).toBe('insufficient_aal');
});

test('checking it on a separate client leaves the session unchanged', async () => {
  await using project = await startDemoProject();
  const { supabase, stepUp, level, email, password: oldPassword } = await signedIn(project);
  await stepUp();
  expect(await isPassword(project.url, project.keys.anon, email, oldPassword)).toBe(true);
  expect(await isPassword(project.url, project.keys.anon, email, 'not the password')).toBe(false);
  expect(await level()).toBe('aal2');
  expect(await changePassword(supabase, { password })).toBe('changed');
});

test("a password that can't be checked is an error, not a wrong password", async () => {
  await using project = await startDemoProject();
  const { id, email, password: oldPassword } = await signedIn(project);
  dataOf(await project.client(project.keys.service).auth.admin.updateUserById(id, { ban_duration: '1h' }));
  await expect(isPassword(project.url, project.keys.anon, email, oldPassword)).rejects.toMatchObject({
    code: 'user_banned',
  });
});

test("with CAPTCHA on, the password can't be checked", async () => {
  const body = { code: 'captcha_failed', message: 'captcha protection: request disallowed (no captcha_token found)' };
  const server = createServer((_request, response) => {
    response
      .writeHead(400, { 'content-type': 'application/json', 'x-supabase-api-version': '2024-01-01' })
      .end(JSON.stringify(body));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await expect(isPassword(url, 'key', 'ada@example.com', password)).rejects.toMatchObject({ code: 'captcha_failed' });
  server.close();
});

test("a password change asks for what the project requires, in the server's order", async () => {
  await using project = await startDemoProject({
    auth: { email: { secure_password_change: true, require_current_password: true } },
  });
  const { supabase, stepUp, email, password: current_password } = await signedIn(project);
  expect(await changePassword(supabase, { password })).toBe('ask for a second factor');
  await stepUp();
  project.pass(1.1 * day);
  dataOf(await supabase.auth.refreshSession());

  expect(await changePassword(supabase, { password })).toBe('ask for the code in the email');
  const nonce = codeIn(await newestMail(project.inbox, email));
  expect(await changePassword(supabase, { password, nonce })).toBe('ask for the current password');
  const again = await changePassword(supabase, { password, nonce, current_password });
  expect(again).toBe('ask for the code again');
  project.pass(2000); // otherwise it's too soon for the next email
  expect(await changePassword(supabase, { password, current_password })).toBe('ask for the code in the email');
  const another = codeIn(await newestMail(project.inbox, email));
  expect(await changePassword(supabase, { password, nonce: another, current_password })).toBe('changed');
});

test('wrong codes send no more emails, and the right code still works', async () => {
  await using project = await startDemoProject({
    auth: { email: { secure_password_change: true, max_frequency: '1m' } },
  });
  const { supabase, stepUp, email } = await signedIn(project);
  await stepUp();
  project.pass(1.1 * day);
  dataOf(await supabase.auth.refreshSession());
  expect(await changePassword(supabase, { password })).toBe('ask for the code in the email');
  const nonce = codeIn(await newestMail(project.inbox, email));

  for (const wrong of ['000000', '111111', '222222'])
    expect(await changePassword(supabase, { password, nonce: wrong })).toBe('ask for the code again');
  const tooSoon = await changePassword(supabase, { password });
  expect(tooSoon, 'too soon for another email').toBe('ask for the code in the email');
  expect(codeIn(await newestMail(project.inbox, email))).toBe(nonce);
  expect(await changePassword(supabase, { password, nonce })).toBe('changed');
});

test('with the current password required, a wrong one is asked for again', async () => {
  await using project = await startDemoProject({ auth: { email: { require_current_password: true } } });
  const { supabase, stepUp, password: current_password } = await signedIn(project);
  await stepUp();
  expect(await changePassword(supabase, { password })).toBe('ask for the current password');
  expect(await changePassword(supabase, { password, current_password: 'wrong' })).toBe('ask for the current password');
  expect(await changePassword(supabase, { password, current_password })).toBe('changed');
});

test('a weak password is an error to show', async () => {
  await using project = await startDemoProject();
  const { supabase } = await signedIn(project);
  await expect(changePassword(supabase, { password: 'short' })).rejects.toMatchObject({ code: 'weak_password' });
});
