/** The flow with a code by text message, as a person goes through it, with everything that can happen on the way. */
import { expect, type Locator, type Page } from '@playwright/test';
import {
  answerAtLoad,
  askForLink,
  choosePassword,
  done,
  enterCode,
  passwordStep,
  refusal,
  watchAnswers,
} from '../support/app.ts';
import { testEveryExample } from '../support/every-example.ts';
import { forEachExample, nightly, test, wholePath } from '../support/example.ts';
import { losses, sessionGone } from '../support/lost-session.ts';

forEachExample('phone', () => {
  testEveryExample(() => sessionGone, nightly);

  const oldPassword = 'the old password';
  const newPassword = 'the new password';

  const choiceStep = (page: Page) => page.getByRole('heading', { name: 'Confirm that it is you' });
  const phoneStep = (page: Page) => page.getByRole('heading', { name: 'Enter the code from your phone' });
  const authenticatorStep = (page: Page) =>
    page.getByRole('heading', { name: 'Enter the code from your authenticator' });
  const goOn = (page: Page) => page.getByRole('button', { name: 'Continue' });
  const sendAnother = (page: Page) => page.getByRole('button', { name: 'Send another code' });
  const useAnother = (page: Page) => page.getByRole('button', { name: 'Use another factor' });

  /**
   * Presses a button that sends a message until Auth sends it: within a second of another message, Auth refuses.
   * After each try, waits until the app shows the refusal, not only until it arrives. The button then moves down, and
   * a click at that moment would miss it.
   */
  async function send(page: Page, button: Locator): Promise<void> {
    await expect(button).toBeVisible();
    const statuses = await watchAnswers(page, '/challenge');
    const isSent = async () => (await statuses()).at(-1) === 200;
    do {
      await button.click();
      const isOver = async () => (await isSent()) || refusal(page, 'over_sms_send_rate_limit').isVisible();
      await expect.poll(isOver, { message: 'a message, or the refusal of one' }).toBe(true);
    } while (!(await isSent()));
  }

  /** Returns a code that isn't one of these. */
  const other = (codes: string[]) => ['111111', '222222', '333333'].find((code) => !codes.includes(code)) ?? '';

  test(
    'link, text message, code, new password: the old one is refused afterwards, the new one accepted',
    wholePath,
    async ({ page, project, openMail }) => {
      const user = await project.createUser();
      const phone = await project.enrollPhone(user);
      await askForLink(page, user.email);
      await openMail(user.email);

      await expect(choiceStep(page)).toBeVisible();
      await expect(page.getByRole('radio')).toHaveCount(1);
      await expect(page.getByLabel('Send a text message to Mobile')).toBeChecked();
      expect(await phone.codes(1)).toHaveLength(1); // sent by the enrollment: the link alone sends nothing

      await expect(page).toHaveTitle('Confirm that it is you · Your app');
      await send(page, goOn(page));
      const sent = Date.now();
      await expect(phoneStep(page)).toBeVisible();
      await expect(page).toHaveTitle('Enter the code from your phone · Your app');
      const field = page.getByLabel('Code', { exact: true });
      await expect(field).toBeFocused();
      const description =
        /^A code was sent to Mobile\. It is good until (\d+:\d\d:\d\d.*)\. Only the newest one works\.$/;
      await expect(field).toHaveAccessibleDescription(description);
      const [, until] = description.exec(await page.locator('#sent').innerText()) ?? [];
      const day = 86_400_000;
      const atThatTime = await page.evaluate((time) => Date.parse(`${new Date().toDateString()} ${time}`), until);
      const minutes = ((((atThatTime - sent) % day) + day) % day) / 60_000; // Auth counts five, and midnight may be in between
      expect(minutes).toBeGreaterThan(4.5);
      expect(minutes).toBeLessThan(5.1);
      await expect(useAnother(page)).toBeHidden();
      const [, code = ''] = await phone.codes(2);
      await enterCode(page, ` ${code.slice(0, 3)} ${code.slice(3)} `); // as some phones show it
      await expect(passwordStep(page)).toBeVisible();
      await choosePassword(page, newPassword);
      await expect(done(page)).toBeVisible();

      expect(await project.signIn(user.email, oldPassword)).toBe('invalid_credentials');
      expect(await project.signIn(user.email, newPassword)).toBe(true);
    },
  );

  test('a user with both factors can choose the phone', nightly, async ({ page, project, openMail }) => {
    const user = await project.createUser();
    await project.enroll(user);
    const phone = await project.enrollPhone(user);
    await askForLink(page, user.email);
    await openMail(user.email);
    await expect(page.getByRole('radio')).toHaveCount(2);
    await expect(page.getByLabel('Use the code in Authenticator app')).toBeChecked(); // the older factor
    await page.getByLabel('Send a text message to Mobile').check();
    await send(page, goOn(page));
    const [, code = ''] = await phone.codes(2);
    await enterCode(page, code);
    await choosePassword(page, newPassword);
    await expect(done(page)).toBeVisible();
  });

  test(
    'a user with both chooses the authenticator, and no message is sent',
    nightly,
    async ({ page, project, openMail }) => {
      const user = await project.createUser();
      const phone = await project.enrollPhone(user);
      const authenticator = await project.enroll(user);
      await askForLink(page, user.email);
      await openMail(user.email);
      await page.getByLabel('Use the code in Authenticator app').check();
      await goOn(page).click();
      await expect(authenticatorStep(page)).toBeVisible();
      await enterCode(page, authenticator.code());
      await choosePassword(page, newPassword);
      await expect(done(page)).toBeVisible();
      expect(await phone.codes(1)).toHaveLength(1);
    },
  );

  test('a user without their phone can switch to the authenticator', nightly, async ({ page, project, openMail }) => {
    const user = await project.createUser();
    const phone = await project.enrollPhone(user);
    const authenticator = await project.enroll(user);
    await askForLink(page, user.email);
    await openMail(user.email);
    await send(page, goOn(page));
    await expect(phoneStep(page)).toBeVisible();
    await useAnother(page).click();
    await page.getByLabel('Use the code in Authenticator app').check();
    await goOn(page).click();
    await expect(authenticatorStep(page)).toBeVisible();
    const [, code = ''] = await phone.codes(2);
    await enterCode(page, code === authenticator.code() ? other([code]) : code); // the phone's code, where the app asks for the authenticator's
    await expect(refusal(page, 'mfa_verification_failed')).toBeVisible();
    await enterCode(page, authenticator.code());
    await expect(passwordStep(page)).toBeVisible();
  });

  test(
    'with one authenticator and no phone there is nothing to choose',
    nightly,
    async ({ page, project, openMail }) => {
      const user = await project.createUser();
      const authenticator = await project.enroll(user);
      await askForLink(page, user.email);
      await openMail(user.email);
      await expect(authenticatorStep(page)).toBeVisible();
      await expect(useAnother(page)).toBeHidden();
      await enterCode(page, authenticator.code());
      await expect(passwordStep(page)).toBeVisible();
    },
  );

  test('a user without MFA is not asked for a code', nightly, async ({ page, project, openMail }) => {
    const user = await project.createUser();
    await askForLink(page, user.email);
    await openMail(user.email);
    await expect(passwordStep(page)).toBeVisible();
    await choosePassword(page, newPassword);
    await expect(done(page)).toBeVisible();
  });

  test('a wrong code can be corrected', async ({ page, project, openMail }) => {
    const user = await project.createUser();
    const phone = await project.enrollPhone(user);
    await askForLink(page, user.email);
    await openMail(user.email);
    await send(page, goOn(page));
    const codes = await phone.codes(2);
    await enterCode(page, other(codes));
    await expect(refusal(page, 'mfa_verification_failed')).toHaveText(
      'That’s not the right code. Use the code in the newest message, or the code that your authenticator shows now.',
    );
    await expect(page.getByLabel('Code', { exact: true })).toBeFocused();
    await enterCode(page, codes[1] ?? '');
    await expect(passwordStep(page)).toBeVisible();
  });

  test('only the newer of two messages has the code that works', nightly, async ({ page, project, openMail }) => {
    const user = await project.createUser();
    const phone = await project.enrollPhone(user);
    await askForLink(page, user.email);
    await openMail(user.email);
    await send(page, goOn(page));
    await expect(phoneStep(page)).toBeVisible();
    await send(page, sendAnother(page));
    await expect(page.getByLabel('Code', { exact: true })).toBeFocused();
    await expect(page.getByRole('alert')).toHaveCount(0);
    const [, older = '', newest = ''] = await phone.codes(3);
    await enterCode(page, older === newest ? other([newest]) : older);
    await expect(refusal(page, 'mfa_verification_failed')).toBeVisible();
    await enterCode(page, newest);
    await expect(passwordStep(page)).toBeVisible();
  });

  test(
    'asking for another message too soon is explained, and the last code stays good',
    nightly,
    async ({ page, project, openMail }) => {
      const user = await project.createUser();
      const phone = await project.enrollPhone(user);
      await askForLink(page, user.email);
      await openMail(user.email);
      await send(page, goOn(page));
      const [, code = ''] = await phone.codes(2);
      const statuses = await watchAnswers(page, '/challenge', { repeat: true });
      await sendAnother(page).click();
      await expect(refusal(page, 'over_sms_send_rate_limit')).toHaveText(
        'We sent a code a moment ago, and it still works. Wait a minute before you ask for another.',
      );
      await expect(sendAnother(page)).toBeFocused();
      expect((await statuses()).at(-1)).toBe(429);
      await enterCode(page, code);
      await expect(passwordStep(page)).toBeVisible();
    },
  );

  test(
    'after choosing the phone again too soon, the code that was sent still works',
    nightly,
    async ({ page, project, openMail }) => {
      const user = await project.createUser();
      const phone = await project.enrollPhone(user);
      await project.enroll(user);
      await askForLink(page, user.email);
      await openMail(user.email);
      await send(page, goOn(page));
      const [, code = ''] = await phone.codes(2);
      await useAnother(page).click();
      const statuses = await watchAnswers(page, '/challenge', { repeat: true });
      await goOn(page).click();
      await expect(phoneStep(page)).toBeVisible();
      expect((await statuses()).at(-1)).toBe(429);
      await enterCode(page, code);
      await expect(passwordStep(page)).toBeVisible();
    },
  );

  test(
    'too soon after a message that is not of this reset, the user has to wait',
    nightly,
    async ({ page, project, openMail }) => {
      const user = await project.createUser();
      const phone = await project.enrollPhone(user);
      await askForLink(page, user.email);
      await openMail(user.email);
      await expect(choiceStep(page)).toBeVisible();
      await watchAnswers(page, '/challenge', { repeat: true });
      await goOn(page).click();
      await expect(refusal(page, 'over_sms_send_rate_limit')).toBeVisible();
      await expect(goOn(page)).toBeFocused();
      await page.reload();
      await expect(choiceStep(page)).toBeVisible();
      await send(page, goOn(page));
      await enterCode(page, (await phone.codes(2)).at(-1) ?? '');
      await expect(passwordStep(page)).toBeVisible();
    },
  );

  const refusals = {
    mfa_challenge_expired: {
      message: 'MFA challenge has expired, verify against another challenge or create a new challenge.',
      text: 'This code no longer works: it’s too old, it was already used, or your connection has changed since you asked for it. Get a new code.',
    },
    mfa_factor_not_found: {
      message: 'MFA factor with the provided challenge ID not found',
      text: 'This code is too old, or its phone was removed from your account. Get a new one, or reload the page to choose again.',
    },
  };
  for (const [code, { message, text }] of Object.entries(refusals)) {
    test(`${code}: another code is asked for, and works`, nightly, async ({ page, project, openMail }) => {
      const user = await project.createUser();
      const phone = await project.enrollPhone(user);
      await askForLink(page, user.email);
      await openMail(user.email);
      await send(page, goOn(page));
      await expect(phoneStep(page)).toBeVisible();
      const statuses = await watchAnswers(page, '/verify', { refuse: 1, code, message });
      await enterCode(page, (await phone.codes(2)).at(-1) ?? '');
      await expect(refusal(page, code)).toHaveText(text);
      await send(page, sendAnother(page));
      await expect(page.getByRole('alert')).toHaveCount(0);
      await enterCode(page, (await phone.codes(3)).at(-1) ?? '');
      await expect(passwordStep(page)).toBeVisible();
      expect(await statuses()).toEqual([422, 200]);
    });
  }

  test(
    'a challenge that is used up, as after a lost answer: another code is asked for, and works',
    nightly,
    async ({ page, project, openMail }) => {
      const user = await project.createUser();
      const phone = await project.enrollPhone(user);
      await askForLink(page, user.email);
      await openMail(user.email);
      await send(page, goOn(page));
      await expect(phoneStep(page)).toBeVisible();
      const statuses = await watchAnswers(page, '/verify', { repeat: true });
      await enterCode(page, (await phone.codes(2)).at(-1) ?? '');
      await expect(refusal(page, 'mfa_ip_address_mismatch')).toHaveText(refusals.mfa_challenge_expired.text);
      await send(page, sendAnother(page));
      await enterCode(page, (await phone.codes(3)).at(-1) ?? '');
      await expect(passwordStep(page)).toBeVisible();
      expect(await statuses()).toEqual([200, 422, 200]);
      await choosePassword(page, newPassword);
      await expect(done(page)).toBeVisible();
    },
  );

  test('a reload continues with the message that was sent', nightly, async ({ page, project, openMail }) => {
    const user = await project.createUser();
    const phone = await project.enrollPhone(user);
    await project.enroll(user);
    await askForLink(page, user.email);
    await openMail(user.email);
    await send(page, goOn(page));
    await expect(phoneStep(page)).toBeVisible();
    await page.reload();
    await expect(phoneStep(page)).toBeVisible();
    const codes = await phone.codes(2);
    expect(codes).toHaveLength(2);
    await enterCode(page, codes[1] ?? '');
    await expect(passwordStep(page)).toBeVisible();
    await page.reload();
    await choosePassword(page, newPassword);
    await expect(done(page)).toBeVisible();
  });

  test(
    'a reload goes on with the message even where the phone is the newer factor',
    nightly,
    async ({ page, project, openMail }) => {
      const user = await project.createUser();
      await project.enroll(user);
      const phone = await project.enrollPhone(user);
      await askForLink(page, user.email);
      await openMail(user.email);
      await page.getByLabel('Send a text message to Mobile').check();
      await send(page, goOn(page));
      await expect(phoneStep(page)).toBeVisible();
      await page.reload();
      await expect(phoneStep(page)).toBeVisible();
      await enterCode(page, (await phone.codes(2)).at(-1) ?? '');
      await expect(passwordStep(page)).toBeVisible();
    },
  );

  test(
    'a message to a phone that was removed meanwhile is not gone on with',
    nightly,
    async ({ page, project, openMail }) => {
      const user = await project.createUser();
      await project.enroll(user, 'Tablet');
      const authenticator = await project.enroll(user);
      const phone = await project.enrollPhone(user);
      await askForLink(page, user.email);
      await openMail(user.email);
      await page.getByLabel('Send a text message to Mobile').check();
      await send(page, goOn(page));
      await expect(phoneStep(page)).toBeVisible();
      const { error } = await user.client.auth.mfa.unenroll({ factorId: phone.factorId });
      expect(error).toBeNull();
      await page.reload();
      await expect(choiceStep(page)).toBeVisible();
      await expect(page.getByRole('radio')).toHaveCount(2);
      await page.getByLabel('Use the code in Authenticator app').check();
      await goOn(page).click();
      await enterCode(page, authenticator.code());
      await expect(passwordStep(page)).toBeVisible();
    },
  );

  test(
    'a security key alone is a factor that this app does not ask for: the password stays',
    nightly,
    async ({ page, project, openMail }) => {
      const user = await project.createUser();
      await project.enroll(user);
      await askForLink(page, user.email);
      await openMail(user.email);
      await expect(authenticatorStep(page)).toBeVisible();
      // Auth's real answer, but with a factor of another type.
      const { data } = await user.client.auth.getUser();
      const factors = data.user?.factors?.map((factor) => ({ ...factor, factor_type: 'webauthn' }));
      await answerAtLoad(page, '/user', { status: 200, body: { ...data.user, factors } });
      await page.reload();
      await expect(page.getByRole('heading', { name: 'Another second factor is needed' })).toBeFocused();
      await expect(passwordStep(page)).toHaveCount(0);
    },
  );

  test(
    'Auth can\'t be reached while the page loads: "Try again" continues',
    nightly,
    async ({ page, project, openMail }) => {
      const user = await project.createUser();
      const authenticator = await project.enroll(user);
      await askForLink(page, user.email);
      await answerAtLoad(page, '/user');
      await openMail(user.email);
      await expect(page.getByRole('heading', { name: 'We couldn’t reach the server' })).toBeFocused();
      await page.getByRole('button', { name: 'Try again' }).click();
      await enterCode(page, authenticator.code());
      await expect(passwordStep(page)).toBeVisible();
    },
  );

  test('a session that ended elsewhere asks for a new link', nightly, async ({ page, project, openMail }) => {
    const user = await project.createUser();
    const authenticator = await project.enroll(user);
    await project.enrollPhone(user);
    await askForLink(page, user.email);
    await openMail(user.email);
    await page.getByLabel('Send a text message to Mobile').check();
    // Verifying on another device ends every aal1 session of the user, also the session in this page.
    const elsewhere = project.client();
    await elsewhere.auth.signInWithPassword({ email: user.email, password: oldPassword });
    const { error } = await elsewhere.auth.mfa.challengeAndVerify({
      factorId: authenticator.factorId,
      code: authenticator.code(),
    });
    expect(error).toBeNull();
    await goOn(page).click();
    await expect(refusal(page, 'AuthSessionMissingError')).toHaveText(sessionGone);
    await askForLink(page, user.email);
  });

  for (const [how, { lose, code, mfaCode = code }] of Object.entries(losses)) {
    test(`a session ${how}, at the choice: a new link is offered`, nightly, async ({ page, project, openMail }) => {
      const user = await project.createUser();
      await project.enrollPhone(user);
      await askForLink(page, user.email);
      await openMail(user.email);
      await expect(choiceStep(page)).toBeVisible();
      await lose(page, project);
      await goOn(page).click();
      await expect(refusal(page, mfaCode)).toHaveText(sessionGone);
      await askForLink(page, user.email);
    });

    test(
      `a session ${how}, at the phone's code: a new link is offered`,
      nightly,
      async ({ page, project, openMail }) => {
        const user = await project.createUser();
        const phone = await project.enrollPhone(user);
        await askForLink(page, user.email);
        await openMail(user.email);
        await send(page, goOn(page));
        await expect(phoneStep(page)).toBeVisible();
        await lose(page, project);
        await enterCode(page, (await phone.codes(2)).at(-1) ?? '');
        await expect(refusal(page, mfaCode)).toHaveText(sessionGone);
        await askForLink(page, user.email);
      },
    );

    test(
      `a session ${how}, at another message: a new link is offered`,
      nightly,
      async ({ page, project, openMail }) => {
        const user = await project.createUser();
        await project.enrollPhone(user);
        await askForLink(page, user.email);
        await openMail(user.email);
        await send(page, goOn(page));
        await expect(phoneStep(page)).toBeVisible();
        await lose(page, project);
        await sendAnother(page).click();
        await expect(refusal(page, mfaCode)).toHaveText(sessionGone);
        await askForLink(page, user.email);
      },
    );

    test(
      `a session ${how}, at the authenticator's code: a new link is offered`,
      nightly,
      async ({ page, project, openMail }) => {
        const user = await project.createUser();
        const authenticator = await project.enroll(user);
        await askForLink(page, user.email);
        await openMail(user.email);
        await expect(authenticatorStep(page)).toBeVisible();
        await lose(page, project);
        await enterCode(page, authenticator.code());
        await expect(refusal(page, mfaCode)).toHaveText(sessionGone);
        await askForLink(page, user.email);
      },
    );
  }

  test(
    'a phone that was removed meanwhile is told, and a reload finds the way',
    nightly,
    async ({ page, project, openMail }) => {
      const user = await project.createUser();
      const phone = await project.enrollPhone(user);
      await askForLink(page, user.email);
      await openMail(user.email);
      await expect(choiceStep(page)).toBeVisible();
      const { error } = await user.client.auth.mfa.unenroll({ factorId: phone.factorId });
      expect(error).toBeNull();
      await goOn(page).click();
      await expect(refusal(page, 'mfa_factor_not_found')).toHaveText(refusals.mfa_factor_not_found.text);
      await page.reload();
      await expect(passwordStep(page)).toBeVisible();
    },
  );

  test(
    'a session that lost its level is asked for the other factor when the password is saved',
    nightly,
    async ({ page, project, openMail }) => {
      const user = await project.createUser();
      const authenticator = await project.enroll(user);
      const phone = await project.enrollPhone(user);
      await askForLink(page, user.email);
      await openMail(user.email);
      await page.getByLabel('Send a text message to Mobile').check();
      await send(page, goOn(page));
      await enterCode(page, (await phone.codes(2)).at(-1) ?? '');
      await expect(passwordStep(page)).toBeVisible();
      const { error } = await user.client.auth.mfa.unenroll({ factorId: phone.factorId });
      expect(error).toBeNull();
      await choosePassword(page, newPassword);
      await expect(authenticatorStep(page)).toBeVisible();
      await enterCode(page, authenticator.code());
      await choosePassword(page, newPassword);
      await expect(done(page)).toBeVisible();
    },
  );

  test('without a connection no message is sent and nothing is lost', nightly, async ({ page, project, openMail }) => {
    const user = await project.createUser();
    const phone = await project.enrollPhone(user);
    await askForLink(page, user.email);
    await openMail(user.email);
    await expect(choiceStep(page)).toBeVisible();
    await watchAnswers(page, '/challenge', { refuse: 1 });
    await goOn(page).click();
    await expect(refusal(page, 'AuthRetryableFetchError')).toHaveText(
      'We couldn’t reach the server. Check your connection and try again.',
    );
    expect(await phone.codes(1)).toHaveLength(1);
    await send(page, goOn(page));
    await enterCode(page, (await phone.codes(2)).at(-1) ?? '');
    await expect(passwordStep(page)).toBeVisible();
  });
});
