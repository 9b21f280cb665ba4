/**
 * "I can't use my authenticator": the user asks for help in the app, and an administrator removes the factor. On the demo
 * project, the administrator is at the console beside the app. On a real project, the test is the server: it runs the
 * same code, and its clock is the only one that moves.
 */
import { mock } from 'node:test';
import { expect, type Page } from '@playwright/test';
import { createClient } from '@supabase/supabase-js';
import {
  lockAccount,
  type Removal,
  removeLostFactors,
} from '../../playground/examples/lost-factor/server/remove-lost-factors.ts';
import { answer } from '../../playground/examples/lost-factor/server/support.ts';
import { askForLink, choosePassword, done, enterCode, passwordStep, refusal } from '../support/app.ts';
import { violations } from '../support/axe.ts';
import { testEveryExample } from '../support/every-example.ts';
import { forEachExample, nightly, test, wholePath } from '../support/example.ts';
import { sessionGone } from '../support/lost-session.ts';
import type { TestProject, TestUser } from '../support/project.ts';

const isReal = process.env['SUPABASE_URL'] !== undefined;
const hour = 60 * 60 * 1000;

const consoleOf = (page: Page) => page.getByRole('region', { name: 'Console' });
const codeStep = (page: Page) => page.getByRole('heading', { name: 'Enter the code from your authenticator' });
const end = (page: Page) => page.locator('demo-steps .end');

async function open(page: Page, device: string): Promise<void> {
  await page.getByRole('button', { name: new RegExp(`^${device}(, new)?$`) }).click();
}

async function press(page: Page, ...names: string[]): Promise<void> {
  await open(page, 'Console');
  for (const name of names) {
    const button = consoleOf(page).getByRole('button', { name });
    await button.click();
    if (!name.startsWith('Let ')) await expect(button).toBeHidden(); // before it's done, the clock shouldn't move on
  }
}

/** Opens the newest of `count` reset links. */
async function openLink(page: Page, project: TestProject, { email }: TestUser, count = 1): Promise<void> {
  if (isReal) {
    await page.goto(await project.resetLink(email, count));
    return;
  }
  await open(page, 'Mailbox');
  const mailbox = page.getByRole('region', { name: 'Mailbox' });
  const mails = mailbox.getByRole('button', { name: `Reset your password to ${email}` });
  await expect(mails).toHaveCount(count);
  await mails.first().click();
  await mailbox.getByRole('link', { name: 'Reset password' }).click();
}

/** Asks for a link, and then for help. */
async function askSupport(page: Page, project: TestProject, user: TestUser): Promise<void> {
  await askForLink(page, user.email);
  await openLink(page, project, user);
  await page.getByRole('link', { name: 'I can’t use my authenticator' }).click();
  await expect(page.getByRole('heading', { name: 'Can’t use your authenticator?' })).toBeFocused();
  await page.getByRole('button', { name: 'Contact support' }).click();
  await expect(page.getByRole('heading', { name: 'Support has your request' })).toBeFocused();
}

/** Opens the notice in the mailbox, and objects. */
async function objectToIt(page: Page): Promise<void> {
  await open(page, 'Mailbox');
  const mailbox = page.getByRole('region', { name: 'Mailbox' });
  await mailbox.getByRole('button', { name: 'Did you ask us to remove two-step verification?' }).click();
  await mailbox.getByRole('link', { name: "I didn't ask for this" }).click();
  await page.getByRole('button', { name: 'I didn’t ask for this' }).click();
  await expect(page.getByRole('heading', { name: 'We’ve stopped' })).toBeFocused();
}

