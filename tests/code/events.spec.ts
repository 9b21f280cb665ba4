/** The tables of the page "Events": which events supabase-js fires in a page, and in another open page of the app. */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { expect, type Page } from '@playwright/test';
import type { SupabaseClient } from '@supabase/supabase-js';
import { type Action, fromThenOn, waysIn } from '../../src/book/events.ts';
import { nightly } from '../support/example.ts';
import { linkIn, newestMail } from './mail.ts';
import { test as base, tokenHash } from './project.ts';
import { dataOf, userWithMfa } from './user-with-mfa.ts';

declare global {
  interface Window {
    client: SupabaseClient;
    /** The events since the last look. */
    events: string[];
  }
}

interface App {
  /** Two open pages of the app in one browser. */
  here: Page;
  elsewhere: Page;
  /** Does what a step says, as a user with MFA who has requested a recovery email. */
  act: (does: string) => Promise<unknown>;
}

const supabaseJs = readFileSync(
  createRequire(import.meta.url).resolve('@supabase/supabase-js/dist/umd/supabase.js'),
  'utf8',
);

const test = base.extend<{ flowType: 'implicit' | 'pkce'; app: App }>({
  flowType: ['implicit', { option: true }],

  app: async ({ flowType, project, newClient, context }, use) => {
    const client = `supabase.createClient('${project.url}', '${project.key}', { auth: { flowType: '${flowType}' } })`;
    const html = `<!doctype html>
      <script>${supabaseJs}</script>
      <script>
        window.events = [];
        window.client = ${client};
        client.auth.onAuthStateChange((event) => events.push(event));
      </script>`;
    const server = createServer((_, answer) => answer.setHeader('content-type', 'text/html').end(html));
    await once(server.listen(0, 'localhost'), 'listening');
    const url = `http://localhost:${(server.address() as AddressInfo).port}/`;

    const user = await userWithMfa(newClient());
    const [here, elsewhere] = [await context.newPage(), await context.newPage()];
    for (const page of [here, elsewhere]) {
      await page.goto(url);
      await expectEvents(page, ['INITIAL_SESSION']);
    }
    await here.evaluate(([email, redirectTo]) => window.client.auth.resetPasswordForEmail(email, { redirectTo }), [
      user.email,
      `${url}reset`,
    ] as const);
    const mail = await newestMail(project.inbox, user.email);
    const hash = await tokenHash(project, user.email);
    let challengeId = '';

    const actions: Record<string, () => Promise<unknown>> = {
      'Open an implicit link': () => here.goto(linkIn(mail)),
      'Open a PKCE link': () => here.goto(linkIn(mail)),
      'Open a used link': async () => {
        await newClient().auth.verifyOtp({ type: 'recovery', token_hash: hash });
        await here.goto(linkIn(mail));
      },
      "`verifyOtp({ type: 'recovery', … })`": () =>
        here.evaluate((token_hash) => window.client.auth.verifyOtp({ type: 'recovery', token_hash }), hash),
      "`verifyOtp({ type: 'email', … })`": () =>
        here.evaluate((token_hash) => window.client.auth.verifyOtp({ type: 'email', token_hash }), hash),
      '`setSession()` with the tokens of a link': async () => {
        const { headers } = await fetch(linkIn(mail), { redirect: 'manual' });
        const tokens = new URLSearchParams(new URL(headers.get('location') ?? '').hash.slice(1));
        const session = {
          access_token: tokens.get('access_token') ?? '',
          refresh_token: tokens.get('refresh_token') ?? '',
        };
        await here.evaluate((session) => window.client.auth.setSession(session), session);
      },
      'Reload the page': () => here.reload(),
      'Come back to the tab': () =>
        here.evaluate(() => document.dispatchEvent(new Event('visibilitychange', { bubbles: true }))),
      '`updateUser({ password })`, refused': async () => {
        const { error } = await here.evaluate(() => window.client.auth.updateUser({ password: 'the new password' }));
        expect(error).not.toBeNull();
      },
      '`mfa.challenge()`': async () => {
        const { data } = await here.evaluate(
          (factorId) => window.client.auth.mfa.challenge({ factorId }),
          user.factorId,
        );
        challengeId = data?.id ?? '';
      },
      '`mfa.verify()`': () =>
        here.evaluate((verification) => window.client.auth.mfa.verify(verification), {
          factorId: user.factorId,
          challengeId,
          code: user.code(),
        }),
      '`updateUser({ password })`': () =>
        here.evaluate(() => window.client.auth.updateUser({ password: 'the new password' })),
      '`refreshSession()`': () => here.evaluate(() => window.client.auth.refreshSession()),
      'Add a listener': () =>
        here.evaluate(() => {
          const { data } = window.client.auth.onAuthStateChange((event) => {
            window.events.push(event);
            data.subscription.unsubscribe();
          });
        }),
      '`getUser()`, after the session was ended on another device': async () => {
        const otherDevice = newClient();
        dataOf(await otherDevice.auth.signInWithPassword({ email: user.email, password: 'the new password' }));
        expect((await otherDevice.auth.signOut({ scope: 'global' })).error).toBeNull();
        await here.evaluate(() => window.client.auth.getUser());
      },
      '`signOut()`': () => here.evaluate(() => window.client.auth.signOut()),
    };
    await use({
      here,
      elsewhere,
      act: (does) => {
        const action = actions[does];
        if (!action) throw new Error(`The test does not know how to do "${does}".`);
        return action();
      },
    });
    server.closeAllConnections();
    server.close();
  },
});

/** Waits until a page has received these events, and clears them. An extra event shows up in the next step. */
async function expectEvents(page: Page, events: string[]): Promise<void> {
  await expect.poll(() => page.evaluate(() => window.events)).toEqual(events);
  await page.evaluate(() => window.events.splice(0));
}

async function takes({ here, elsewhere, act }: App, step: Action): Promise<void> {
  await test.step(step.does, async () => {
    await act(step.does);
    await expectEvents(here, step.here);
    await expectEvents(elsewhere, step.elsewhere);
  });
}

/** The way in that most apps use. */
const everyday = 'Open an implicit link';

for (const wayIn of waysIn) {
  test.describe(wayIn.does, () => {
    test.use({ flowType: wayIn.does.includes('PKCE') ? 'pkce' : 'implicit' });

    test('fires its events here and in other tabs', wayIn.does === everyday ? {} : nightly, async ({ app }) => {
      await takes(app, wayIn);
      await takes(app, { does: '`signOut()`', here: ['SIGNED_OUT'], elsewhere: ['SIGNED_OUT'] });
    });
  });
}

test('each later step fires its events here and in other tabs', async ({ app }) => {
  await app.act("`verifyOtp({ type: 'recovery', … })`");
  await expectEvents(app.here, ['PASSWORD_RECOVERY']);
  await expectEvents(app.elsewhere, ['PASSWORD_RECOVERY']);
  for (const step of fromThenOn) await takes(app, step);
});
