/** The recommended flow, as a person goes through it, with everything that can happen on the way. */
import type { Page } from '@playwright/test';
import { expect } from '@playwright/test';
import {
  answerAtLoad,
  askForLink,
  choosePassword,
  done,
  enterCode,
  holdCalls,
  passwordStep,
  refusal,
  watchAnswers,
} from '../support/app.ts';
import { testEveryExample } from '../support/every-example.ts';
import { forEachExample, nightly, test, wholePath } from '../support/example.ts';
import { losses, sessionGone } from '../support/lost-session.ts';

forEachExample('totp', () => {
  testEveryExample(() => sessionGone, {});

  const oldPassword = 'the old password';
  const newPassword = 'the new password';

  const codeStep = (page: Page) => page.getByRole('heading', { name: 'Enter the code from your authenticator' });
  const choice = (page: Page) => page.getByRole('combobox', { name: 'Authenticator' });

  test(
    'link, code, new password: the old one is refused afterwards, the new one accepted',
    wholePath,
    async ({ page, project, openMail }) => {
      const user = await project.createUser();
      const authenticator = await project.enroll(user);
      await askForLink(page, user.email);
      await openMail(user.email);

      await expect(codeStep(page)).toBeVisible();
      await expect(page).toHaveTitle('Enter the code from your authenticator · Your app');
      await expect(choice(page)).toBeHidden();
      const code = authenticator.code();
      await enterCode(page, ` ${code.slice(0, 3)} ${code.slice(3)} `); // as authenticators show it
      await expect(passwordStep(page)).toBeVisible();
      await expect(page).toHaveTitle('Choose a new password · Your app');
      await choosePassword(page, newPassword);
      await expect(done(page)).toBeVisible();
      await expect(page).toHaveTitle('Your password was changed · Your app');

      expect(await project.signIn(user.email, oldPassword)).toBe('invalid_credentials');
      expect(await project.signIn(user.email, newPassword)).toBe(true);
    },
  );

  test('only the new password signs the user in', nightly, async ({ page, project, openMail }) => {
    const user = await project.createUser();
    const authenticator = await project.enroll(user);
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

  test('a clock that is set back during the flow stops nobody', nightly, async ({ page, project, openMail, host }) => {
    await page.clock.install();
    await page.reload();
    const user = await project.createUser();
    const authenticator = await project.enroll(user);
    await askForLink(page, user.email);
    await openMail(user.email);
    await expect(codeStep(page)).toBeVisible();
    await page.clock.setSystemTime(Date.now() - 10 * 60_000);
    const steps = host === 'page' ? -20 : 0; // in the page, the project's clock is the browser's
    await enterCode(page, authenticator.code(steps));
    await choosePassword(page, newPassword);
    await expect(done(page)).toBeVisible();
    expect(await project.signIn(user.email, newPassword)).toBe(true);
  });

  test('a user without MFA is not asked for a code', nightly, async ({ page, project, openMail }) => {
    const user = await project.createUser();
    await askForLink(page, user.email);
    await openMail(user.email);
    await expect(passwordStep(page)).toBeVisible();
    await choosePassword(page, newPassword);
    await expect(done(page)).toBeVisible();
    expect(await project.signIn(user.email, newPassword)).toBe(true);
  });

  test('a user with an unverified factor is asked for no code either', nightly, async ({ page, project, openMail }) => {
    const user = await project.createUser();
    await project.enroll(user, 'never finished', { verified: false });
    await askForLink(page, user.email);
    await openMail(user.email);
    await expect(passwordStep(page)).toBeVisible();
    await choosePassword(page, newPassword);
    await expect(done(page)).toBeVisible();
  });

  test('a user with several authenticators chooses one', nightly, async ({ page, project, openMail }) => {
    const user = await project.createUser();
    await project.enroll(user, 'Phone');
    const tablet = await project.enroll(user, 'Tablet');
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

  test('a wrong code can be corrected', async ({ page, project, openMail }) => {
    const user = await project.createUser();
    const authenticator = await project.enroll(user);
    await askForLink(page, user.email);
    await openMail(user.email);
    await enterCode(page, authenticator.wrongCode());
    await expect(refusal(page, 'mfa_verification_failed')).toHaveText(
      'That’s not the current code. If this happens again, let your phone set its clock automatically.',
    );
    await expect(page.getByLabel('Code', { exact: true })).toBeFocused();
    await enterCode(page, authenticator.code());
    await expect(passwordStep(page)).toBeVisible();
    await expect(page.getByRole('alert')).toHaveCount(0);
  });

  test('an empty code is not sent', nightly, async ({ page, project, openMail }) => {
    const user = await project.createUser();
    await project.enroll(user);
    await askForLink(page, user.email);
    await openMail(user.email);
    await expect(codeStep(page)).toBeVisible();
    const statuses = await watchAnswers(page, '/challenge');
    await enterCode(page, '');
    await expect(page.locator('input:invalid')).toHaveCount(1);
    await expect(page.getByLabel('Code', { exact: true })).toBeFocused();
    expect(await statuses()).toEqual([]);
  });

  test('an error disappears while the next try runs', nightly, async ({ page, project, openMail }) => {
    const user = await project.createUser();
    const authenticator = await project.enroll(user);
    await askForLink(page, user.email);
    await openMail(user.email);
    await enterCode(page, authenticator.wrongCode());
    await expect(page.getByRole('alert')).toHaveCount(1);
    const calls = await holdCalls(page, '/challenge');
    await enterCode(page, authenticator.code());
    await expect.poll(calls.asked).toBe(1);
    await expect(page.getByRole('alert')).toHaveCount(0);
    await calls.release();
    await expect(passwordStep(page)).toBeVisible();
  });

  test(
    'an authenticator that was removed meanwhile is told, and a reload finds the way',
    nightly,
    async ({ page, project, openMail }) => {
      const user = await project.createUser();
      const authenticator = await project.enroll(user);
      await askForLink(page, user.email);
      await openMail(user.email);
      await expect(codeStep(page)).toBeVisible();
      const { error } = await user.client.auth.mfa.unenroll({ factorId: authenticator.factorId });
      expect(error).toBeNull();
      await enterCode(page, authenticator.code());
      await expect(refusal(page, 'mfa_factor_not_found')).toHaveText(
        'This authenticator was removed from your account. Reload the page to go on.',
      );
      await page.reload();
      await expect(passwordStep(page)).toBeVisible();
    },
  );

  test('too many tries are reported', nightly, async ({ page, project, openMail }) => {
    const user = await project.createUser();
    const authenticator = await project.enroll(user);
    await askForLink(page, user.email);
    await openMail(user.email);
    await expect(codeStep(page)).toBeVisible();
    const code = 'over_request_rate_limit';
    await watchAnswers(page, '/verify', { refuse: 1, status: 429, code, message: 'Request rate limit reached' });
    await enterCode(page, authenticator.code());
    await expect(refusal(page, code)).toHaveText('Too many tries. Wait a minute, then try again.');
  });

  test(
    "a user with only a phone is stopped, because this app can't ask for its code: the password stays",
    nightly,
    async ({ page, project, openMail }) => {
      const user = await project.createUser();
      await project.enrollPhone(user);
      await askForLink(page, user.email);
      await openMail(user.email);
      await expect(page.getByRole('heading', { name: 'Another second factor is needed' })).toBeFocused();
      await expect(passwordStep(page)).toHaveCount(0);
      await page.getByRole('link', { name: 'Start again' }).click();
      await expect(page.getByRole('form', { name: 'Forgot your password?' })).toBeVisible();
    },
  );

  test('a code of two steps ago is refused', nightly, async ({ page, project, openMail }) => {
    const user = await project.createUser();
    const authenticator = await project.enroll(user);
    await askForLink(page, user.email);
    await openMail(user.email);
    await enterCode(page, authenticator.code(-3));
    await expect(refusal(page, 'mfa_verification_failed')).toBeVisible();
  });

  test("a password that's too short is refused before Auth is asked", nightly, async ({ page, project, openMail }) => {
    const user = await project.createUser();
    const authenticator = await project.enroll(user);
    await askForLink(page, user.email);
    await openMail(user.email);
    await enterCode(page, authenticator.code());
    const field = page.getByLabel('New password');
    await expect(field).toHaveAccessibleDescription('Use at least 6 characters.');
    await expect(field).toHaveAttribute('autocomplete', 'new-password'); // a password manager offers a new one
    await choosePassword(page, 'short');
    await expect(refusal(page, 'weak_password')).toHaveText('Use at least 6 characters.');
    await choosePassword(page, newPassword);
    await expect(done(page)).toBeVisible();
  });

  test(
    'the old password is refused as the new one, and another one can be tried at once',
    nightly,
    async ({ page, project, openMail }) => {
      const user = await project.createUser();
      const authenticator = await project.enroll(user);
      await askForLink(page, user.email);
      await openMail(user.email);
      await enterCode(page, authenticator.code());
      await choosePassword(page, oldPassword);
      await expect(refusal(page, 'same_password')).toHaveText('That’s your old password. Choose another one.');
      await choosePassword(page, newPassword);
      await expect(done(page)).toBeVisible();
    },
  );

  test('a reload in mid-flow continues where it was', nightly, async ({ page, project, openMail }) => {
    const user = await project.createUser();
    const authenticator = await project.enroll(user);
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
      'This link has already been used, or it’s too old. Each link works once, and only the newest email counts. Ask for a new link.',
    );
    await expect(page.getByRole('button', { name: 'Send reset link' })).toBeVisible();
  });

  test('asking again too soon gives the same answer, although Auth refuses', nightly, async ({ page, project }) => {
    const user = await project.createUser();
    const statuses = await watchAnswers(page, '/recover', { repeat: true });
    await askForLink(page, user.email);
    const all = await statuses();
    expect([all[0], all.at(-1)]).toEqual([200, 429]);
    await expect(page.getByRole('alert')).toHaveCount(0);
  });

  /** Refusals that would reveal an account, and Auth's answers when it can't send an email: each looks like a sent email. */
  const revealingAnswers = [
    [400, 'email_address_not_authorized', 'Email address "ada@example.com" cannot be used as it is not authorized'],
    [400, 'email_address_invalid', 'Email address "ada@example.com" is invalid'],
    [429, 'over_email_send_rate_limit', 'email rate limit exceeded'],
    [429, 'over_email_send_rate_limit', 'For security purposes, you can only request this after 59 seconds.'],
    [500, 'unexpected_failure', 'Error sending recovery email'],
    [504, 'request_timeout', 'Processing this request timed out, please retry after a moment.'],
  ] as const;
  test(
    'a refusal that would reveal an account looks like any other answer, and so does an unknown address',
    nightly,
    async ({ page, project }) => {
      await project.createUser();
      for (const [status, code, message] of revealingAnswers) {
        await page.reload();
        const statuses = await watchAnswers(page, '/recover', { refuse: 1, status, code, message });
        await askForLink(page, 'ada@example.com');
        await expect(page.getByRole('alert'), message).toHaveCount(0);
        expect(await statuses()).toEqual([status]);
      }
      await page.reload();
      await askForLink(page, 'nobody@example.com'); // has no account
      await expect(page.getByRole('alert')).toHaveCount(0);
    },
  );

  const silentAnswers = [
    [400, 'validation_failed', 'Unable to validate email address: invalid format', undefined],
    [429, 'over_request_rate_limit', 'Request rate limit reached', 'Too many tries. Wait a minute, then try again.'],
    [0, '', '', 'We couldn’t reach the server. Check your connection and try again.'],
  ] as const;
  test('errors that reveal nothing about accounts are shown', nightly, async ({ page, project }) => {
    await project.createUser();
    for (const [status, code, message, text = message] of silentAnswers) {
      await page.reload();
      await watchAnswers(page, '/recover', { refuse: 1, status, code, message });
      const form = page.getByRole('form', { name: 'Forgot your password?' });
      await form.getByLabel('Email').fill('ada@example.com');
      await form.getByRole('button', { name: 'Send reset link' }).click();
      await expect(refusal(page, code || 'AuthRetryableFetchError')).toHaveText(text);
      await expect(form.getByRole('status')).toBeEmpty();
    }
  });

  test('a session that ended elsewhere asks for a new link', nightly, async ({ page, project, openMail }) => {
    const user = await project.createUser();
    const authenticator = await project.enroll(user);
    await askForLink(page, user.email);
    await openMail(user.email);
    await expect(codeStep(page)).toBeVisible();
    // Verifying on another device ends every aal1 session of the user, also the session in this page.
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

  for (const [how, { lose, code, mfaCode = code, isNightly }] of Object.entries(losses)) {
    test(
      `a session ${how}, at the code: a new link is offered`,
      isNightly ? nightly : {},
      async ({ page, project, openMail }) => {
        const user = await project.createUser();
        const authenticator = await project.enroll(user);
        await askForLink(page, user.email);
        await openMail(user.email);
        await expect(codeStep(page)).toBeVisible();
        await lose(page, project);
        await enterCode(page, authenticator.code());
        await expect(refusal(page, mfaCode)).toHaveText(sessionGone);
        await askForLink(page, user.email);
      },
    );
  }

  test(
    'a session that lost its level is asked for another factor when the password is saved',
    nightly,
    async ({ page, project, openMail }) => {
      const user = await project.createUser();
      const phone = await project.enroll(user, 'Phone');
      const tablet = await project.enroll(user, 'Tablet');
      await askForLink(page, user.email);
      await openMail(user.email);
      await choice(page).selectOption('Phone');
      await enterCode(page, phone.code());
      await expect(passwordStep(page)).toBeVisible();
      // Removing the factor that raised the session lowers the session's level, but not the level in the current token.
      const { error } = await user.client.auth.mfa.unenroll({ factorId: phone.factorId });
      expect(error).toBeNull();
      await choosePassword(page, newPassword);
      await expect(codeStep(page)).toBeVisible();
      await enterCode(page, tablet.code());
      await choosePassword(page, newPassword);
      await expect(done(page)).toBeVisible();
    },
  );

  const refusals = {
    mfa_ip_address_mismatch: 'Challenge and verify IP addresses mismatch.',
    mfa_challenge_expired: 'MFA challenge has expired, verify against another challenge or create a new challenge.',
  };
  for (const [code, message] of Object.entries(refusals)) {
    test(`after ${code} a new challenge is tried once`, nightly, async ({ page, project, openMail }) => {
      const user = await project.createUser();
      const authenticator = await project.enroll(user);
      await askForLink(page, user.email);
      await openMail(user.email);
      await expect(codeStep(page)).toBeVisible();
      const statuses = await watchAnswers(page, '/verify', { refuse: 1, code, message });
      await enterCode(page, authenticator.code());
      await expect(passwordStep(page)).toBeVisible();
      expect(await statuses()).toEqual([422, 200]);
    });

    test(`a second ${code} is explained`, nightly, async ({ page, project, openMail }) => {
      const user = await project.createUser();
      const authenticator = await project.enroll(user);
      await askForLink(page, user.email);
      await openMail(user.email);
      await expect(codeStep(page)).toBeVisible();
      const statuses = await watchAnswers(page, '/verify', { refuse: 2, code, message });
      await enterCode(page, authenticator.code());
      await expect(refusal(page, code)).toHaveText(
        'We couldn’t check your code. Stay on one connection (switching networks or a VPN gets in the way) and try again.',
      );
      await enterCode(page, authenticator.code());
      await expect(passwordStep(page)).toBeVisible();
      expect(await statuses()).toEqual([422, 422, 200]);
    });
  }

  test('without a connection nothing is lost', nightly, async ({ page, project, openMail }) => {
    const user = await project.createUser();
    await askForLink(page, user.email);
    await openMail(user.email);
    await expect(passwordStep(page)).toBeVisible();
    await watchAnswers(page, '/user', { refuse: 1 });
    await choosePassword(page, newPassword);
    await expect(refusal(page, 'AuthRetryableFetchError')).toHaveText(
      'We couldn’t reach the server. Check your connection and try again.',
    );
    await choosePassword(page, newPassword);
    await expect(done(page)).toBeVisible();
  });

  test('a double click verifies once, and saves once', async ({ page, project, openMail }) => {
    const user = await project.createUser();
    const authenticator = await project.enroll(user);
    await askForLink(page, user.email);
    await openMail(user.email);
    await page.getByLabel('Code', { exact: true }).fill(authenticator.code());
    const challenges = await holdCalls(page, '/challenge');
    const verified = await watchAnswers(page, '/verify');
    await page.getByRole('button', { name: 'Verify' }).dblclick();
    await expect(page.getByRole('button', { name: 'Verify' })).toBeDisabled();
    await challenges.release();
    await expect(passwordStep(page)).toBeVisible();
    expect([await challenges.asked(), await verified()]).toEqual([1, [200]]);

    await page.getByLabel('New password').fill(newPassword);
    const saves = await holdCalls(page, '/user');
    await page.getByRole('button', { name: 'Save new password' }).dblclick();
    await expect(page.getByRole('button', { name: 'Save new password' })).toBeDisabled();
    await saves.release();
    await expect(done(page)).toBeVisible();
    expect(await saves.asked()).toBe(1);
  });

  test(
    'out of reach while the link opens: nothing is lost, and "Try again" goes on',
    nightly,
    async ({ page, project, openMail }) => {
      const user = await project.createUser();
      const authenticator = await project.enroll(user);
      await askForLink(page, user.email);
      await answerAtLoad(page, '/user');
      await openMail(user.email);
      await expect(page.getByRole('heading', { name: 'We couldn’t reach the server' })).toBeFocused();
      await page.getByRole('button', { name: 'Try again' }).click();
      await expect(codeStep(page)).toBeVisible();
      // The same when the session already exists and the factors can't be listed.
      await page.reload();
      await expect(page.getByRole('heading', { name: 'We couldn’t reach the server' })).toBeFocused();
      await page.getByRole('button', { name: 'Try again' }).click();
      await enterCode(page, authenticator.code());
      await expect(passwordStep(page)).toBeVisible();
    },
  );

  test(
    'a refusal to list the factors is told, and no password is asked for',
    nightly,
    async ({ page, project, openMail }) => {
      const user = await project.createUser();
      await project.enroll(user);
      await askForLink(page, user.email);
      await openMail(user.email);
      await expect(codeStep(page)).toBeVisible();
      const code = 'over_request_rate_limit';
      await answerAtLoad(page, '/user', { status: 429, body: { code, message: 'Request rate limit reached' } });
      await page.reload();
      await expect(refusal(page, code)).toHaveText('Too many tries. Wait a minute, then try again.');
      await expect(passwordStep(page)).toHaveCount(0);
    },
  );

  test(
    'after signing in, second factors of every type that were never finished can be removed',
    nightly,
    async ({ page, project }) => {
      const user = await project.createUser();
      const mfa = user.client.auth.mfa;
      const { error } = await mfa.enroll({ factorType: 'phone', friendlyName: 'Mobile', phone: '+15551234567' });
      expect(error).toBeNull();
      await project.enroll(user); // The user verified this factor, so the unfinished phone stays.
      await project.enroll(user, 'Tablet', { verified: false });
      const form = page.getByRole('form', { name: 'Sign in' });
      await form.getByLabel('Email').fill(user.email);
      await form.getByLabel('Password').fill(oldPassword);
      await form.getByRole('button', { name: 'Sign in' }).click();

      const mobile = page.getByRole('form', { name: 'Mobile (phone)' });
      await expect(page.getByRole('heading', { name: 'A second factor that was never finished' })).toHaveCount(2);
      await expect(page.getByRole('form', { name: 'Tablet (authenticator)' })).toBeVisible();
      await mobile.getByRole('button', { name: 'Remove' }).click();
      await expect(mobile).toHaveText('Removed: Mobile (phone)');
      await expect(mobile).toBeFocused();
      const { data } = await mfa.listFactors();
      expect(data?.all.map(({ friendly_name, status }) => `${friendly_name} ${status}`).sort()).toEqual([
        'Authenticator app verified',
        'Tablet unverified',
      ]);
    },
  );

  test('a user without an unfinished factor sees none', nightly, async ({ page, project }) => {
    const user = await project.createUser();
    await project.enroll(user);
    const form = page.getByRole('form', { name: 'Sign in' });
    await form.getByLabel('Email').fill(user.email);
    await form.getByLabel('Password').fill(oldPassword);
    await form.getByRole('button', { name: 'Sign in' }).click();
    await expect(form.getByRole('button')).toBeEnabled();
    await expect(form.getByRole('status')).toContainText('You are signed in (aal1).');
    await expect(page.getByRole('button', { name: 'Remove' })).toHaveCount(0);
  });

  test('Back and Forward in mid-flow continue where it was', nightly, async ({ page, project, openMail }) => {
    const user = await project.createUser();
    const authenticator = await project.enroll(user);
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
});
