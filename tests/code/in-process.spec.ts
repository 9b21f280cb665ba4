import { expect, test } from '@playwright/test';
import { createClient } from '@supabase/supabase-js';
import { createDemoProject } from '../../playground/demo-project/src/index.ts';
import { linkIn, newestMail } from './mail.ts';
import { dataOf, userWithMfa } from './user-with-mfa.ts';

/** A Supabase project in this process, with nobody in it. */
function newProject() {
  const url = 'http://project.invalid'; // nothing listens there
  const project = createDemoProject({ url });
  const fetch: typeof globalThis.fetch = (input, init) => project.fetch(new Request(input, init));
  const auth = { persistSession: false, autoRefreshToken: false };
  return { inbox: `${url}/inbox`, fetch, newClient: () => createClient(url, 'a key', { auth, global: { fetch } }) };
}

test('the mail alone does not change the password of a user with MFA, the mail and a code do', async () => {
  const { newClient, inbox, fetch } = newProject();
  const user = await userWithMfa(newClient());
  const supabase = newClient();
  dataOf(await supabase.auth.resetPasswordForEmail(user.email));
  const link = new URL(linkIn(await newestMail(inbox, user.email, fetch)));
  dataOf(await supabase.auth.verifyOtp({ type: 'recovery', token_hash: link.searchParams.get('token') ?? '' }));

  const { error } = await supabase.auth.updateUser({ password: 'the new password' });
  expect(error).toMatchObject({ status: 401, code: 'insufficient_aal' });

  dataOf(await supabase.auth.mfa.challengeAndVerify({ factorId: user.factorId, code: user.code() }));
  dataOf(await supabase.auth.updateUser({ password: 'the new password' }));
  expect((await newClient().auth.signInWithPassword(user)).error?.code).toBe('invalid_credentials');
});
