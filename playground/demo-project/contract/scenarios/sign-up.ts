/** `POST /signup`: with an email address, with a phone number, and anonymously. Also the emails that confirm. */
import { open, parametersOf, pkce, sessionInLink, tokenIn, verifier } from '../given.ts';
import { scenario } from '../scenario.ts';

const password = 'a password';

export const heading = 'Signing up';

export const scenarios = [
  scenario('sign-up', 'Without confirmations, a sign-up signs in at once', async (project) => {
    const email = project.email('ada');
    await project.sendLogged('POST /signup', {
      body: { email, password, data: { name: 'Ada', languages: ['en', 'fr'], nested: { a: null } } },
    });
    await project.mails(email);
  }),
  scenario('sign-up-known-address', 'A known address is refused, in upper or lower case', async (project) => {
    const ada = await project.given.user();
    await project.sendLogged('POST /signup', { body: { email: ada.email, password } });
    await project.send('POST /signup', { body: { email: ada.email.toUpperCase(), password: 'short' } });
    await project.send('POST /token?grant_type=password', { body: { email: ada.email, password } });
  }),
  scenario('sign-up-bad-input', 'Invalid sign-ups are refused', async (project) => {
    const email = project.email('ada');
    for (const body of [
      { email },
      { email, password: '' },
      { email, password: null },
      { email, password: 'short' },
      { email, password: 'x'.repeat(73) },
      { email, password: 'ä'.repeat(40) },
      { email, password: 1234567 },
      { email: 'ada', password },
      { email: ` ${email}`, password },
      { email: `${'a'.repeat(250)}@example.com`, password },
      { email: 1, password },
      { email, phone: project.phone(1) },
      { phone: 'x', password },
      { phone: '0123', password },
      { phone: project.phone(1) },
      { email, password, data: [] },
      { email, password, data: 'text' },
      { email, password, ...pkce, code_challenge_method: '' },
      { email, password, ...pkce, code_challenge: 'short' },
      { password },
    ]) {
      await project.send('POST /signup', { body });
    }
    for (const raw of ['', '[]', '{', '"text"']) await project.send('POST /signup', { raw });
    await project.send('POST /token?grant_type=password', { body: { email, password } });
  }),
  scenario('sign-up-passwords', 'Passwords that just pass the limits, counted in bytes', async (project) => {
    for (const [index, word] of ['123456', 'äöü', 'x'.repeat(72), ' '.repeat(6), 'pass\u0000word'].entries()) {
      await project.send('POST /signup', { body: { email: project.email(`user${index}`), password: word } });
    }
  }),
  scenario(
    'passwords-as-bcrypt-reads-them',
    'Only 72 bytes of a password count, and NUL characters can make two passwords the same',
    async (project) => {
      const [long, short] = [project.email('long'), project.email('short')];
      await project.given.call('POST /signup', { body: { email: long, password: 'x'.repeat(72) } });
      project.note('the password of the first user has 72 characters');
      for (const length of [72, 73, 100, 71])
        await project.sendLogged('POST /token?grant_type=password', {
          body: { email: long, password: 'x'.repeat(length) },
        });
      await project.given.call('POST /signup', { body: { email: short, password } });
      for (const word of [`${password}\u0000${password}`, `${password}\u0000`, `${password}${password}`])
        await project.send('POST /token?grant_type=password', { body: { email: short, password: word } });
    },
  ),
  scenario('sign-up-metadata', "user_metadata accepts any JSON, and Auth's own values override it", async (project) => {
    const data = {
      email: 'other@example.com',
      sub: 'mine',
      email_verified: 'yes',
      phone_verified: 1,
      b: 1,
      a: { z: [1.5, 1e21, -0, true, null] },
      ü: '<&>"\u2028',
    };
    await project.send('POST /signup', { body: { email: project.email('ada'), password, data } });
  }),
  scenario(
    'sign-up-with-both',
    'If a sign-up has both, the email address counts, not the phone number',
    async (project) => {
      await project.send('POST /signup', { body: { email: project.email('ada'), phone: project.phone(1), password } });
    },
  ),
  scenario('sign-up-by-phone', 'Without confirmations, a sign-up by phone signs in at once', async (project) => {
    const phone = `+${project.phone(1)}`;
    await project.sendLogged('POST /signup', { body: { phone, password } });
    await project.texts();
    await project.send('POST /signup', { body: { phone, password } });
    await project.send('POST /token?grant_type=password', { body: { phone, password } });
    await project.send('POST /token?grant_type=password', { body: { phone: phone.slice(1), password: 'wrong' } });
  }),
  scenario('sign-up-anonymously', 'A sign-up without address and number creates an anonymous user', async (project) => {
    await project.sendLogged('POST /signup', { body: {} });
    await project.send('POST /signup', { body: { data: { theme: 'dark' } } });
    await project.send('POST /signup', { body: { password } });
  }),
  scenario('anonymous-users', 'What anonymous users can do', async (project) => {
    const session = await project.given.anonymous();
    await project.send('GET /user', { as: session });
    await project.send('PUT /user', { as: session, body: { password: 'a new password' } });
    await project.send('PUT /user', { as: session, body: { data: { theme: 'dark' } } });
    await project.send('GET /reauthenticate', { as: session });
    await project.send('POST /token?grant_type=refresh_token', { body: { refresh_token: session.refreshToken } });
    await project.send('PUT /user', { as: session, body: { email: project.email('ada'), password: 'a new password' } });
    await project.send('GET /user', { as: session });
    await project.send('POST /token?grant_type=refresh_token', { body: { refresh_token: session.refreshToken } });
  }),
  scenario(
    'sign-ups-switched-off',
    'With sign-ups off, nobody can sign up',
    async (project) => {
      await project.sendLogged('POST /signup', { body: { email: project.email('ada'), password } });
      await project.send('POST /signup', { body: {} });
      await project.send('POST /signup', { raw: '{' });
      await project.send('POST /otp', { body: { email: project.email('ada') } });
      await project.send('GET /settings');
    },
    'signup-off',
  ),
  scenario(
    'anonymous-sign-ins-switched-off',
    'With anonymous sign-ins off, a sign-up needs an email address or phone number',
    async (project) => {
      await project.send('POST /signup', { body: {} });
      await project.send('POST /signup', { raw: '{' });
      await project.send('GET /settings');
    },
    'anonymous-off',
  ),
  scenario(
    'phone-sign-ups-switched-off',
    'With the phone provider off, nobody can sign in by phone',
    async (project) => {
      const phone = project.phone(1);
      await project.send('POST /signup', { body: { phone, password } });
      await project.send('POST /token?grant_type=password', { body: { phone, password } });
      await project.send('POST /otp', { body: { phone } });
      await project.send('POST /resend', { body: { type: 'sms', phone } });
      await project.send('GET /settings');
    },
    'phone-off',
  ),
  scenario(
    'confirm-by-link',
    'With confirmations on, a sign-up gets an email, and a session only after its link is opened',
    async (project) => {
      const email = project.email('ada');
      await project.sendLogged('POST /signup', { body: { email, password, data: { name: 'Ada' } } });
      const [mail] = await project.mails(email);
      await project.sendLogged('POST /token?grant_type=password', { body: { email, password } });
      await project.send('POST /token?grant_type=password', { body: { email, password: 'wrong' } });
      await project.sendLogged(open(mail?.links[0]));
      await project.send('POST /token?grant_type=password', { body: { email, password } });
      await project.send(open(mail?.links[0]));
    },
    'confirm-email',
  ),
  scenario(
    'confirm-by-hash',
    'The hash in a confirmation email works with the types signup and email',
    async (project) => {
      for (const type of ['recovery', 'invite', 'signup', 'email']) {
        const email = project.email(type);
        await project.given.call('POST /signup', { body: { email, password } });
        const [mail] = await project.newMails(email);
        project.note(`${type} has got a confirmation mail`);
        await project.send('POST /verify', { body: { type, token_hash: tokenIn(mail?.links[0]) } });
      }
    },
    'confirm-email',
  ),
  scenario(
    'confirm-by-code',
    'The confirmation email has no code by default, but an admin can create one',
    async (project) => {
      const email = project.email('ada');
      await project.given.call('POST /signup', { body: { email, password } });
      const { body } = await project.given.call<{ email_otp: string }>('POST /admin/generate_link', {
        as: 'service',
        body: { type: 'signup', email, password },
      });
      project.note('ada has signed up and got a code');
      await project.send('POST /verify', {
        body: { type: 'signup', email, token: project.name(body.email_otp, 'code') },
      });
    },
    'confirm-email',
  ),
  scenario(
    'confirm-with-pkce',
    'After a confirmation in the PKCE flow, amr says email/signup',
    async (project) => {
      const email = project.email('ada');
      await project.send('POST /signup', { body: { email, password, ...pkce } });
      const [mail] = await project.mails(email);
      const code = parametersOf(await project.send(open(mail?.links[0]))).get('code');
      await project.send('POST /token?grant_type=pkce', { body: { auth_code: code, code_verifier: verifier } });
    },
    'confirm-email',
  ),
  scenario(
    'sign-up-again-before-confirming',
    'A second sign-up for an unconfirmed address sends a new email and keeps the first password',
    async (project) => {
      const email = project.email('ada');
      await project.send('POST /signup', { body: { email, password, data: { name: 'first' } } });
      const [first] = await project.mails(email);
      await project.send('POST /signup', { body: { email, password: 'another password', data: { name: 'second' } } });
      await project.advance('61s');
      await project.send('POST /signup', { body: { email, password: 'another password', data: { name: 'second' } } });
      const [second] = await project.mails(email);
      await project.send(open(first?.links[0]));
      await project.send(open(second?.links[0]));
      await project.send('POST /token?grant_type=password', { body: { email, password: 'another password' } });
      await project.send('POST /token?grant_type=password', { body: { email, password } });
    },
    'confirm-slowly',
  ),
  scenario(
    'an-expired-confirmation',
    'A confirmation link lives as long as the setting says',
    async (project) => {
      const email = project.email('ada');
      await project.send('POST /signup', { body: { email, password } });
      const [mail] = await project.mails(email);
      await project.advance('3601s');
      await project.send(open(mail?.links[0]));
      await project.send('POST /resend', { body: { type: 'signup', email } });
      const [again] = await project.mails(email);
      await project.send(open(again?.links[0]));
    },
    'confirm-email',
  ),
  scenario(
    'resend',
    'Which emails and text messages can be sent again',
    async (project) => {
      const email = project.email('ada');
      await project.given.call('POST /signup', { body: { email, password } });
      project.note('ada has signed up and not confirmed');
      await project.newMails(email);
      await project.sendLogged('POST /resend', { body: { type: 'signup', email } });
      await project.advance('61s');
      await project.sendLogged('POST /resend', { body: { type: 'signup', email } });
      await project.mails(email);
      await project.send('POST /resend', { body: { type: 'signup', email: project.email('nobody') } });
      await project.send('POST /resend', { body: { type: 'email_change', email } });
      await project.mails(email);
    },
    'confirm-slowly',
  ),
  scenario('resend-bad-input', 'Invalid requests to resend are refused', async (project) => {
    const ada = await project.given.user();
    for (const body of [
      {},
      { type: 'recovery', email: ada.email },
      { type: 'magiclink', email: ada.email },
      { type: 'signup' },
      { type: 'sms' },
      { type: 'email_change' },
      { type: 'phone_change' },
      { type: 'signup', email: ada.email, phone: project.phone(1) },
      { type: 'signup', email: 'ada' },
      { type: 'sms', phone: 'x' },
      { type: 'sms', email: ada.email },
      { type: 'signup', phone: project.phone(1) },
      { type: 1 },
      { type: 'signup', email: ada.email, code_challenge: 'short', code_challenge_method: 's256' },
      { type: 'signup', email: ada.email },
      { type: 'email_change', email: ada.email },
      { type: 'phone_change', phone: project.phone(1) },
      { type: 'sms', phone: project.phone(1) },
    ]) {
      await project.send('POST /resend', { body });
    }
    for (const raw of ['', '[]']) await project.send('POST /resend', { raw });
    await project.mails(ada.email);
  }),
  scenario(
    'confirm-phone',
    'With confirmations on, a sign-up by phone gets a text message',
    async (project) => {
      const phone = project.phone(1);
      await project.sendLogged('POST /signup', { body: { phone, password } });
      const [text] = await project.texts();
      await project.send('POST /token?grant_type=password', { body: { phone, password } });
      await project.advance('2s');
      await project.send('POST /resend', { body: { type: 'sms', phone } });
      const [again] = await project.texts();
      await project.send('POST /verify', { body: { type: 'sms', phone, token: text?.sms.otp ?? null } });
      await project.send('POST /verify', { body: { type: 'signup', phone, token: again?.sms.otp ?? null } });
      await project.sendLogged('POST /verify', {
        body: { type: 'sms', phone: `+${phone}`, token: again?.sms.otp ?? null },
      });
      await project.send('POST /verify', { body: { type: 'sms', phone, token: again?.sms.otp ?? null } });
      await project.send('POST /token?grant_type=password', { body: { phone, password } });
    },
    'confirm-phone',
  ),
  scenario(
    'an-expired-phone-confirmation',
    'The code in a text message lives a minute',
    async (project) => {
      const phone = project.phone(1);
      await project.send('POST /signup', { body: { phone, password } });
      const [text] = await project.texts();
      await project.advance('61s');
      await project.send('POST /verify', { body: { type: 'sms', phone, token: text?.sms.otp ?? null } });
    },
    'confirm-phone',
  ),
  scenario(
    'invite',
    'An invited user gets an email; its link confirms the address, and a password can be set',
    async (project) => {
      const email = project.email('ada');
      await project.sendLogged('POST /invite', { as: 'service', body: { email, data: { team: 'engines' } } });
      const [mail] = await project.mails(email);
      await project.send('POST /token?grant_type=password', { body: { email, password } });
      const session = sessionInLink(await project.sendLogged(open(mail?.links[0])));
      await project.send('PUT /user', { as: session, body: { password } });
      await project.send('POST /token?grant_type=password', { body: { email, password } });
      await project.send('POST /invite', { as: 'service', body: { email } });
    },
  ),
  scenario('invite-bad-input', 'Invalid invitations are refused', async (project) => {
    const ada = await project.given.user();
    await project.send('POST /invite', { body: { email: ada.email } });
    await project.send('POST /invite', { as: 'anon', body: { email: ada.email } });
    await project.send('POST /invite', { as: ada.session, body: { email: ada.email } });
    for (const body of [
      {},
      { email: '' },
      { email: 'ada' },
      { email: 1 },
      { email: project.email('grace'), data: [] },
    ]) {
      await project.send('POST /invite', { as: 'service', body });
    }
    await project.mails(ada.email);
  }),
  scenario(
    'invite-again',
    "An invitation can be repeated until it's accepted, and the older link stops working",
    async (project) => {
      const email = project.email('ada');
      await project.send('POST /invite', { as: 'service', body: { email } });
      const [first] = await project.mails(email);
      await project.send('POST /invite', { as: 'service', body: { email } });
      const [second] = await project.mails(email);
      await project.send(open(first?.links[0]));
      await project.send('POST /verify', { body: { type: 'invite', token_hash: tokenIn(second?.links[0]) } });
    },
  ),
];
