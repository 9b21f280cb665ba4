/**
 * Each way from the reset email to a session, and everything that can break it: the cells of the table "What breaks
 * where". On the demo project, the devices beside the app act on the email. On a real project, the test does, with the
 * email that the server is configured to send.
 */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { type Browser, expect, type FrameLocator, type Page } from '@playwright/test';
import { askForLink, choosePassword, done, enterCode, passwordStep, refusal } from '../support/app.ts';
import { testEveryExample } from '../support/every-example.ts';
import { forEachExample, nightly, test, wholePath } from '../support/example.ts';
import { sessionGone } from '../support/lost-session.ts';
import type { TestProject, TestUser } from '../support/project.ts';

const isReal = process.env['SUPABASE_URL'] !== undefined;

/** What the reader chooses for each column of the table. */
const columns = {
  'Implicit link': 'Default link',
  'PKCE link': 'PKCE link',
  'token_hash and a button': 'token_hash and a button',
  'Typed code': '6-digit code',
};
type Column = keyof typeof columns;
const allColumns = Object.keys(columns) as Column[];

/** What happens to the email, and what using it leads to in each column: a session, or a refusal with a code. */
interface Row {
  name: string;
  happens: 'scanner' | 'browser' | 'newer' | 'twice' | '6m' | '1h';
  ends: { [column in Column]: 'works' | string };
}

const used = 'otp_expired';
const rows: Row[] = [
  {
    name: 'An email scanner opens the link first',
    happens: 'scanner',
    ends: { 'Implicit link': used, 'PKCE link': used, 'token_hash and a button': 'works', 'Typed code': 'works' },
  },
  {
    name: 'Another browser or device',
    happens: 'browser',
    ends: {
      'Implicit link': 'works',
      'PKCE link': 'pkce_code_verifier_not_found',
      'token_hash and a button': 'works',
      'Typed code': 'works',
    },
  },
  {
    name: 'A newer email was sent',
    happens: 'newer',
    ends: { 'Implicit link': used, 'PKCE link': used, 'token_hash and a button': used, 'Typed code': used },
  },
  {
    name: 'Used a second time',
    happens: 'twice',
    ends: { 'Implicit link': used, 'PKCE link': used, 'token_hash and a button': used, 'Typed code': used },
  },
  {
    name: 'How long it works',
    happens: '6m',
    ends: {
      'Implicit link': 'works',
      'PKCE link': 'flow_state_expired',
      'token_hash and a button': 'works',
      'Typed code': 'works',
    },
  },
  {
    name: 'How long it works',
    happens: '1h',
    ends: { 'Implicit link': used, 'PKCE link': used, 'token_hash and a button': used, 'Typed code': used },
  },
];

const buttons = {
  scanner: 'An email scanner opens it',
  browser: 'Use it in another browser',
  '6m': 'Six minutes pass',
  '1h': 'An hour passes',
};

const experiment = (page: Page) => page.getByRole('region', { name: 'Experiment' });
const open = (page: Page, device: string) =>
  page.getByRole('button', { name: new RegExp(`^${device}(, new)?$`) }).click();

/** A try in one column, with the email's user. */
interface Try {
  page: Page;
  browser: Browser;
  project: TestProject;
  appUrl: string;
  column: Column;
  user: TestUser;
}

/**
 * Sets what the email contains, and requests one. A real project keeps its own email: the
 * test is skipped if it doesn't fit.
 */
async function begin({ page, project, appUrl, column, user }: Try): Promise<void> {
  if (isReal) {
    await page.goto(column === 'PKCE link' ? `${appUrl}?pkce` : appUrl);
    await askForLink(page, user.email);
    const hasLink = (await project.resetMail(user.email)).includes('href=');
    test.skip(hasLink === (column === 'Typed code'), 'the server sends another email');
    return;
  }
  await open(page, 'Experiment');
  await experiment(page).getByLabel(columns[column]).check();
  const start = page.waitForEvent('load');
  await experiment(page).getByRole('button', { name: 'Begin this try' }).click();
  await start;
  await page.waitForURL(column === 'PKCE link' ? `${appUrl}?pkce` : appUrl);
  await askForLink(page, user.email);
  await expect(experiment(page).getByRole('group', { name: 'What happens to it' })).toBeAttached();
}

/** Returns the link in the newest of `count` emails, in this column's form. */
async function linkOf({ project, appUrl, column, user }: Try, older = false): Promise<string> {
  const link = await project.resetLink(user.email, older ? 2 : 1, older ? 1 : 0);
  if (column !== 'token_hash and a button') return link;
  const { searchParams } = new URL(link);
  return `${appUrl}?token_hash=${searchParams.get('token_hash') ?? searchParams.get('token')}&type=recovery`;
}

