/** The recommended flow, as a person goes through it, with everything that can happen on the way. */
import type { Page } from '@playwright/test';
import { expect } from '@playwright/test';
import { askForLink, choosePassword, done, enterCode, passwordStep, refusal, watchAnswers } from '../support/app.ts';
import { testEveryExample } from '../support/every-example.ts';
import { test } from '../support/example.ts';
import { losses, sessionGone } from '../support/lost-session.ts';

test.use({ slug: 'totp-step-up' });

testEveryExample(() => sessionGone);

const oldPassword = 'the old password';
const newPassword = 'the new password';

const codeStep = (page: Page) => page.getByRole('heading', { name: 'Enter the code from your authenticator' });
const choice = (page: Page) => page.getByRole('combobox', { name: 'Authenticator' });

test('link, code, new password: the old one is refused afterwards, the new one accepted', async ({
  page,
  project,
  openMail,
}) => {
  const user = await project.createUser();
  const authenticator = await project.enrol(user);
  await askForLink(page, user.email);
  await openMail(user.email);

  await expect(codeStep(page)).toBeVisible();
  await expect(choice(page)).toBeHidden();
  await enterCode(page, authenticator.code());
  await expect(passwordStep(page)).toBeVisible();
  await choosePassword(page, newPassword);
  await expect(done(page)).toBeVisible();

  expect(await project.signIn(user.email, oldPassword)).toBe('invalid_credentials');
  expect(await project.signIn(user.email, newPassword)).toBe(true);
});

test('the forms sign the user in with the new password only', async ({ page, project, openMail }) => {
  const user = await project.createUser();
  const authenticator = await project.enrol(user);
  await askForLink(page, user.email);
  await openMail(user.email);
  await enterCode(page, authenticator.code());
  await choosePassword(page, newPassword);
  await page.getByRole('link', { name: 'Sign in with the new password' }).click();

  const form = page.getByRole('form', { name: 'Sign in' });
  await form.getByLabel('Email').fill(user.email);
  await form.getByLabel('Password').fill(oldPassword);
  await form.getByRole('button', { name: 'Sign in' }).click();
  await expect(refusal(page, 'invalid_credentials')).toHaveText('Email or password is wrong.');
  await form.getByLabel('Password').fill(newPassword);
  await form.getByRole('button', { name: 'Sign in' }).click();
  await expect(form.getByRole('status')).toHaveText(
    'You are signed in (aal1). This account has a second factor: a real app would now ask for it.',
  );
});

test('a user without MFA is not asked for a code', async ({ page, project, openMail }) => {
  const user = await project.createUser();
  await askForLink(page, user.email);
  await openMail(user.email);
  await expect(passwordStep(page)).toBeVisible();
  await choosePassword(page, newPassword);
  await expect(done(page)).toBeVisible();
  expect(await project.signIn(user.email, newPassword)).toBe(true);
});

test('an unverified factor asks for no code either', async ({ page, project, openMail }) => {
  const user = await project.createUser();
  await project.enrol(user, 'never finished', { verified: false });
  await askForLink(page, user.email);
  await openMail(user.email);
  await expect(passwordStep(page)).toBeVisible();
  await choosePassword(page, newPassword);
  await expect(done(page)).toBeVisible();
});

test('of several authenticators the user chooses one', async ({ page, project, openMail }) => {
  const user = await project.createUser();
  await project.enrol(user, 'Phone');
  const tablet = await project.enrol(user, 'Tablet');
  await askForLink(page, user.email);
  await openMail(user.email);
  await expect(choice(page).getByRole('option')).toHaveText(['Phone', 'Tablet']);
  await enterCode(page, tablet.code());
  await expect(refusal(page, 'mfa_verification_failed')).toBeVisible();
  await choice(page).selectOption('Tablet');
  await enterCode(page, tablet.code());
  await expect(passwordStep(page)).toBeVisible();
  await choosePassword(page, newPassword);
  await expect(done(page)).toBeVisible();
});

test('a wrong code can be mended', async ({ page, project, openMail }) => {
  const user = await project.createUser();
  const authenticator = await project.enrol(user);
  await askForLink(page, user.email);
  await openMail(user.email);
  await enterCode(page, authenticator.wrongCode());
  await expect(refusal(page, 'mfa_verification_failed')).toHaveText(
    'That is not the current code. If this happens again, let your phone set its clock automatically.',
  );
  await expect(page.getByLabel('Code', { exact: true })).toBeFocused();
  await enterCode(page, authenticator.code());
  await expect(passwordStep(page)).toBeVisible();
  await expect(page.getByRole('alert')).toHaveCount(0);
});