/** Whether the user still has to enter a code after opening a new link, the second one. */
async function expectCodeStillNeeded(page: Page, project: TestProject, user: TestUser): Promise<void> {
  await page.goto(page.url().replace(/[?#].*/, ''));
  await askForLink(page, user.email);
  await openLink(page, project, user, 2);
  await expect(codeStep(page)).toBeVisible();
}

/** On a real project: answers the app's calls to its server. Returns what the administrator then does. */
async function beServer(page: Page): Promise<() => Promise<void>> {
  const admin = createClient(process.env['SUPABASE_URL'] ?? '', process.env['SUPABASE_SECRET_KEY'] ?? '', {
    auth: { persistSession: false, autoRefreshToken: false },
  });
  const removals = new Map<string, Removal>();
  const notices: string[] = [];
  await page.route('**/functions/v1/lost-factor', async (route) => {
    const headers = { 'access-control-allow-origin': '*', 'access-control-allow-headers': '*' };
    const asked = route.request();
    if (asked.method() === 'OPTIONS') return route.fulfill({ headers });
    const request = new Request(asked.url(), { method: 'POST', headers: asked.headers(), body: asked.postData() });
    const answered = await answer(request, {
      admin,
      removals,
      objectionUrl: (id) => `?objection=${id}`,
      notify: async (user, _subject, html) => void notices.push(`${user.email}: ${html}`),
    });
    return route.fulfill({ status: answered.status, headers, json: await answered.json() });
  });
  return async () => {
    const [removal] = removals.values();
    if (!removal) throw new Error('nobody has asked');
    expect(notices).toEqual([expect.stringContaining("I didn't ask for this")]);
    removal.identityCheckedBy = 'grace';
    const now = Date.now();
    mock.timers.enable({ apis: ['Date'], now: now + 72 * hour });
    try {
      removal.lockedAt = await lockAccount(admin, removal);
      mock.timers.setTime(now + 73 * hour);
      expect(await removeLostFactors(admin, removal)).toHaveLength(1);
    } finally {
      mock.timers.reset();
    }
  };
}

/** Follows the procedure at the console. */
async function followProcedure(page: Page): Promise<void> {
  await press(
    page,
    "I've seen their ID in a video call",
    'Let three days pass',
    'Lock the account',
    'Let an hour pass',
    'Remove every factor',
    'Notify the user again',
  );
  await expect(consoleOf(page).getByRole('listitem').last()).toContainText('Notified');
}

forEachExample('lost-factor', () => {
  testEveryExample(() => sessionGone, nightly);

  // All tests share the dev server's project, so reset its clock.
  test.afterEach(async ({ host, addresses }) => {
    if (host === 'node' && !isReal) {
      await fetch(`${new URL(addresses.project).origin}/demo-project/reset`, { method: 'POST' });
    }
  });

  test(
    'a user without the authenticator asks, and after the procedure a new link asks for no code',
    wholePath,
    async ({ page, project }) => {
      const user = await project.createUser();
      await project.enroll(user);
      const follow = isReal ? await beServer(page) : () => followProcedure(page);
      await askSupport(page, project, user);
      await follow();
      expect(await project.signIn(user.email, user.password)).toBe('invalid_credentials');

      await page.getByRole('link', { name: 'Start again' }).click();
      await askForLink(page, user.email);
      await openLink(page, project, user, 2);
      await expect(passwordStep(page)).toBeVisible();
      await choosePassword(page, 'the new password');
      await expect(done(page)).toBeFocused();
      await expect(page.getByText('Your account has no second factor now.')).toBeVisible();
      expect(await project.signIn(user.email, 'the new password')).toBe(true);
      if (!isReal) await expect(end(page)).toContainText('Nobody got around the code');
    },
  );

  test('an objection stops it, and the link still asks for a code', nightly, async ({ page, project }) => {
    test.skip(isReal, 'the notice is in the console of the demo project');
    const user = await project.createUser();
    await project.enroll(user);
    await askSupport(page, project, user);
    await press(page, "I've seen their ID in a video call", 'Let three days pass');
    await objectToIt(page);
    await open(page, 'Console');
    await expect(consoleOf(page).getByRole('alert')).toContainText(
      'Stop: somebody with the link in the notice objected',
    );
    await expect(consoleOf(page).getByRole('button', { name: /Lock|Remove|Unlock/ })).toHaveCount(0);
    await expect(end(page)).toContainText('One objection stopped it');
    await page.reload();
    await open(page, 'Console');
    await expect(consoleOf(page).getByRole('alert')).toContainText('objected');
    await expectCodeStillNeeded(page, project, user);
  });

  test(
    'an objection after the lock stops it too: then the ban ends, and the factor stays',
    nightly,
    async ({ page, project }) => {
      test.skip(isReal, 'the notice is in the console of the demo project');
      const user = await project.createUser();
      await project.enroll(user);
      await askSupport(page, project, user);
      await press(page, "I've seen their ID in a video call", 'Let three days pass', 'Lock the account');
      await objectToIt(page);
      expect(await project.signIn(user.email, user.password)).toBe('user_banned');
      await press(page, 'Let an hour pass', 'Unlock the account');
      await expect.poll(() => project.signIn(user.email, user.password)).toBe('invalid_credentials');
      await expectCodeStillNeeded(page, project, user);
    },
  );

  test('using the factor after all stops it', nightly, async ({ page, project }) => {
    test.skip(isReal, 'only the console of the demo project shows it');
    const user = await project.createUser();
    const authenticator = await project.enroll(user);
    await askSupport(page, project, user);
    await page.getByRole('link', { name: 'enter its code' }).click();
    await enterCode(page, authenticator.code());
    await expect(passwordStep(page)).toBeVisible();
    await expect(end(page)).toContainText('The factor was used after the request');
    await open(page, 'Console');
    await expect(consoleOf(page).getByRole('alert')).toContainText(`Stop: a factor of ${user.email} was used`);
    await expect(consoleOf(page).getByRole('button', { name: /Lock|Remove/ })).toHaveCount(0);
  });

  test('each step waits for the one before, and says why', nightly, async ({ page, project }) => {
    test.skip(isReal, 'only the console of the demo project shows it');
    const user = await project.createUser();
    await project.enroll(user);
    await askSupport(page, project, user);
    await open(page, 'Console');
    const lock = consoleOf(page).getByRole('button', { name: 'Lock the account' });
    const remove = consoleOf(page).getByRole('button', { name: 'Remove every factor' });
    const refuses = async (button: typeof lock, why: RegExp) => {
      await expect(button).toBeDisabled();
      await expect(button).toHaveAccessibleDescription(why);
      await button.click({ force: true });
      await expect(page.getByRole('log', { name: 'News' })).toHaveText(why);
    };
    await refuses(lock, /Not before .*: the user may still object\.$/);
    await refuses(remove, /First lock the account\.$/);
    await press(page, 'Let three days pass');
    await refuses(lock, /First check who it is\.$/);
    await press(page, "I've seen their ID in a video call");
    expect(await project.signIn(user.email, user.password)).toBe(true);
    await press(page, 'Lock the account');
    await refuses(remove, /Not before .*: access tokens from before the lock are still valid\.$/);
    await expect(consoleOf(page)).toContainText(
      'a stolen aal1 token could read everything from the moment the factor is deleted',
    );
    expect(await project.signIn(user.email, user.password)).toBe('user_banned');
    await page.getByRole('link', { name: 'Start again' }).click();
    await askForLink(page, user.email);
    await openLink(page, project, user, 2);
    await expect(refusal(page, 'user_banned')).toContainText('Your account is locked for now.');
    await press(page, 'Let an hour pass', 'Remove every factor');
    await expect(consoleOf(page)).toContainText('Removed Authenticator app (totp), and ended the ban');
  });

  test(
    'only another factor of this user is offered, and nothing skips the code',
    nightly,
    async ({ page, project }) => {
      if (isReal) await beServer(page);
      const user = await project.createUser();
      await project.enroll(user);
      await askForLink(page, user.email);
      await openLink(page, project, user);
      await page.getByRole('link', { name: 'I can’t use my authenticator' }).click();
      const another = page.getByRole('link', { name: 'Use your other authenticator' });
      await expect(page.getByRole('button', { name: 'Contact support' })).toBeVisible();
      await expect(another).toBeHidden();
      await page.getByRole('link', { name: 'I have a code after all' }).click();
      await expect(codeStep(page)).toBeVisible();
      await page.goto(page.url().replace(/[?#].*/, '?lost-factor'));
      await page.evaluate(() => localStorage.clear());
      await page.getByRole('button', { name: 'Contact support' }).click();
      await expect(refusal(page, 'AuthSessionMissingError')).toHaveText(sessionGone);

      const other = await project.createUser();
      await project.enroll(other, 'Phone');
      await project.enroll(other, 'Tablet');
      await page.goto(page.url().replace(/[?#].*/, ''));
      await askForLink(page, other.email);
      await openLink(page, project, other);
      await page.getByRole('link', { name: 'I can’t use my authenticator' }).click();
      await another.click();
      await expect(page.getByRole('combobox', { name: 'Authenticator' })).toBeVisible();
    },
  );

  for (const colorScheme of ['light', 'dark'] as const) {
    test(`the console meets WCAG 2.2 AA in ${colorScheme}, and fits a phone`, nightly, async ({ page, project }) => {
      test.skip(isReal, 'only the demo project has a console');
      test.slow(); // axe looks at every element
      await page.emulateMedia({ colorScheme });
      const user = await project.createUser();
      await project.enroll(user);
      const look = async () => {
        await open(page, 'Console');
        expect(await violations(page, colorScheme, (axe) => axe.include('demo-devices'))).toEqual([]);
      };
      await look();
      await askSupport(page, project, user);
      await press(page, "I've seen their ID in a video call", 'Let three days pass', 'Lock the account');
      await look();
      await page.setViewportSize({ width: 375, height: 700 });
      await look();
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(375);
      await objectToIt(page);
      await look();
    });
  }
});