/** Uses the email as a person does: opens its link, or types its code. */
async function use(tried: Try, place: Page | FrameLocator, { older = false } = {}): Promise<void> {
  const { page, project, column, user } = tried;
  const isElsewhere = place !== page;
  const mailbox = page.getByRole('region', { name: 'Mailbox' });
  const hasLink = column !== 'Typed code';
  if (!isReal && !(isElsewhere && hasLink)) {
    await open(page, 'Mailbox');
    await mailbox
      .getByRole('button', { name: user.email })
      .nth(older ? 1 : 0)
      .click();
  }
  if (!hasLink) {
    await place.getByText('My email has a code', { exact: true }).click();
    const form = place.getByRole('form', { name: 'Code from the email' });
    await form.getByLabel('Email', { exact: true }).fill(user.email);
    if (isReal) {
      const [code = ''] = /\d{6}/.exec(await project.resetMail(user.email, older ? 2 : 1, older ? 1 : 0)) ?? [];
      await form.getByLabel('Code from the email').fill(code);
    } else await mailbox.getByRole('button', { name: 'Type it for me' }).click();
    await form.getByRole('button', { name: 'Continue' }).click();
    return;
  }
  if (isReal) await (place as Page).goto(await linkOf(tried, older));
  else if (!isElsewhere) await mailbox.getByRole('link', { name: 'Reset password' }).click();
  if (column === 'token_hash and a button') await place.getByRole('button', { name: 'Continue' }).click();
}

/** Opens the link as an email scanner does, which presses no button. */
async function scan(tried: Try): Promise<void> {
  if (tried.column === 'Typed code') return; // has no link
  const link = await linkOf(tried);
  if (tried.column !== 'token_hash and a button') await fetch(link, { redirect: 'manual' });
  else {
    const scanner = await tried.browser.newPage();
    await scanner.goto(link);
    await expect(scanner.getByRole('button', { name: 'Continue' })).toBeVisible();
    await scanner.close();
  }
}

/** Lets time pass for one user of a real project. */
async function letTimePass(time: string, { user }: Try): Promise<void> {
  const database = process.env['DATABASE_URL'];
  test.skip(!database, 'time passes in the database of a real project: DATABASE_URL');
  const owner = `(select id from auth.users where email = '${user.email}')`;
  const sql = `
    update auth.flow_state set created_at = created_at - interval '${time}' where user_id = ${owner};
    update auth.one_time_tokens set created_at = created_at - interval '${time}' where user_id = ${owner};
    update auth.users set recovery_sent_at = recovery_sent_at - interval '${time}' where email = '${user.email}';`;
  await promisify(execFile)('psql', [database ?? '', '-v', 'ON_ERROR_STOP=1', '-qc', sql]);
}

/** Requests emails until there are two: Auth sends at most one per second. */
async function askForNewer({ page, project, user }: Try): Promise<void> {
  await expect
    .poll(async () => {
      await askForLink(page, user.email);
      return project.countMails(user.email);
    })
    .toBeGreaterThanOrEqual(2);
}

/** Makes this happen to the email, then uses it. Returns the browser that used it. */
async function play(tried: Try, happens: Row['happens']): Promise<Page | FrameLocator> {
  const { page, browser } = tried;
  if (happens === 'newer') {
    await askForNewer(tried);
    await use(tried, page, { older: true });
    return page;
  }
  if (happens === 'twice') {
    await use(tried, page);
    await expect(passwordStep(page)).toBeVisible();
    await page.getByRole('link', { name: 'Start again' }).click();
    await expect(page.getByRole('heading', { name: 'Forgot your password?' })).toBeVisible();
    await use(tried, page);
    return page;
  }
  if (!isReal) {
    await open(page, 'Experiment');
    await experiment(page).getByRole('button', { name: buttons[happens] }).click();
  } else if (happens === 'scanner') await scan(tried);
  else if (happens !== 'browser') await letTimePass(happens, tried);

  let place: Page | FrameLocator = page;
  if (happens === 'browser') {
    place = isReal ? await browser.newPage() : page.frameLocator('demo-other-browser iframe');
    if (isReal) await (place as Page).goto(tried.appUrl);
  } else if (!isReal) {
    await expect(page.getByRole('log', { name: 'News' })).toContainText(/scanner|passed/);
  }
  await use(tried, place);
  return place;
}