test('a code of two steps ago is refused', async ({ page, project, openMail }) => {
  const user = await project.createUser();
  const authenticator = await project.enrol(user);
  await askForLink(page, user.email);
  await openMail(user.email);
  await enterCode(page, authenticator.code(-3));
  await expect(refusal(page, 'mfa_verification_failed')).toBeVisible();
});

test('a password that is too short is said before Auth is asked', async ({ page, project, openMail }) => {
  const user = await project.createUser();
  const authenticator = await project.enrol(user);
  await askForLink(page, user.email);
  await openMail(user.email);
  await enterCode(page, authenticator.code());
  await choosePassword(page, 'short');
  await expect(refusal(page, 'weak_password')).toHaveText('Use at least 6 characters.');
  await choosePassword(page, newPassword);
  await expect(done(page)).toBeVisible();
});

test('the old password is refused as the new one, and another one can be tried at once', async ({
  page,
  project,
  openMail,
}) => {
  const user = await project.createUser();
  const authenticator = await project.enrol(user);
  await askForLink(page, user.email);
  await openMail(user.email);
  await enterCode(page, authenticator.code());
  await choosePassword(page, oldPassword);
  await expect(refusal(page, 'same_password')).toHaveText('That is your old password. Choose another one.');
  await choosePassword(page, newPassword);
  await expect(done(page)).toBeVisible();
});

test('reloads in mid-flow go on where it was', async ({ page, project, openMail }) => {
  const user = await project.createUser();
  const authenticator = await project.enrol(user);
  await askForLink(page, user.email);
  await openMail(user.email);
  await expect(codeStep(page)).toBeVisible();
  await page.reload();
  await enterCode(page, authenticator.code());
  await expect(passwordStep(page)).toBeVisible();
  await page.reload();
  await choosePassword(page, newPassword);
  await expect(done(page)).toBeVisible();
  await page.reload();
  await expect(page.getByRole('heading', { name: 'Forgot your password?' })).toBeVisible();
});

test('a used link says so and offers a new one', async ({ page, project, openMail }) => {
  const user = await project.createUser();
  await askForLink(page, user.email);
  await openMail(user.email);
  await expect(passwordStep(page)).toBeVisible();
  await page.getByRole('link', { name: 'Start again' }).click();
  await expect(page.getByRole('heading', { name: 'Forgot your password?' })).toBeVisible();
  await openMail(user.email);
  await expect(refusal(page, 'otp_expired')).toHaveText(
    'This link was used already, or is too old. A link works once, and only the one in the newest email. Ask for a new link.',
  );
  await expect(page.getByRole('button', { name: 'Send reset link' })).toBeVisible();
});

test('asking again too soon gives the same answer, though Auth refuses', async ({ page, project }) => {
  const user = await project.createUser();
  const statuses = await watchAnswers(page, '/recover', { repeat: true });
  await askForLink(page, user.email);
  const all = await statuses();
  expect([all[0], all.at(-1)]).toEqual([200, 429]);
  await expect(page.getByRole('alert')).toHaveCount(0);
});

test('an address without an account gets the same answer', async ({ page, project }) => {
  await project.createUser();
  await askForLink(page, 'nobody@example.com');
  await expect(page.getByRole('alert')).toHaveCount(0);
});

test('a session that ended elsewhere asks for a new link', async ({ page, project, openMail }) => {
  const user = await project.createUser();
  const authenticator = await project.enrol(user);
  await askForLink(page, user.email);
  await openMail(user.email);
  await expect(codeStep(page)).toBeVisible();
  // Verifying on another device ends every aal1 session of the user, the one in this page too.
  const elsewhere = project.client();
  await elsewhere.auth.signInWithPassword({ email: user.email, password: oldPassword });
  const { error } = await elsewhere.auth.mfa.challengeAndVerify({
    factorId: authenticator.factorId,
    code: authenticator.code(),
  });
  expect(error).toBeNull();

  await enterCode(page, authenticator.code());
  await expect(refusal(page, 'AuthSessionMissingError')).toHaveText(sessionGone);
  await askForLink(page, user.email);
});

