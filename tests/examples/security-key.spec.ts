/**
 * A reset with a security key, and a passkey sign-in, which isn't enough to change the password. On the demo project, the
 * device beside the app is the key. On a real project it's Chromium's virtual authenticator, which the user always
 * touches. Such a project needs passkeys on, `localhost` as its relying party, and the app's origin: APP_URL says where it runs.
 */
import { expect, type Page } from '@playwright/test';
import { askForLink, choosePassword, done, passwordStep, refusal, watchAnswers } from '../support/app.ts';
import { testEveryExample } from '../support/every-example.ts';
import { forEachExample, nightly, test, wholePath } from '../support/example.ts';
import { losses, sessionGone } from '../support/lost-session.ts';
import type { TestProject } from '../support/project.ts';

const isReal = process.env['SUPABASE_URL'] !== undefined;

const hedy = { email: 'hedy@example.com', password: 'old-password-hedy' };
const newPassword = 'the new password';

const keyStep = (page: Page) => page.getByRole('heading', { name: 'Confirm with your security key' });
const account = (page: Page) => page.getByRole('heading', { name: 'You are signed in' });
const device = (page: Page) => page.getByRole('region', { name: 'Security key' });
const useKey = (page: Page) => page.getByRole('button', { name: 'Use security key' }).click();
const usePasskey = (page: Page) => page.getByRole('button', { name: 'Sign in with a passkey' }).click();

/** Returns a user with a security key that has a passkey and a second factor on it, and plugs the key in. */
async function userWithKey(page: Page, project: TestProject, appUrl: string): Promise<typeof hedy> {
  if (!isReal) {
    await expect(page.getByRole('button', { name: /^Security key/ })).toBeAttached();
    return hedy;
  }
  test.skip(!process.env['APP_URL'], 'the project has to know the origin of the app: APP_URL');
  const user = await project.createUser();
  const keys = await project.enrollKeys(user, new URL(appUrl).origin);
  const devTools = await page.context().newCDPSession(page);
  await devTools.send('WebAuthn.enable');
  const { authenticatorId } = await devTools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal', // as the key said when it was enrolled
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  for (const [name, { held }] of Object.entries(keys)) {
    const credential = { ...held, rpId: 'localhost', isResidentCredential: name === 'passkey' };
    await devTools.send('WebAuthn.addCredential', { authenticatorId, credential });
  }
  return user;
}

/** Presses a button of the device. A virtual authenticator needs no touch. */
async function press(page: Page, name: 'Touch the key' | 'Touch another key' | 'Cancel'): Promise<void> {
  if (!isReal) await device(page).getByRole('button', { name }).click();
}

