/** The code of the page "For the official docs". */
import { expect, test } from '@playwright/test';
import { codeOf, type DemoProject, data, startDemoProject } from './demo-project.ts';
import { resetPassword } from './reset-password-with-mfa.ts';

const password = 'the new password';

/** A client in the session of a recovery link, which an administrator has made. */
async function recovered(project: DemoProject, email: string) {
  const admin = project.client(project.keys.service);
  const { properties } = data(await admin.auth.admin.generateLink({ type: 'recovery', email }));
  const supabase = project.client();
  data(await supabase.auth.verifyOtp({ type: 'recovery', token_hash: properties.hashed_token }));
  return supabase;
}

test('a user with MFA is asked for a code of the factor, and the password is changed', async () => {
  await using project = await startDemoProject();
  const email = 'ada@example.com';
  const asked: unknown[] = [];
  await resetPassword(await recovered(project, email), password, async (name) => {
    asked.push(name);
    return codeOf(email);
  });
  expect(asked).toEqual(['Authenticator app']);
  data(await project.client().auth.signInWithPassword({ email, password }));
});

test('a wrong code changes nothing', async () => {
  await using project = await startDemoProject();
  const supabase = await recovered(project, 'ada@example.com');
  await expect(resetPassword(supabase, password, async () => 'wrong')).rejects.toMatchObject({
    code: 'mfa_verification_failed',
  });
  data(await project.client().auth.signInWithPassword({ email: 'ada@example.com', password: 'old-password-ada' }));
});

for (const email of ['grace@example.com', 'alan@example.com']) {
  test(`${email}, who has no verified factor, is asked for none`, async () => {
    await using project = await startDemoProject();
    await resetPassword(await recovered(project, email), password, () => {
      throw new Error('asked for a code');
    });
    data(await project.client().auth.signInWithPassword({ email, password }));
  });
}

test('a second password in the same session is not asked a code for', async () => {
  await using project = await startDemoProject();
  const email = 'ada@example.com';
  const supabase = await recovered(project, email);
  await resetPassword(supabase, password, async () => codeOf(email));
  await resetPassword(supabase, 'another password', () => {
    throw new Error('asked for a code');
  });
  data(await project.client().auth.signInWithPassword({ email, password: 'another password' }));
});
