/** The emails and the code of the page "Links, codes and tokens". */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { codeIn, linkIn, newestMail } from './mail.ts';
import { test } from './project.ts';
import { startReset } from './token-hash.ts';
import { askForCode, enterCode } from './typed-code.ts';
import { dataOf, userWithMfa } from './user-with-mfa.ts';

const template = (file: string) => readFileSync(join(import.meta.dirname, file), 'utf8');

test.describe('an email that links to a page with a button', () => {
  test.use({ recoveryMail: template('recovery-link.html') });

  test("its link gives a recovery session once, also in a browser that didn't ask for it", async ({
    project,
    newClient,
  }) => {
    const { email } = await userWithMfa(newClient());
    dataOf(await newClient().auth.resetPasswordForEmail(email));
    const page = new URL(linkIn(await newestMail(project.inbox, email)));
    expect(page.origin + page.pathname).toBe('http://localhost:4200/reset-password');

    const elsewhere = newClient();
    expect(await startReset(elsewhere, page)).toBeNull();
    expect(dataOf(await elsewhere.auth.mfa.getAuthenticatorAssuranceLevel())).toMatchObject({
      currentLevel: 'aal1',
      nextLevel: 'aal2',
    });
    expect(await startReset(newClient(), page)).toMatchObject({ status: 403, code: 'otp_expired' });
  });

  test('a page opened without a token gets no session', async ({ newClient }) => {
    const page = new URL('http://localhost:4200/reset-password');
    expect(await startReset(newClient(), page)).toMatchObject({ status: 400, code: 'validation_failed' });
  });
});

test.describe('an email with a code', () => {
  test.use({ recoveryMail: template('recovery-code.html') });

  test('its code gives a recovery session on another device, once', async ({ project, newClient }) => {
    const { email } = await userWithMfa(newClient());
    expect(await askForCode(newClient(), email)).toBeNull();
    const code = codeIn(await newestMail(project.inbox, email));

    const elsewhere = newClient();
    expect(await enterCode(elsewhere, email, code)).toBeNull();
    expect(dataOf(await elsewhere.auth.getSession()).session?.user.email).toBe(email);
    expect(await enterCode(newClient(), email, code)).toMatchObject({ status: 403, code: 'otp_expired' });
  });

  test("asking too often doesn't tell whether there's an account", async ({ newClient }) => {
    const { email } = await userWithMfa(newClient());
    for (let time = 0; time < 2; time++) expect(await askForCode(newClient(), email)).toBeNull();
    expect((await newClient().auth.resetPasswordForEmail(email)).error?.code).toBe('over_email_send_rate_limit');
  });
});