forEachExample('security-key', () => {
  testEveryExample(() => sessionGone, nightly);

  // All tests share the dev server's project, and all use the account with the key.
  test.afterEach(async ({ host, addresses }) => {
    if (host === 'node' && !isReal)
      await fetch(`${new URL(addresses.project).origin}/demo-project/reset`, { method: 'POST' });
  });

  test(
    'link, security key, new password; a passkey on the same key signs in at aal1, and the password stays',
    wholePath,
    async ({ page, project, openMail, appUrl }) => {
      const user = await userWithKey(page, project, appUrl);
      await askForLink(page, user.email);
      await openMail(user.email);
      await expect(keyStep(page)).toBeFocused();
      await useKey(page);
      await press(page, 'Touch the key');
      await expect(passwordStep(page)).toBeVisible();
      await choosePassword(page, newPassword);
      await expect(done(page)).toBeVisible();
      expect(await project.signIn(user.email, user.password)).toBe('invalid_credentials');
      expect(await project.signIn(user.email, newPassword)).toBe(true);

      await page.getByRole('link', { name: 'Sign in with the new password' }).click();
      await usePasskey(page);
      await press(page, 'Touch the key');
      await expect(account(page)).toBeFocused();
      await expect(page.getByText('Your session is at aal1.')).toBeVisible();
      await choosePassword(page, 'another new password');
      await expect(refusal(page, 'insufficient_aal')).toHaveText(
        'Signing in with a passkey isn’t enough to change your password. Confirm with your security key.',
      );
      expect(await project.signIn(user.email, newPassword)).toBe(true);
    },
  );

  test(
    'a passkey session takes a new password once the key has raised it to aal2',
    nightly,
    async ({ page, project, appUrl }) => {
      const user = await userWithKey(page, project, appUrl);
      await usePasskey(page);
      await press(page, 'Touch the key');
      await expect(account(page)).toBeVisible();
      await page.reload();
      await expect(page.getByText('Your session is at aal1.')).toBeVisible();
      await choosePassword(page, newPassword);
      await expect(refusal(page, 'insufficient_aal')).toBeVisible();
      await useKey(page);
      await press(page, 'Touch the key');
      await expect(passwordStep(page)).toBeVisible();
      await page.reload();
      await expect(page.getByText('Your session is at aal2.')).toBeVisible();
      await choosePassword(page, newPassword);
      await expect(done(page)).toBeVisible();
      expect(await project.signIn(user.email, newPassword)).toBe(true);
      await page.reload();
      await expect(page.getByRole('heading', { name: 'Forgot your password?' })).toBeVisible();
    },
  );

  test(
    'another key, and a key that nobody touches, look the same to the app, and can be tried again',
    nightly,
    async ({ page, project, openMail, appUrl }) => {
      test.skip(isReal, 'a virtual authenticator has no other key');
      const user = await userWithKey(page, project, appUrl);
      await askForLink(page, user.email);
      await openMail(user.email);
      const says = {
        'Touch another key': 'That key has nothing for this page.',
        Cancel: 'You canceled it.',
      };
      for (const name of ['Touch another key', 'Cancel'] as const) {
        await useKey(page);
        await expect(page.getByRole('button', { name: 'Use security key' })).toBeDisabled();
        await press(page, name);
        await expect(refusal(page, 'NotAllowedError')).toHaveText(
          'Your browser got no answer from the right key. Try again, and touch the key that you added here.',
        );
        await expect(page.getByRole('button', { name: 'Use security key' })).toBeFocused();
        await expect(device(page)).toContainText(`${says[name]} The browser only tells your app: NotAllowedError.`);
        await expect(device(page).getByRole('button')).toHaveCount(0);
      }
      await useKey(page);
      await press(page, 'Touch the key');
      await expect(passwordStep(page)).toBeVisible();
    },
  );

  test('another key has no passkey for this app either', nightly, async ({ page, project, appUrl }) => {
    test.skip(isReal, 'a virtual authenticator has no other key');
    await userWithKey(page, project, appUrl);
    await usePasskey(page);
    await expect(device(page)).toContainText('Your app asks for a passkey, to sign in.');
    await press(page, 'Touch another key');
    await expect(refusal(page, 'NotAllowedError')).toBeVisible();
    await usePasskey(page);
    await press(page, 'Touch the key');
    await expect(account(page)).toBeVisible();
  });

  test('a reload in mid-flow continues where it was', nightly, async ({ page, project, openMail, appUrl }) => {
    const user = await userWithKey(page, project, appUrl);
    await askForLink(page, user.email);
    await openMail(user.email);
    await expect(keyStep(page)).toBeVisible();
    await page.reload();
    await useKey(page);
    await press(page, 'Touch the key');
    await expect(passwordStep(page)).toBeVisible();
    await page.reload();
    await choosePassword(page, newPassword);
    await expect(done(page)).toBeVisible();
  });

  test('a user without a second factor is asked for no key', nightly, async ({ page, project, openMail }) => {
    const user = await project.createUser();
    await askForLink(page, user.email);
    await openMail(user.email);
    await choosePassword(page, newPassword);
    await expect(done(page)).toBeVisible();
  });

  test('a user with only an authenticator is stopped', nightly, async ({ page, project, openMail }) => {
    const user = await project.createUser();
    await project.enroll(user);
    await askForLink(page, user.email);
    await openMail(user.email);
    await expect(page.getByRole('heading', { name: 'Another second factor is needed' })).toBeFocused();
    await expect(passwordStep(page)).toHaveCount(0);
  });

  test(
    'a project that takes no security keys, or no passkeys, says so',
    nightly,
    async ({ page, project, openMail, appUrl }) => {
      test.skip(isReal, 'a real project keeps its settings');
      const user = await userWithKey(page, project, appUrl);
      const configure = (auth: object) =>
        page.evaluate(async (auth) => {
          const body = JSON.stringify({ auth });
          return (await fetch('/demo-project/settings', { method: 'POST', body })).status;
        }, auth);
      expect(await configure({ passkey: { enabled: false }, mfa: { web_authn: { verify_enabled: false } } })).toBe(204);
      await usePasskey(page);
      await expect(refusal(page, 'passkey_disabled')).toHaveText(
        'This app doesn’t take passkeys at the moment. Sign in another way.',
      );
      await askForLink(page, user.email);
      await openMail(user.email);
      await useKey(page);
      await expect(refusal(page, 'mfa_webauthn_verify_not_enabled')).toHaveText(
        'This app doesn’t take security keys at the moment. Contact support.',
      );
      await expect(passwordStep(page)).toHaveCount(0);
    },
  );

  test(
    'a key that took longer than five minutes can be touched again',
    nightly,
    async ({ page, project, openMail, appUrl }) => {
      test.skip(isReal, 'time passes in the demo project only');
      const user = await userWithKey(page, project, appUrl);
      await askForLink(page, user.email);
      await openMail(user.email);
      await useKey(page);
      await expect(device(page).getByRole('button', { name: 'Touch the key' })).toBeVisible();
      expect(
        await page.evaluate(async () => (await fetch('/demo-project/advance?by=6m', { method: 'POST' })).status),
      ).toBe(204);
      await press(page, 'Touch the key');
      await expect(refusal(page, 'mfa_challenge_expired')).toHaveText(
        'That took too long. Try again, and touch your key within five minutes.',
      );
      await useKey(page);
      await press(page, 'Touch the key');
      await expect(passwordStep(page)).toBeVisible();
    },
  );

  test('too many tries are reported', nightly, async ({ page, project, openMail, appUrl }) => {
    const user = await userWithKey(page, project, appUrl);
    await askForLink(page, user.email);
    await openMail(user.email);
    await expect(keyStep(page)).toBeVisible();
    const code = 'over_request_rate_limit';
    await watchAnswers(page, '/challenge', { refuse: 1, status: 429, code, message: 'Request rate limit reached' });
    await useKey(page);
    await expect(refusal(page, code)).toHaveText('Too many tries. Wait a minute, then try again.');
  });

  for (const [how, { lose, code, mfaCode = code }] of Object.entries(losses)) {
    test(
      `a session ${how}, at the key: a new link is offered`,
      nightly,
      async ({ page, project, openMail, appUrl }) => {
        const user = await userWithKey(page, project, appUrl);
        await askForLink(page, user.email);
        await openMail(user.email);
        await expect(keyStep(page)).toBeVisible();
        await lose(page, project);
        await useKey(page);
        await expect(refusal(page, mfaCode)).toHaveText(sessionGone);
        await askForLink(page, user.email);
      },
    );
  }
});
