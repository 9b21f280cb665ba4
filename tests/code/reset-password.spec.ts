/** The function on the home page, run in a browser from the reset link on, and in the sessions of every kind of user. */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { expect } from '@playwright/test';
import type { Factor, SupabaseClient } from '@supabase/supabase-js';
import { ModuleKind, ScriptTarget, transpileModule } from 'typescript';
import { linkIn, newestMail } from './mail.ts';
import { test as base, tokenHash } from './project.ts';
import { resetPassword } from './reset-password.ts';
import { dataOf, userWithMfa } from './user-with-mfa.ts';

const password = 'the new password';

const test = base.extend<{
  /** Opens a browser in the session of a reset link. */
  recovered: (email: string) => Promise<SupabaseClient>;
  /** The address of a page that has supabase-js and the function, and calls it as soon as it opens. */
  resetPage: string;
}>({
  recovered: async ({ project, newClient }, use) => {
    await use(async (email) => {
      const browser = newClient();
      dataOf(await browser.auth.resetPasswordForEmail(email));
      dataOf(await browser.auth.verifyOtp({ type: 'recovery', token_hash: await tokenHash(project, email) }));
      return browser;
    });
  },

  resetPage: async ({ project, context }, use) => {
    const supabaseJs = createRequire(import.meta.url).resolve('@supabase/supabase-js/dist/umd/supabase.js');
    const { outputText } = transpileModule(readFileSync('tests/code/reset-password.ts', 'utf8'), {
      compilerOptions: { module: ModuleKind.ESNext, target: ScriptTarget.ESNext },
    });
    const html = `<!doctype html>
      <script>${readFileSync(supabaseJs, 'utf8')}</script>
      <script type="module">
        ${outputText}
        const client = supabase.createClient('${project.url}', '${project.key}');
        const ask = { factor: async ([factor]) => factor.id, code: () => codeFromApp(), password: async () => '${password}' };
        document.title = await resetPassword(client, ask).then(() => 'saved', (error) => error.details?.code ?? error.name);
      </script>`;
    const server = createServer((_, answer) => answer.setHeader('content-type', 'text/html').end(html));
    await once(server.listen(0, 'localhost'), 'listening');
    await use(`http://localhost:${(server.address() as AddressInfo).port}/reset`);
    await context.close();
    server.closeAllConnections();
    server.close();
  },
});

/** Answers as a user with one factor does. `codes` are typed one after the other. Keeps each problem that was shown. */
function userWho(types: { codes?: (() => string | Promise<string>)[]; chooses?: (factor: Factor) => boolean } = {}) {
  const problems: (string | undefined)[] = [];
  const codes = [...(types.codes ?? [])];
  return {
    problems,
    ask: {
      factor: async (choices: Factor[]) => {
        const factor = choices.find(types.chooses ?? (() => true));
        if (!factor) throw new Error('None of the factors is the one that this user chooses');
        return factor.id;
      },
      code: async (problem: { code?: string | undefined } | null) => {
        problems.push(problem?.code);
        const next = codes.shift();
        if (!next) throw new Error('This user was asked for a code once too often');
        return next();
      },
      password: async () => password,
    },
  };
}

test('the link in the email leads to a new password, with a code in between', async ({
  project,
  newClient,
  page,
  resetPage,
}) => {
  const { email, code } = await userWithMfa(newClient());
  await page.exposeFunction('codeFromApp', code);
  dataOf(await newClient().auth.resetPasswordForEmail(email, { redirectTo: resetPage }));
  const link = linkIn(await newestMail(project.inbox, email));
  await page.goto(link);
  await expect(page).toHaveTitle('saved');
  dataOf(await newClient().auth.signInWithPassword({ email, password }));

  // The same link again, in a browser that has no session.
  await page.evaluate(() => localStorage.clear());
  await page.goto(link);
  await expect(page).toHaveTitle('otp_expired');
});

test('without a link there is no session', async ({ page, resetPage }) => {
  await page.goto(resetPage);
  await expect(page).toHaveTitle('AuthSessionMissingError');
});

test('a wrong code is asked for again, and the right one raises the session', async ({ newClient, recovered }) => {
  const { email, code } = await userWithMfa(newClient());
  const { ask, problems } = userWho({ codes: [() => 'wrong', code] });
  await resetPassword(await recovered(email), ask);
  expect(problems).toEqual([undefined, 'mfa_verification_failed']);
  dataOf(await newClient().auth.signInWithPassword({ email, password }));
});

test('a user with several factors chooses, and a phone gets its text message', async ({
  project,
  newClient,
  recovered,
}) => {
  const client = newClient();
  const { email } = await userWithMfa(client);
  const phone = `1555${String(crypto.getRandomValues(new Uint32Array(1))[0])
    .padStart(10, '0')
    .slice(-7)}`;
  const texts = async () => {
    const sms = process.env['SUPABASE_SMS_URL'] ?? `${project.url}/sms`;
    const all: { sms: { otp: string; phone: string } }[] = await (await fetch(sms)).json();
    return all.filter((text) => text.sms.phone === phone).map((text) => text.sms.otp);
  };
  const { id: factorId } = dataOf(await client.auth.mfa.enroll({ factorType: 'phone', phone, friendlyName: 'Mobile' }));
  const { id: challengeId } = dataOf(await client.auth.mfa.challenge({ factorId }));
  dataOf(await client.auth.mfa.verify({ factorId, challengeId, code: (await texts()).at(-1) ?? '' }));

  const browser = await recovered(email);
  const { ask } = userWho({ chooses: ({ id }) => id === factorId, codes: [async () => (await texts()).at(-1) ?? ''] });
  // Auth limits how often it texts a phone, and enrolling it has just sent a message.
  await expect(() => resetPassword(browser, ask)).toPass();
  expect((await texts()).length).toBe(2);
  dataOf(await newClient().auth.signInWithPassword({ email, password }));
});

for (const factor of ['no factor', 'an unverified factor']) {
  test(`a user with ${factor} is asked for no code`, async ({ newClient, recovered }) => {
    const client = newClient();
    const email = `${crypto.randomUUID()}@example.com`;
    dataOf(await client.auth.signUp({ email, password: 'the old password' }));
    if (factor === 'an unverified factor') dataOf(await client.auth.mfa.enroll({ factorType: 'totp' }));
    const { ask, problems } = userWho();
    await resetPassword(await recovered(email), ask);
    expect(problems).toEqual([]);
    dataOf(await newClient().auth.signInWithPassword({ email, password }));
  });
}
