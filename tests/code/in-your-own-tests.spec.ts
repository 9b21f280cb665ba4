/** The demo project in a reader's tests: what the page "The demo project" shows is run here. */
import { expect, test } from '@playwright/test';
// #region imported
import { createClient } from '@supabase/supabase-js';
import { TOTP } from 'otpauth';
import { createDemoProject, type SeedUser } from '../../playground/demo-project/src/index.ts';

const secret = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';
const ada: SeedUser = {
  email: 'ada@example.com',
  password: 'the old password',
  factors: [{ type: 'totp', friendlyName: 'Authenticator app', status: 'verified', secret }],
};

/** A project of its own for each test: there is nothing to reset. */
async function startProject() {
  const url = 'http://demo-project.test'; // nothing listens there: requests are handed over
  let now = Date.now();
  const project = createDemoProject({ url, seed: [ada], clock: () => now });
  const ask = async (path: string) => (await project.fetch(new Request(url + path))).json();

  const { anon } = await ask('/keys');
  const supabase = createClient(url, anon, {
    auth: { persistSession: false, autoRefreshToken: false },
    global: { fetch: (input, init) => project.fetch(new Request(input, init)) },
  });
  return {
    supabase,
    ask,
    wait: (seconds: number) => {
      now += seconds * 1000;
    },
    code: () => new TOTP({ secret }).generate({ timestamp: now }),
  };
}
// #endregion

// #region mail
type Project = Awaited<ReturnType<typeof startProject>>;

/** The token hash in the link of the newest mail, read as from a local stack's Mailpit. */
async function mailedToken({ ask }: Project, email: string): Promise<string> {
  const { messages } = await ask(`/inbox/api/v1/search?query=to:"${email}"`);
  const { HTML } = await ask(`/inbox/api/v1/message/${messages[0].ID}`);
  return new URL(/href="([^"]+)"/.exec(HTML)?.[1]?.replaceAll('&amp;', '&') ?? '').searchParams.get('token') ?? '';
}
// #endregion

// #region test
test('a recovery session needs the second factor before it can set a password', async () => {
  const project = await startProject();
  const { supabase, code } = project;
  await supabase.auth.resetPasswordForEmail(ada.email);
  await supabase.auth.verifyOtp({ type: 'recovery', token_hash: await mailedToken(project, ada.email) });
  const refused = await supabase.auth.updateUser({ password: 'a new password' });
  expect(refused.error?.code).toBe('insufficient_aal');

  const { data } = await supabase.auth.mfa.listFactors();
  await supabase.auth.mfa.challengeAndVerify({
    factorId: data?.totp[0]?.id ?? '',
    code: code(),
  });
  const changed = await supabase.auth.updateUser({ password: 'a new password' });
  expect(changed.error).toBeNull();
});
// #endregion

// #region clock
test('a recovery link is too old after an hour', async () => {
  const project = await startProject();
  const { supabase, wait } = project;
  await supabase.auth.resetPasswordForEmail(ada.email);
  const token_hash = await mailedToken(project, ada.email);
  wait(3601);
  const late = await supabase.auth.verifyOtp({ type: 'recovery', token_hash });
  expect(late.error?.code).toBe('otp_expired');
});
// #endregion

// #region sms
test('a code by text message verifies a phone factor', async () => {
  const { supabase, ask } = await startProject();
  await supabase.auth.signUp({ email: 'grace@example.com', password: 'a password' });
  const enrolled = await supabase.auth.mfa.enroll({
    factorType: 'phone',
    friendlyName: 'Phone',
    phone: '+15551234567',
  });
  const factorId = enrolled.data?.id ?? '';
  const challenged = await supabase.auth.mfa.challenge({ factorId });
  const { sms } = (await ask('/sms')).at(-1);
  const { error } = await supabase.auth.mfa.verify({
    factorId,
    challengeId: challenged.data?.id ?? '',
    code: sms.otp,
  });
  expect(error).toBeNull();
});
// #endregion
