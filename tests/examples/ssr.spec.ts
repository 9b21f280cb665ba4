/**
 * The flow on a server: the link carries a token_hash, a button redeems it, and cookies hold the session. Covers
 * everything that can happen on the way.
 */
import { expect, type Page } from '@playwright/test';
import { askForLink, choosePassword, done, enterCode, passwordStep, refusal } from '../support/app.ts';
import { forEachExample, nightly, test, wholePath } from '../support/example.ts';
import type { TestProject, TestUser } from '../support/project.ts';

/** What the Next.js router adds to a page. */
interface NextWindow {
  next: { router: { push(path: string): void } };
}

forEachExample('ssr', () => {
  const oldPassword = 'the old password';
  const newPassword = 'the new password';
  const used = 'This link was used already or is too old. Ask for a new one.';
  const sessionGone = 'This reset took too long or was ended elsewhere. Ask for a new link.';

  const heading = (page: Page, name: string) => page.getByRole('heading', { name, exact: true });
  const start = (page: Page) => heading(page, 'Forgot your password?');
  const codeStep = (page: Page) => heading(page, 'Enter the code from your authenticator');
  const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();

  /** Requests the email, opens its link, and presses the button on that page. */
  async function redeem(page: Page, email: string, openMail: (email: string) => Promise<void>): Promise<void> {
    await askForLink(page, email);
    await openMail(email);
    await expect(heading(page, 'Reset your password')).toBeVisible();
    await press(page, 'Continue');
  }

  /** Signs in on another device with the second factor, which ends every aal1 session of the user. */
  async function endElsewhere(project: TestProject, user: TestUser, factorId: string, code: string): Promise<void> {
    const { auth } = project.client();
    await auth.signInWithPassword({ email: user.email, password: oldPassword });
    const { error } = await auth.mfa.challengeAndVerify({ factorId, code });
    expect(error).toBeNull();
  }

  test(
    'email, button, code, new password: the old one is refused afterwards, the new one accepted',
    wholePath,
    async ({ page, project, openMail }) => {
      const user = await project.createUser();
      const authenticator = await project.enroll(user);
      await redeem(page, user.email, openMail);
      await expect(codeStep(page)).toBeVisible();
      await expect(page).toHaveTitle(/^Enter the code.* · Your app$/);
      await expect(page).not.toHaveURL(/token_hash/);
      await expect(page.getByText(`You’re choosing a new password for ${user.email}.`)).toBeVisible();
      await expect(page.getByLabel('Code', { exact: true })).toBeFocused();
      const code = authenticator.code();
      await enterCode(page, `${code.slice(0, 3)} ${code.slice(3)} `); // as some apps show it
      await expect(passwordStep(page)).toBeVisible();
      await expect(page.getByLabel('New password')).toBeFocused();
      await choosePassword(page, newPassword);
      await expect(done(page)).toBeVisible();

      expect(await project.signIn(user.email, oldPassword)).toBe('invalid_credentials');
      expect(await project.signIn(user.email, newPassword)).toBe(true);
    },
  );

  test('the session is in cookies that no script can read', async ({ page, project, openMail, host }) => {
    test.skip(host === 'page', 'no server has set these cookies');
    const user = await project.createUser();
    await redeem(page, user.email, openMail);
    await expect(passwordStep(page)).toBeVisible();
    const cookies = (await page.context().cookies()).filter(({ name }) => name.startsWith('sb-'));
    expect(cookies.some(({ name }) => /-auth-token(\.0)?$/.test(name))).toBe(true);
    for (const { httpOnly, secure, sameSite, path } of cookies)
      expect({ httpOnly, secure, sameSite, path }).toEqual({
        httpOnly: true,
        secure: false,
        sameSite: 'Lax',
        path: '/',
      });
    expect(await page.evaluate(() => `${document.cookie}${localStorage.length}`)).toBe('0');
  });

  test('leftover verifier cookies are no session', nightly, async ({ page, project, openMail, host }) => {
    test.skip(host === 'page', 'no server has set these cookies');
    const user = await project.createUser();
    const cookies = async () => (await page.context().cookies()).filter(({ name }) => name.startsWith('sb-'));
    const isVerifier = ({ name }: { name: string }) => name.includes('-auth-token-code-verifier');
    await redeem(page, user.email, openMail);
    await choosePassword(page, newPassword);
    await expect(done(page)).toBeVisible();
    const left = (await cookies()).filter(isVerifier);
    expect(left.length).toBeGreaterThan(0);
    expect(left.length).toBeLessThanOrEqual(3);
    await page.context().clearCookies();
    await page.context().addCookies(left);
    await page.goto(page.url().replace('password-changed', 'new-password'));
    await expect(refusal(page, 'session')).toHaveText(sessionGone);
  });

  test(
    'in Next.js, a redirect that its router has followed before doesn’t come back after the step-up',
    nightly,
    async ({ page, project, openMail, slug }) => {
      test.skip(slug !== 'ssr-nextjs', 'only its router keeps redirects');
      const user = await project.createUser();
      const authenticator = await project.enroll(user);
      await redeem(page, user.email, openMail);
      await expect(codeStep(page)).toBeVisible();
      await page.evaluate(() => (window as unknown as NextWindow).next.router.push('/new-password'));
      await expect(codeStep(page)).toBeVisible();
      await enterCode(page, authenticator.code());
      await expect(passwordStep(page)).toBeVisible();
      await choosePassword(page, newPassword);
      await expect(done(page)).toBeVisible();
    },
  );

  test('a user without MFA is not asked for a code', nightly, async ({ page, project, openMail }) => {
    const user = await project.createUser();
    await redeem(page, user.email, openMail);
    await choosePassword(page, newPassword);
    await expect(done(page)).toBeVisible();
    expect(await project.signIn(user.email, newPassword)).toBe(true);
  });

  test('a user with an unverified factor is asked for no code either', nightly, async ({ page, project, openMail }) => {
    const user = await project.createUser();
    await project.enroll(user, 'Never finished', { verified: false });
    await redeem(page, user.email, openMail);
    await choosePassword(page, newPassword);
    await expect(done(page)).toBeVisible();
  });

  test('a user with several authenticators chooses one', nightly, async ({ page, project, openMail }) => {
    const user = await project.createUser();
    await project.enroll(user, 'Phone');
    const tablet = await project.enroll(user, 'Tablet');
    await redeem(page, user.email, openMail);
    const choice = page.getByRole('combobox', { name: 'Authenticator' });
    await expect(choice.getByRole('option')).toHaveText(['Phone', 'Tablet']);
    await choice.selectOption('Tablet');
    await enterCode(page, tablet.code());
    await choosePassword(page, newPassword);
    await expect(done(page)).toBeVisible();
  });

  test('errors that the user can correct appear at their form', nightly, async ({ page, project, openMail }) => {
    const user = await project.createUser();
    const authenticator = await project.enroll(user);
    await redeem(page, user.email, openMail);
    await enterCode(page, authenticator.wrongCode());
    await expect(refusal(page, 'code')).toHaveText('That code is wrong or too old.');
    const field = page.getByLabel('Code', { exact: true });
    await expect(field).toBeFocused();
    await expect(field).toHaveAccessibleDescription('That code is wrong or too old.');
    await enterCode(page, authenticator.code());
    await choosePassword(page, oldPassword);
    await expect(refusal(page, 'same-password')).toHaveText('That’s your old password. Choose another one.');
    await choosePassword(page, 'short');
    await expect(refusal(page, 'weak-password')).toHaveText(
      'That password is too weak. Choose a longer one, with letters, digits, and symbols.',
    );
    await choosePassword(page, newPassword);
    await expect(done(page)).toBeVisible();
  });

  test(
    'the title of the page that comes back says that something went wrong',
    nightly,
    async ({ page, project, openMail, slug }) => {
      test.skip(slug === 'ssr-nextjs', 'its router changes the page in place, where a screen reader hears the alert');
      const user = await project.createUser();
      await redeem(page, user.email, openMail);
      await choosePassword(page, 'short');
      await expect(page).toHaveTitle('Error: Choose a new password · Your app');
    },
  );

  test('a reload in mid-flow continues where it was', nightly, async ({ page, project, openMail }) => {
    const user = await project.createUser();
    const authenticator = await project.enroll(user);
    await askForLink(page, user.email);
    await openMail(user.email);
    await expect(heading(page, 'Reset your password')).toBeVisible();
    await page.reload();
    await press(page, 'Continue');
    await expect(codeStep(page)).toBeVisible();
    await page.reload();
    await enterCode(page, authenticator.code());
    await expect(passwordStep(page)).toBeVisible();
    await page.reload();
    await choosePassword(page, newPassword);
    await expect(done(page)).toBeVisible();
  });

  test("opening the link doesn't use it up, pressing the button does", async ({ page, project, openMail }) => {
    const user = await project.createUser();
    await askForLink(page, user.email);
    await openMail(user.email);
    await expect(heading(page, 'Reset your password')).toBeVisible();
    const link = page.url();
    await page.reload(); // a scanner loads the page, but presses no button
    await press(page, 'Continue');
    await expect(passwordStep(page)).toBeVisible();

    await page.goto(link);
    await press(page, 'Continue');
    await expect(refusal(page, 'link')).toHaveText(used);
    await expect(start(page)).toBeVisible();
    await askForLink(page, 'nobody@example.com');
  });

  test(
    'asking says the same for an account, too soon, and for no account',
    nightly,
    async ({ page, project, appUrl }) => {
      const user = await project.createUser();
      for (const email of [user.email, user.email, 'nobody@example.com']) {
        await page.goto(appUrl);
        await askForLink(page, email);
        await expect(page.locator('[data-error-code]')).toHaveCount(0);
      }
    },
  );

  test(
    'the password page leads to the code page while a code is needed',
    nightly,
    async ({ page, project, openMail }) => {
      const user = await project.createUser();
      const authenticator = await project.enroll(user);
      await redeem(page, user.email, openMail);
      await expect(codeStep(page)).toBeVisible();
      const field = page.getByLabel('Code', { exact: true });
      await field.fill('a page that comes back is a new one');
      await page.goto(page.url().replace('enter-code', 'new-password'));
      await expect(field).toHaveValue('');
      await enterCode(page, authenticator.code());
      await expect(passwordStep(page)).toBeVisible();
      await page.goto(page.url().replace('new-password', 'enter-code'));
      await expect(passwordStep(page)).toBeVisible();
    },
  );

  test('without a session, both pages lead to a new link', nightly, async ({ page, project, appUrl, host }) => {
    await project.createUser();
    const base = host === 'page' ? `${appUrl}#/` : appUrl;
    for (const path of ['enter-code', 'new-password']) {
      await page.goto(`${base}${path}`);
      await expect(refusal(page, 'session')).toHaveText(sessionGone);
      await expect(start(page)).toBeVisible();
    }
  });

  test('a session that ended elsewhere asks for a new link', nightly, async ({ page, project, openMail }) => {
    const user = await project.createUser();
    const { factorId, code } = await project.enroll(user);
    await redeem(page, user.email, openMail);
    await expect(codeStep(page)).toBeVisible();
    await endElsewhere(project, user, factorId, code());
    await enterCode(page, code());
    await expect(refusal(page, 'session')).toHaveText(sessionGone);
    await expect(start(page)).toBeVisible();
  });

  test('a session that ended elsewhere saves no password', nightly, async ({ page, project, openMail }) => {
    const user = await project.createUser();
    await redeem(page, user.email, openMail);
    await expect(passwordStep(page)).toBeVisible();
    const other = project.client();
    await other.auth.signInWithPassword({ email: user.email, password: oldPassword });
    expect((await other.auth.signOut({ scope: 'others' })).error).toBeNull();
    await choosePassword(page, newPassword);
    await expect(refusal(page, 'session')).toHaveText(sessionGone);
    expect(await project.signIn(user.email, newPassword)).toBe('invalid_credentials');
  });

  test(
    'a phone: the text is sent when the user asks, and its code works',
    nightly,
    async ({ page, project, openMail }) => {
      const user = await project.createUser();
      const phone = await project.enrollPhone(user);
      await redeem(page, user.email, openMail);
      await expect(heading(page, 'Confirm that it is you')).toBeVisible();
      expect(await phone.codes(1)).toHaveLength(1); // sent by the enrollment: the link alone sends nothing
      const phoneStep = heading(page, 'Enter the code from your phone');
      await expect(async () => {
        await press(page, 'Send a text message to Mobile');
        await expect(phoneStep).toBeVisible({ timeout: 2_000 });
      }).toPass(); // Auth requires a second between two texts
      const [, code = ''] = await phone.codes(2);
      await enterCode(page, code === '123123' ? '321321' : '123123');
      await expect(refusal(page, 'code')).toBeVisible();
      await expect(phoneStep).toBeVisible();
      await enterCode(page, ` ${code.slice(0, 3)} ${code.slice(3)}`);
      await choosePassword(page, newPassword);
      await expect(done(page)).toBeVisible();
      expect(await project.signIn(user.email, newPassword)).toBe(true);
    },
  );

  test('a form on another site starts nothing', async ({ page, project, openMail, appUrl, host }) => {
    test.skip(host === 'page', 'nobody can post to a server in a page');
    const user = await project.createUser();
    await askForLink(page, user.email);
    await openMail(user.email);
    await expect(heading(page, 'Reset your password')).toBeVisible();
    await page.context().clearCookies();
    // The form as the server renders it, posted to its address there.
    const form = await page.evaluate(async () => {
      const html = await (await fetch(location.href)).text();
      const form = new DOMParser().parseFromString(html, 'text/html').querySelector('form');
      form?.setAttribute('action', new URL(form.getAttribute('action') || location.href, location.href).href);
      return form?.outerHTML ?? '';
    });
    expect(form).toContain('token_hash');
    const lure = `${appUrl.replace('localhost', '127.0.0.1')}lure`;
    await page.route(lure, (route) => route.fulfill({ contentType: 'text/html', body: form }));
    await page.goto(lure);
    await page.locator('form').evaluate((form: HTMLFormElement) => form.submit());
    await page.waitForURL((url) => url.hostname === 'localhost');
    const session = (await page.context().cookies()).filter(({ name }) => /-auth-token(\.0)?$/.test(name));
    expect(session).toEqual([]);
  });

  test('after the reset, the user can sign out here', nightly, async ({ page, project, openMail }) => {
    const user = await project.createUser();
    await redeem(page, user.email, openMail);
    await choosePassword(page, newPassword);
    await expect(done(page)).toBeVisible();
    await press(page, 'Sign out here');
    await expect(heading(page, 'You are signed out here')).toBeVisible();
    await page.getByRole('link', { name: 'Start again' }).click();
    await expect(start(page)).toBeVisible();
    await page.goto(page.url().replace('forgot-password', 'new-password'));
    await expect(refusal(page, 'session')).toBeVisible();
  });

  test('Back and Forward in mid-flow continue where it was', nightly, async ({ page, project, openMail }) => {
    const user = await project.createUser();
    const authenticator = await project.enroll(user);
    await redeem(page, user.email, openMail);
    await expect(codeStep(page)).toBeVisible();
    await page.goBack();
    await expect(codeStep(page)).toBeHidden();
    await page.goForward();
    await expect(codeStep(page)).toBeVisible();
    await enterCode(page, authenticator.code());
    await expect(passwordStep(page)).toBeVisible();
    await choosePassword(page, newPassword);
    await expect(done(page)).toBeVisible();
  });

  test("an unknown problem in the address isn't shown", nightly, async ({ page, project, appUrl, host }) => {
    await project.createUser();
    await page.goto(`${host === 'page' ? `${appUrl}#/` : appUrl}forgot-password?problem=Call+this+number`);
    await expect(start(page)).toBeVisible();
    await expect(page.getByText('Call this number')).toHaveCount(0);
    await expect(page.locator('[data-error-code]')).toHaveCount(0);
  });
});
