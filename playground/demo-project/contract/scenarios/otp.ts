/** `POST /otp` and `POST /magiclink`: signing in by email or text message, without a password. */
import { open, parametersOf, pkce, tokenIn, verifier } from '../given.ts';
import { scenario } from '../scenario.ts';

export const heading = 'Magic links and one-time passwords';

export const scenarios = [
  scenario('magic-link', 'A magic link signs in at aal1, and amr says otp', async (project) => {
    const ada = await project.given.user();
    await project.sendLogged('POST /otp', { body: { email: ada.email } });
    const [mail] = await project.mails(ada.email);
    await project.sendLogged(open(mail?.links[0]));
    await project.send(open(mail?.links[0]));
  }),
  scenario(
    'magic-link-cannot-change-password',
    'A magic-link session counts as a recovery session, and is at aal1 as well',
    async (project) => {
      const ada = await project.given.userWithFactor();
      const session = await project.given.magicLinkSession(ada);
      await project.send('PUT /user', { as: session, body: { password: 'a new password' } });
    },
  ),
  scenario('magic-link-with-pkce', 'With PKCE, amr says magiclink', async (project) => {
    const ada = await project.given.user();
    await project.send('POST /otp', { body: { email: ada.email, ...pkce } });
    const [mail] = await project.mails(ada.email);
    const code = parametersOf(await project.send(open(mail?.links[0]))).get('code');
    await project.sendLogged('POST /token?grant_type=pkce', { body: { auth_code: code, code_verifier: verifier } });
  }),
  scenario('magic-link-hash', 'The hash of a magic link can be verified by POST', async (project) => {
    const ada = await project.given.user();
    for (const type of ['email', 'magiclink', 'recovery']) {
      await project.send('POST /otp', { body: { email: ada.email } });
      const [mail] = await project.mails(ada.email);
      await project.send('POST /verify', { body: { type, token_hash: tokenIn(mail?.links[0]) } });
      await project.pass('2s');
    }
  }),
  scenario('otp-makes-users', 'An unknown address is signed up, unless create_user is false', async (project) => {
    const email = project.email('ada');
    await project.sendLogged('POST /otp', { body: { email, create_user: false } });
    await project.mails(email);
    await project.sendLogged('POST /otp', { body: { email, data: { name: 'Ada' } } });
    const [mail] = await project.mails(email);
    await project.send(open(mail?.links[0]));
    await project.pass('2s');
    await project.send('POST /otp', { body: { email, create_user: false } });
    await project.mails(email);
  }),
  scenario(
    'otp-makes-users-who-must-confirm',
    'With confirmations on, a new user gets a confirmation email',
    async (project) => {
      const email = project.email('ada');
      await project.sendLogged('POST /otp', { body: { email } });
      const [mail] = await project.mails(email);
      await project.send(open(mail?.links[0]));
    },
    'confirm-email',
  ),
  scenario(
    'otp-too-soon',
    'There must be a minute between two emails',
    async (project) => {
      const ada = await project.given.user();
      await project.send('POST /otp', { body: { email: ada.email } });
      await project.sendLogged('POST /otp', { body: { email: ada.email } });
      await project.send('POST /recover', { body: { email: ada.email } });
      await project.mails(ada.email);
    },
    'slow-mail',
  ),
  scenario('otp-bad-input', 'Invalid requests for a code are refused', async (project) => {
    for (const body of [
      {},
      { email: '' },
      { email: 'ada' },
      { email: 1 },
      { phone: 'x' },
      { phone: 1 },
      { email: project.email('ada'), phone: project.phone(1) },
      { email: project.email('ada'), create_user: 'no' },
      { email: project.email('ada'), code_challenge: 'short', code_challenge_method: 's256' },
      { email: project.email('ada'), code_challenge_method: 's256' },
      { email: project.email('ada'), data: [] },
      { phone: project.phone(1), channel: 'pigeon' },
      { email: 'ada', create_user: false },
    ]) {
      await project.send('POST /otp', { body });
    }
    for (const raw of ['', '[]', '{', 'null']) await project.send('POST /otp', { raw });
  }),
  scenario(
    'text-message-sign-in',
    'A code by text message signs in, and signs up an unknown number',
    async (project) => {
      const phone = project.phone(1);
      await project.send('POST /otp', { body: { phone, create_user: false } });
      await project.sendLogged('POST /otp', { body: { phone } });
      const [text] = await project.texts();
      const wrong = text?.sms.otp === '111111' ? '222222' : '111111';
      await project.send('POST /verify', { body: { type: 'sms', phone, token: project.name(wrong, 'wrong code') } });
      await project.sendLogged('POST /verify', { body: { type: 'sms', phone, token: text?.sms.otp ?? null } });
      await project.pass('2s');
      await project.send('POST /otp', { body: { phone, channel: 'whatsapp' } });
      await project.texts();
    },
  ),
  scenario(
    'text-message-too-soon',
    'There must be a minute between two text messages',
    async (project) => {
      const phone = project.phone(1);
      await project.send('POST /otp', { body: { phone } });
      await project.sendLogged('POST /otp', { body: { phone } });
      await project.texts();
    },
    'slow-text',
  ),
  scenario('magiclink-endpoint', 'The older endpoint /magiclink does the same as /otp', async (project) => {
    const ada = await project.given.user();
    await project.send('POST /magiclink', { body: { email: ada.email } });
    await project.mails(ada.email);
    for (const body of [{}, { email: 'ada' }, { email: 1 }]) await project.send('POST /magiclink', { body });
    await project.send('POST /magiclink', { raw: '' });
  }),
  scenario(
    'otp-by-phone-of-a-user-with-an-address',
    'A code for an unconfirmed number: its payload only shows the phone identity',
    async (project) => {
      const ada = await project.given.user();
      const phone = project.phone(1);
      await project.given.call(`PUT /admin/users/${ada.id}`, { as: 'service', body: { phone } });
      project.note('an admin has given ada a phone number');
      await project.send('POST /otp', { body: { phone } });
      await project.texts();
    },
    'confirm-phone',
  ),
];
