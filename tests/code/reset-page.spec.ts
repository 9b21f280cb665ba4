/** The functions and listeners on the page "Reset a password with MFA", in a browser where they need it. */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { expect } from '@playwright/test';
import type { SupabaseClient } from '@supabase/supabase-js';
import { ModuleKind, ScriptTarget, transpileModule } from 'typescript';
import { linkIn, newestMail } from './mail.ts';
import { test as base, tokenHash } from './project.ts';
import { checkCode, findStep, savePassword } from './reset-page.ts';
import { dataOf, userWithMfa } from './user-with-mfa.ts';

declare global {
  interface Window {
    client: SupabaseClient;
    app: typeof import('./reset-page.ts') & typeof import('./auth-listener.ts');
    shown: number;
  }
}

const password = 'the new password';

const test = base.extend<{
  recovered: (email: string) => Promise<SupabaseClient>;
  /** The origin of an app that has the functions as `app` and a client. At `/manual`, the client doesn't read links. */
  origin: string;
}>({
  recovered: async ({ project, newClient }, use) => {
    await use(async (email) => {
      const browser = newClient();
      dataOf(await browser.auth.resetPasswordForEmail(email));
      dataOf(await browser.auth.verifyOtp({ type: 'recovery', token_hash: await tokenHash(project, email) }));
      return browser;
    });
  },

  origin: async ({ project, context }, use) => {
    const umd = createRequire(import.meta.url).resolve('@supabase/supabase-js/dist/umd/supabase.js');
    const asModule = (path: string) =>
      transpileModule(readFileSync(path, 'utf8'), {
        compilerOptions: { module: ModuleKind.ESNext, target: ScriptTarget.ESNext },
      }).outputText;
    const scripts: { [path: string]: string } = {
      '/supabase.js': readFileSync(umd, 'utf8'),
      '/exports.js':
        'export const { AuthError, isAuthImplicitGrantRedirectError, isAuthSessionMissingError } = window.supabase;',
      '/reset-page.js': asModule('tests/code/reset-page.ts'),
      '/auth-listener.js': asModule('tests/code/auth-listener.ts'),
    };
    const html = `<!doctype html><script type="importmap">{ "imports": { "@supabase/supabase-js": "/exports.js" } }</script>
      <script src="/supabase.js"></script>
      <script type="module">
        import * as resetPage from '/reset-page.js';
        import * as listener from '/auth-listener.js';
        const detectSessionInUrl = location.pathname !== '/manual';
        window.client = supabase.createClient('${project.url}', '${project.key}', { auth: { detectSessionInUrl } });
        window.shown = 0;
        if (location.pathname === '/waits') listener.waitsInside(client, () => '${password}');
        if (location.pathname === '/looks') listener.looksLater(client, () => { window.shown += 1; });
        window.app = { ...resetPage, ...listener };
      </script>`;
    const server = createServer(({ url = '' }, answer) => {
      const script = scripts[url];
      answer.setHeader('content-type', script ? 'text/javascript' : 'text/html').end(script ?? html);
    });
    await once(server.listen(0, 'localhost'), 'listening');
    await use(`http://localhost:${(server.address() as AddressInfo).port}`);
    await context.close();
    server.closeAllConnections();
    server.close();
  },
});

async function signUp(client: SupabaseClient): Promise<string> {
  const email = `${crypto.randomUUID()}@example.com`;
  dataOf(await client.auth.signUp({ email, password: 'the old password' }));
  return email;
}

test('the steps follow each other: a code, then the password', async ({ newClient, recovered }) => {
  const { email, factorId, code } = await userWithMfa(newClient());
  const browser = await recovered(email);
  const step = await findStep(browser);
  expect(step).toMatchObject({ show: 'enter-code', factors: [{ id: factorId, status: 'verified' }] });
  const [factor] = step.show === 'enter-code' ? step.factors : [];
  if (!factor) throw new Error('There is no factor to verify');

  expect(await savePassword(browser, password)).toMatchObject({ code: 'insufficient_aal' });
  expect(await checkCode(browser, factor, 'wrong')).toMatchObject({ code: 'mfa_verification_failed' });
  expect(await checkCode(browser, factor, code().replace(/^.../, '$& '))).toBeNull();
  expect(await findStep(browser)).toEqual({ show: 'new-password' });
  expect(await savePassword(browser, password)).toBeNull();
  dataOf(await newClient().auth.signInWithPassword({ email, password }));
});