forEachExample('ways-in', () => {
  testEveryExample(() => sessionGone, nightly);

  // All tests share the dev server's project, so reset its clock and settings.
  test.afterEach(async ({ host, addresses }) => {
    if (host === 'node' && !isReal) {
      await fetch(`${new URL(addresses.project).origin}/demo-project/reset`, { method: 'POST' });
    }
  });

  test(
    'a token_hash behind a button survives an email scanner, and leads through the step-up to a new password',
    wholePath,
    async ({ page, browser, project, appUrl }) => {
      const user = await project.createUser();
      const authenticator = await project.enroll(user);
      const tried: Try = { page, browser, project, appUrl, user, column: 'token_hash and a button' };
      await begin(tried);
      await play(tried, 'scanner');
      await expect(page.getByRole('heading', { name: 'Enter the code from your authenticator' })).toBeVisible();
      if (!isReal) await expect(page.locator('demo-steps .end')).toContainText("it didn't press the button");
      await enterCode(page, authenticator.code());
      await choosePassword(page, 'the new password');
      await expect(done(page)).toBeVisible();
      expect(await project.signIn(user.email, 'the new password')).toBe(true);
    },
  );

  for (const { name, happens, ends } of rows) {
    for (const column of allColumns) {
      const title = `${name}${/^\d/.test(happens) ? ` (${happens})` : ''}, ${column}: ${ends[column]}`;
      test(title, nightly, async ({ page, browser, project, appUrl }) => {
        const tried: Try = { page, browser, project, appUrl, column, user: await project.createUser() };
        await begin(tried);
        const place = await play(tried, happens);
        if (ends[column] === 'works') await expect(passwordStep(place as Page)).toBeVisible();
        else await expect(refusal(place as Page, ends[column])).toBeVisible();
        if (isReal) return;
        await expect(page.locator('demo-steps .end')).toContainText(
          `In the table: row “${name}”, column “${column}”. For the next one, press “Begin this try” again.`,
        );
        const results = experiment(page).getByRole('listitem');
        await open(page, 'Experiment');
        await expect(results.first()).toHaveText(new RegExp(`^${ends[column] === 'works' ? 'works' : 'refused'}`));
      });
    }
  }

  test('on a phone, another browser comes to the front', nightly, async ({ page, browser, project, appUrl }) => {
    test.skip(isReal, 'the devices have no mailbox there');
    const tried: Try = { page, browser, project, appUrl, column: 'PKCE link', user: await project.createUser() };
    await begin(tried);
    await page.setViewportSize({ width: 375, height: 700 });
    await open(page, 'Experiment');
    await experiment(page).getByRole('button', { name: buttons.browser }).click();
    await expect(page.getByRole('button', { name: 'Close this browser' })).toBeVisible();
    const elsewhere = page.frameLocator('demo-other-browser iframe');
    await expect(refusal(elsewhere as unknown as Page, 'pkce_code_verifier_not_found')).toBeVisible();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(375);
  });

  /** What a link contains, and where. A server sees the query, but not what's after `#`. */
  const brings = {
    'Implicit link': /#access_token=/,
    'PKCE link': /\?.*code=/,
    'token_hash and a button': /\?token_hash=/,
  };
  for (const [column, pattern] of Object.entries(brings) as [Exclude<Column, 'Typed code'>, RegExp][]) {
    test(`Can a server use it?, ${column}: ${pattern}`, nightly, async ({ page, browser, project, appUrl }) => {
      const tried: Try = { page, browser, project, appUrl, column, user: await project.createUser() };
      await begin(tried);
      await use(tried, page);
      await expect(passwordStep(page)).toBeVisible();
      const whole = await page.getByRole('region', { name: 'Address bar' }).locator('pre').textContent();
      const { search, hash } = new URL(whole?.split('\n')[0] ?? '');
      expect(search + hash).toMatch(pattern);
      if (column === 'Implicit link') expect(search).toBe('?reset-password');
      else expect(hash).toBe('');
    });
  }

  test(
    'List of redirect URLs: it decides where implicit and PKCE links lead, and no other way needs it',
    nightly,
    async ({ page, project, appUrl }) => {
      test.skip(isReal, 'a real project keeps its settings');
      const user = await project.createUser();
      const configure = (auth: object) =>
        page.evaluate(async (auth) => {
          const body = JSON.stringify({ auth });
          return (await fetch('/demo-project/settings', { method: 'POST', body })).status;
        }, auth);
      /** Returns where the link that the app requested leads, by its origin. */
      const leadsTo = async (address: string, count: number) => {
        await page.goto(address);
        await expect
          .poll(async () => {
            await askForLink(page, user.email);
            return project.countMails(user.email);
          })
          .toBe(count);
        const { searchParams } = new URL(await project.resetLink(user.email, count));
        return new URL(searchParams.get('redirect_to') ?? '').origin;
      };
      expect(await configure({ site_url: 'https://app.example.com', additional_redirect_urls: [] })).toBe(204);
      expect(await leadsTo(appUrl, 1)).toBe('https://app.example.com');
      expect(await leadsTo(`${appUrl}?pkce`, 2)).toBe('https://app.example.com');
      expect(await configure({ site_url: appUrl, additional_redirect_urls: [] })).toBe(204);
      expect(await leadsTo(appUrl, 3)).toBe(new URL(appUrl).origin);
    },
  );

  test('Email template: two ways need one of the project', nightly, async ({ page, browser, project, appUrl }) => {
    test.skip(isReal, 'a real project keeps its settings');
    for (const column of allColumns) {
      const tried: Try = { page, browser, project, appUrl, column, user: await project.createUser() };
      await begin(tried);
      const isOfSupabase = (await project.resetMail(tried.user.email)).includes('We received a request');
      expect(isOfSupabase, column).toBe(column === 'Implicit link' || column === 'PKCE link');
    }
  });
});