for (const [how, { lose, code, mfaCode = code }] of Object.entries(losses)) {
  test(`a session ${how}, at the code: a new link is offered`, async ({ page, project, openMail }) => {
    const user = await project.createUser();
    const authenticator = await project.enrol(user);
    await askForLink(page, user.email);
    await openMail(user.email);
    await expect(codeStep(page)).toBeVisible();
    await lose(page, project);
    await enterCode(page, authenticator.code());
    await expect(refusal(page, mfaCode)).toHaveText(sessionGone);
    await askForLink(page, user.email);
  });
}

test('a session that lost its level is asked for another factor when the password is saved', async ({
  page,
  project,
  openMail,
}) => {
  const user = await project.createUser();
  const phone = await project.enrol(user, 'Phone');
  const tablet = await project.enrol(user, 'Tablet');
  await askForLink(page, user.email);
  await openMail(user.email);
  await choice(page).selectOption('Phone');
  await enterCode(page, phone.code());
  await expect(passwordStep(page)).toBeVisible();
  // Removing the factor that lifted the session takes the session's level, not that of the token in hand.
  const { error } = await user.client.auth.mfa.unenroll({ factorId: phone.factorId });
  expect(error).toBeNull();
  await choosePassword(page, newPassword);
  await expect(codeStep(page)).toBeVisible();
  await enterCode(page, tablet.code());
  await choosePassword(page, newPassword);
  await expect(done(page)).toBeVisible();
});

const refusals = {
  mfa_ip_address_mismatch: 'Challenge and verify IP addresses mismatch.',
  mfa_challenge_expired: 'MFA challenge has expired, verify against another challenge or create a new challenge.',
};
for (const [code, message] of Object.entries(refusals)) {
  test(`after ${code} a new challenge is tried once`, async ({ page, project, openMail }) => {
    const user = await project.createUser();
    const authenticator = await project.enrol(user);
    await askForLink(page, user.email);
    await openMail(user.email);
    await expect(codeStep(page)).toBeVisible();
    const statuses = await watchAnswers(page, '/verify', { refuse: 1, code, message });
    await enterCode(page, authenticator.code());
    await expect(passwordStep(page)).toBeVisible();
    expect(await statuses()).toEqual([422, 200]);
  });

  test(`a second ${code} is explained`, async ({ page, project, openMail }) => {
    const user = await project.createUser();
    const authenticator = await project.enrol(user);
    await askForLink(page, user.email);
    await openMail(user.email);
    await expect(codeStep(page)).toBeVisible();
    const statuses = await watchAnswers(page, '/verify', { refuse: 2, code, message });
    await enterCode(page, authenticator.code());
    await expect(refusal(page, code)).toHaveText(
      'Your code could not be checked. Stay on one connection (switching networks or a VPN gets in the way) and try again.',
    );
    await enterCode(page, authenticator.code());
    await expect(passwordStep(page)).toBeVisible();
    expect(await statuses()).toEqual([422, 422, 200]);
  });
}

test('without a connection nothing is lost', async ({ page, project, openMail }) => {
  const user = await project.createUser();
  await askForLink(page, user.email);
  await openMail(user.email);
  await expect(passwordStep(page)).toBeVisible();
  await watchAnswers(page, '/user', { refuse: 1 });
  await choosePassword(page, newPassword);
  await expect(refusal(page, 'AuthRetryableFetchError')).toHaveText(
    'We could not reach the server. Check your connection and try again.',
  );
  await choosePassword(page, newPassword);
  await expect(done(page)).toBeVisible();
});

test('a double click verifies once', async ({ page, project, openMail }) => {
  const user = await project.createUser();
  const authenticator = await project.enrol(user);
  await askForLink(page, user.email);
  await openMail(user.email);
  await page.getByLabel('Code', { exact: true }).fill(authenticator.code());
  await page.getByRole('button', { name: 'Verify' }).dblclick();
  await expect(passwordStep(page)).toBeVisible();
  await expect(page.getByRole('alert')).toHaveCount(0);
});

test('back and forward in mid-flow go on where it was', async ({ page, project, openMail }) => {
  const user = await project.createUser();
  const authenticator = await project.enrol(user);
  await askForLink(page, user.email);
  await openMail(user.email);
  await expect(codeStep(page)).toBeVisible();
  await page.goBack();
  await expect(page.getByRole('heading', { name: 'Forgot your password?' })).toBeVisible();
  await page.goForward();
  await enterCode(page, authenticator.code());
  await choosePassword(page, newPassword);
  await expect(done(page)).toBeVisible();
});
