/**
 * What every example does, whatever it shows: removes the link's data from the address and continues with it,
 * lets the user sign out at the end, and reports a lost session. The users have no second factor, because each
 * example changes their password.
 */
import { expect, type Page, type TestDetails } from '@playwright/test';
import { addressesGoingBack, answerAtLoad, askForLink, choosePassword, done, passwordStep, refusal } from './app.ts';
import { nightly, test } from './example.ts';
import { losses } from './lost-session.ts';

const start = (page: Page) => page.getByRole('heading', { name: 'Forgot your password?' });
const confirmLink = (page: Page) => page.getByRole('heading', { name: 'Reset your password' });

/**
 * Registers the tests.
 * @param sessionGone how the example reports a lost session
 * @param details when they run: each day for the recommended flow, `nightly` for the others
 */
export function testEveryExample(sessionGone: (code: string) => string, details: TestDetails): void {
  test(
    'Back shows no token: not on the way, and not after the reset',
    details,
    async ({ page, project, openMail, appUrl }) => {
      const user = await project.createUser();
      await askForLink(page, user.email);
      await openMail(user.email);
      await expect(passwordStep(page)).toBeVisible();
      await expect(page).toHaveURL(`${appUrl}?reset-password`);
      expect(await addressesGoingBack(page)).toEqual([`${appUrl}?reset-password`, appUrl]);

      await page.goForward();
      await choosePassword(page, 'the new password');
      await expect(done(page)).toBeVisible();
      await expect(page).toHaveURL(appUrl);
      expect(await addressesGoingBack(page)).toEqual([appUrl, appUrl]);
    },
  );

  test('Back shows nothing of a link that was refused', nightly, async ({ page, project, openMail, appUrl }) => {
    const user = await project.createUser();
    await askForLink(page, user.email);
    await openMail(user.email);
    await expect(passwordStep(page)).toBeVisible();
    await page.getByRole('link', { name: 'Start again' }).click();
    await expect(start(page)).toBeVisible();
    await openMail(user.email);
    await expect(refusal(page, 'otp_expired')).toBeVisible();
    expect(await addressesGoingBack(page)).toEqual([
      `${appUrl}?reset-password`,
      appUrl,
      `${appUrl}?reset-password`,
      appUrl,
    ]);
  });

  test(
    'a link with a token_hash waits for a click, and Back does not show the hash',
    details,
    async ({ page, project, appUrl }) => {
      const user = await project.createUser();
      await askForLink(page, user.email);
      const hash = new URL(await project.resetLink(user.email)).searchParams.get('token');
      const link = `${appUrl}?token_hash=${hash}&type=recovery`;
      await page.goto(link); // as a scanner does, which presses no button
      await expect(confirmLink(page)).toBeFocused();
      await page.goto(link);
      await expect(page).toHaveURL(`${appUrl}?reset-password`);
      await page.getByRole('button', { name: 'Continue' }).click();
      await expect(passwordStep(page)).toBeVisible();
      await choosePassword(page, 'the new password');
      await expect(done(page)).toBeVisible();
      expect(await project.signIn(user.email, 'the new password')).toBe(true);
      expect(await addressesGoingBack(page)).toEqual([appUrl, `${appUrl}?reset-password`, appUrl]);

      await page.goto(link);
      await page.getByRole('button', { name: 'Continue' }).click();
      await expect(refusal(page, 'otp_expired')).toBeVisible();
      await askForLink(page, user.email);
    },
  );

  test(
    'without a connection a link with a token_hash can be tried again',
    nightly,
    async ({ page, project, appUrl }) => {
      const user = await project.createUser();
      await askForLink(page, user.email);
      const hash = new URL(await project.resetLink(user.email)).searchParams.get('token');
      await answerAtLoad(page, '/verify');
      await page.goto(`${appUrl}?token_hash=${hash}&type=recovery`);
      await page.getByRole('button', { name: 'Continue' }).click();
      await expect(refusal(page, 'AuthRetryableFetchError')).toBeVisible();
      await page.getByRole('button', { name: 'Continue' }).click();
      await expect(passwordStep(page)).toBeVisible();
    },
  );

  test('after the reset, the user can sign out here', nightly, async ({ page, project, openMail }) => {
    const user = await project.createUser();
    await askForLink(page, user.email);
    await openMail(user.email);
    await choosePassword(page, 'the new password');
    await expect(done(page)).toBeFocused();
    await expect(page.getByText('On a shared computer, sign out')).toBeVisible();
    const kept = () => page.evaluate(() => localStorage.length);
    expect(await kept()).toBe(1);
    await page.getByRole('button', { name: 'Sign out here' }).click();
    await expect(page.getByRole('heading', { name: 'You are signed out here' })).toBeFocused();
    expect(await kept()).toBe(0);
    await page.getByRole('link', { name: 'Sign in with the new password' }).click();
    await expect(start(page)).toBeVisible();
  });

  for (const [how, { lose, code }] of Object.entries(losses)) {
    test(
      `a session ${how}, at the new password: a new link is offered`,
      nightly,
      async ({ page, project, openMail }) => {
        const user = await project.createUser();
        await askForLink(page, user.email);
        await openMail(user.email);
        await expect(passwordStep(page)).toBeVisible();
        await lose(page, project);
        await choosePassword(page, 'the new password');
        await expect(refusal(page, code)).toHaveText(sessionGone(code));
        await askForLink(page, user.email);
        expect(await project.signIn(user.email, 'the new password')).toBe('invalid_credentials');
      },
    );
  }

  test('a reload without a session offers a new link', nightly, async ({ page, project, openMail }) => {
    const user = await project.createUser();
    await askForLink(page, user.email);
    await openMail(user.email);
    await expect(passwordStep(page)).toBeVisible();
    await page.evaluate(() => localStorage.clear());
    await page.reload();
    await expect(refusal(page, 'AuthSessionMissingError')).toHaveText(sessionGone('AuthSessionMissingError'));
    await askForLink(page, user.email);
  });

  test(
    'signed out in another tab, really: a new link is offered',
    nightly,
    async ({ page, project, openMail, appUrl, host }) => {
      test.skip(host === 'page', 'each tab is a browser of its own there');
      const user = await project.createUser();
      await askForLink(page, user.email);
      await openMail(user.email);
      await expect(passwordStep(page)).toBeVisible();
      const other = await page.context().newPage();
      await other.goto(`${appUrl}?reset-password`);
      await choosePassword(other, 'the new password');
      await other.getByRole('button', { name: 'Sign out here' }).click();
      await expect(other.getByRole('heading', { name: 'You are signed out here' })).toBeVisible();
      await choosePassword(page, 'another new password');
      await expect(refusal(page, 'AuthSessionMissingError')).toHaveText(sessionGone('AuthSessionMissingError'));
      await askForLink(page, user.email);
    },
  );
}
