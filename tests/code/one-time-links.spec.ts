/** What the guide says about links and their verifiers, where a test needs supabase-js or several requests at once. */
import { expect } from '@playwright/test';
import { createClient } from '@supabase/supabase-js';
import { linkIn, newestMail } from './mail.ts';
import { test, tokenHash } from './project.ts';
import { dataOf, userWithMfa } from './user-with-mfa.ts';

test('a used link stays used; several requests at the same moment can each get a session', async ({
  project,
  newClient,
}) => {
  /** Sends six requests at once with one link. Returns how many got a session. */
  const sessionsOfOneLink = async () => {
    const { email } = await userWithMfa(newClient());
    dataOf(await newClient().auth.resetPasswordForEmail(email));
    const token_hash = await tokenHash(project, email);
    const open = () => newClient().auth.verifyOtp({ type: 'recovery', token_hash });
    const answers = await Promise.all([open(), open(), open(), open(), open(), open()]);
    expect((await open()).error?.code).toBe('otp_expired');
    return new Set(answers.flatMap(({ data }) => data.session?.refresh_token ?? [])).size;
  };
  // The demo project answers requests one after the other. A real Auth reads the token in one transaction for each.
  if (process.env['SUPABASE_URL']) await expect.poll(sessionsOfOneLink).toBeGreaterThan(1);
  else expect(await sessionsOfOneLink()).toBe(1);
});

test("the older of two PKCE links from one browser takes the newer one's verifier", async ({ project, newClient }) => {
  const [first, second] = [await userWithMfa(newClient()), await userWithMfa(newClient())];
  const auth = { flowType: 'pkce', persistSession: false, autoRefreshToken: false } as const;
  const browser = createClient(project.url, project.key, { auth });
  const codeFor = async ({ email }: { email: string }) => {
    const { headers } = await fetch(linkIn(await newestMail(project.inbox, email)), { redirect: 'manual' });
    return new URL(headers.get('location') ?? '').searchParams.get('code') ?? '';
  };
  dataOf(await browser.auth.resetPasswordForEmail(first.email));
  dataOf(await browser.auth.resetPasswordForEmail(second.email));
  const older = await browser.auth.exchangeCodeForSession(await codeFor(first));
  expect(older.error?.code).toBe('bad_code_verifier');
  const newer = await browser.auth.exchangeCodeForSession(await codeFor(second));
  expect(newer.error?.code).toBe('pkce_code_verifier_not_found');
});
