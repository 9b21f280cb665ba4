/** The flow of supabase/auth#2091: an example that has to fail with the exact error. */
import { expect, type Page } from '@playwright/test';
import { askForLink, choosePassword, done, refusal } from '../support/app.ts';
import { testEveryExample } from '../support/every-example.ts';
import { forEachExample, nightly, test, wholePath } from '../support/example.ts';
import { losses } from '../support/lost-session.ts';

forEachExample('failing', () => {
  const answers: Record<string, [status: number, message: string]> = {
    AuthSessionMissingError: [400, 'Auth session missing!'],
    refresh_token_not_found: [400, 'Invalid Refresh Token: Refresh Token Not Found'],
    session_expired: [400, 'Invalid Refresh Token: Session Expired'],
    refresh_token_already_used: [400, 'Invalid Refresh Token: Already Used'],
  };
  testEveryExample((code) => `status: ${answers[code]?.[0]}\ncode: ${code}\nmessage: ${answers[code]?.[1]}`, nightly);

  const message = 'AAL2 session is required to update email or password when MFA is enabled.';

  /** Presses one of the buttons that inspect the session, and returns what it prints. */
  async function observe(page: Page, call: string): Promise<unknown> {
    await page.getByRole('button', { name: call, exact: true }).click();
    const result = page.locator('#observe').getByRole('status');
    await expect(result).not.toBeEmpty();
    await expect(page.getByRole('button', { name: call, exact: true })).toBeEnabled();
    return JSON.parse(await result.innerText());
  }

  test(
    'with a verified factor the password cannot change, though the session is valid',
    wholePath,
    async ({ page, project, openMail }) => {
      const user = await project.createUser();
      await project.enroll(user);
      await askForLink(page, user.email);
      await openMail(user.email);
      await choosePassword(page, 'the new password');

      const alert = page.getByRole('alert');
      await expect(alert).toHaveAttribute('data-error-code', 'insufficient_aal');
      await expect(alert).toContainText('401');
      await expect(alert).toContainText(message);

      expect(await observe(page, 'getSession()')).toMatchObject({ email: user.email, acceptedByServer: true });
      expect(await observe(page, 'getAuthenticatorAssuranceLevel()')).toMatchObject({
        currentLevel: 'aal1',
        nextLevel: 'aal2',
      });
      expect(await observe(page, 'setSession(), then try again')).toMatchObject({
        setSession: 'no error',
        updateUser: { status: 401, code: 'insufficient_aal' },
      });

      expect(await project.signIn(user.email, user.password)).toBe(true);
      expect(await project.signIn(user.email, 'the new password')).toBe('invalid_credentials');
    },
  );

  test('without MFA the same code changes the password', nightly, async ({ page, project, openMail }) => {
    const user = await project.createUser();
    await askForLink(page, user.email);
    await openMail(user.email);
    await choosePassword(page, 'the new password');
    await expect(done(page)).toBeVisible();
    expect(await project.signIn(user.email, user.password)).toBe('invalid_credentials');
    expect(await project.signIn(user.email, 'the new password')).toBe(true);
  });

  test('getSession() asks the server what it thinks of the session', nightly, async ({ page, project, openMail }) => {
    const user = await project.createUser();
    await askForLink(page, user.email);
    await openMail(user.email);
    await expect(page.getByRole('heading', { name: 'Choose a new password' })).toBeVisible();
    await losses['ended by the server']?.lose(page, project);
    expect(await observe(page, 'getSession()')).toMatchObject({
      email: user.email,
      acceptedByServer: { name: 'AuthSessionMissingError', status: 400 },
    });
  });

  test('an old link is reported', nightly, async ({ page, project, openMail }) => {
    const user = await project.createUser();
    await askForLink(page, user.email);
    await openMail(user.email);
    await expect(page.getByRole('heading', { name: 'Choose a new password' })).toBeVisible();
    await page.getByRole('link', { name: 'Start again' }).click();
    await expect(page.getByRole('heading', { name: 'Forgot your password?' })).toBeVisible();
    await openMail(user.email);
    await expect(refusal(page, 'otp_expired')).toHaveText(
      'status: none\ncode: otp_expired\nmessage: Email link is invalid or has expired',
    );
  });

  test('a weak password hides the refusal', nightly, async ({ page, project, openMail }) => {
    const user = await project.createUser();
    await project.enroll(user);
    await askForLink(page, user.email);
    await openMail(user.email);
    await choosePassword(page, 'short');
    await expect(refusal(page, 'weak_password')).toBeVisible();
  });
});