test('an unverified factor asks for no code, and without a session only a new link helps', async ({
  newClient,
  recovered,
}) => {
  const client = newClient();
  const email = await signUp(client);
  dataOf(await client.auth.mfa.enroll({ factorType: 'totp' }));
  expect(await findStep(await recovered(email))).toEqual({ show: 'new-password' });
  expect(await findStep(newClient())).toEqual({ show: 'ask-for-a-new-link' });
});

test('a used link leads to a new one', async ({ project, newClient, page, origin }) => {
  const email = await signUp(newClient());
  await page.goto(origin);
  await page.waitForFunction(() => window.app);
  expect(await page.evaluate((email) => window.app.sendResetEmail(window.client, email), email)).toBeNull();
  const link = linkIn(await newestMail(project.inbox, email));
  await page.goto(link);
  await page.waitForFunction(() => window.app);
  expect(await page.evaluate(() => window.app.findStep(window.client))).toEqual({ show: 'new-password' });
  await page.goto('about:blank');
  await page.goto(link);
  await page.waitForFunction(() => window.app);
  expect(page.url()).toContain('error_code=otp_expired');
  expect(await page.evaluate(() => window.app.findStep(window.client))).toEqual({ show: 'ask-for-a-new-link' });
});

test('a link that the page reads itself leaves no token in the history', async ({
  project,
  newClient,
  page,
  origin,
}) => {
  const email = await signUp(newClient());
  dataOf(await newClient().auth.resetPasswordForEmail(email, { redirectTo: `${origin}/manual` }));
  await page.goto(linkIn(await newestMail(project.inbox, email)));
  await page.waitForFunction(() => window.app);
  const entries = await page.evaluate(() => history.length);
  expect(await page.evaluate(() => window.app.openLink(window.client))).toBeNull();
  expect(page.url()).toBe(`${origin}/manual`);
  expect(await page.evaluate(() => history.length)).toBe(entries);
  expect(await page.evaluate(() => window.app.findStep(window.client))).toEqual({ show: 'new-password' });
});

test('a used link that the page reads itself is an error, even when someone is signed in', async ({
  project,
  newClient,
  page,
  origin,
}) => {
  const email = await signUp(newClient());
  dataOf(await newClient().auth.resetPasswordForEmail(email, { redirectTo: `${origin}/manual` }));
  const link = linkIn(await newestMail(project.inbox, email));
  await fetch(link, { redirect: 'manual' }); // as a mail scanner does
  await page.goto(`${origin}/manual`);
  await page.waitForFunction(() => window.app);
  await page.evaluate((credentials) => window.client.auth.signInWithPassword(credentials), {
    email: await signUp(newClient()),
    password: 'the old password',
  });
  await page.goto('about:blank');
  await page.goto(link);
  await page.waitForFunction(() => window.app);
  const code = await page.evaluate(async () => (await window.app.openLink(window.client))?.code);
  expect(code).toBe('otp_expired');
  expect(page.url()).toBe(`${origin}/manual`);
});

test('asking for the email gives the same answer with an account, without, and when asked again too soon', async ({
  newClient,
  page,
  origin,
}) => {
  const email = await signUp(newClient());
  await page.goto(origin);
  await page.waitForFunction(() => window.app);
  const answers: number[] = [];
  page.on('response', (response) => {
    if (response.url().includes('/recover') && response.request().method() === 'POST') answers.push(response.status());
  });
  const ask = (email: string) =>
    page.evaluate(async (email) => (await window.app.sendResetEmail(window.client, email))?.code ?? null, email);
  expect([await ask(email), await ask(email), await ask(`${crypto.randomUUID()}@example.com`)]).toEqual([
    null,
    null,
    null,
  ]);
  expect(answers).toEqual([200, 429, 200]);
  expect(await ask('not an address')).toBe('validation_failed');
});

test('neither listener hangs with this version of supabase-js', async ({ project, newClient, page, origin }) => {
  const email = await signUp(newClient());
  for (const path of ['waits', 'looks']) {
    await page.goto('about:blank');
    await expect(async () => {
      dataOf(await newClient().auth.resetPasswordForEmail(email, { redirectTo: `${origin}/${path}` }));
    }).toPass({ timeout: 90_000 });
    await page.goto(linkIn(await newestMail(project.inbox, email)));
    if (path === 'looks') await page.waitForFunction(() => window.shown > 0);
    else {
      await expect(async () => dataOf(await newClient().auth.signInWithPassword({ email, password }))).toPass({
        timeout: 30_000,
      });
    }
  }
});
