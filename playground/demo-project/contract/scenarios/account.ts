/**
 * Changes of email address and phone number that need confirmation, reauthentication, and the settings that protect a
 * password change.
 */

import type { Client } from '../client.ts';
import type { Person } from '../given.ts';
import { codeIn, open, parametersOf, pkce, sessionOf, tokenIn, verifier } from '../given.ts';
import { scenario } from '../scenario.ts';

const next = 'a new password';

/** Returns a nonce from a reauthentication email. */
async function nonceFor(project: Client, ada: Person): Promise<string> {
  await project.pass('2s');
  await project.given.call('GET /reauthenticate', { as: ada.session });
  const [mail] = await project.newMails(ada.email);
  project.note('ada has asked for a reauthentication code');
  return project.name(codeIn(mail), 'nonce');
}

/** Lets a day pass and refreshes the session, because its access token is too old by then. */
async function aDayLater(project: Client, ada: Person): Promise<Person> {
  await project.advance('25h');
  const answer = await project.given.call('POST /token?grant_type=refresh_token', {
    body: { refresh_token: ada.session.refreshToken },
  });
  project.note('the session was refreshed');
  return { ...ada, session: sessionOf(answer) };
}

export const heading = 'Confirmation, reauthentication and current password';

export const scenarios = [
  scenario(
    'a-recovery-link-leaves-a-reauthentication-code',
    "Opening a recovery link doesn't use up a reauthentication code",
    async (project) => {
      const ada = await aDayLater(project, await project.given.user()); // a session younger than a day needs no code
      await project.send('PUT /user', { as: ada.session, body: { password: 'a new password' } });
      const nonce = await nonceFor(project, ada);
      await project.given.recoverySession(ada);
      await project.send('PUT /user', { as: ada.session, body: { password: 'a new password', nonce } });
    },
    'secure-password-change',
  ),
  scenario(
    'a-confirmed-change-touches-the-identity',
    'The identity shows when its number was changed',
    async (project) => {
      const ada = await project.given.user();
      await project.send('PUT /user', { as: ada.session, body: { phone: project.phone(1) } });
      await project.advance('5m');
      await project.send('PUT /user', { as: ada.session, body: { phone: project.phone(2) } });
    },
  ),
  scenario(
    'a-confirmed-address-touches-the-identity',
    'The identity shows when its address was changed',
    async (project) => {
      const ada = await project.given.user();
      await project.given.call('PUT /user', { as: ada.session, body: { email: project.email('lovelace') } });
      project.note('ada has asked for another address');
      const [mail] = await project.mails(project.email('lovelace'));
      await project.advance('5m');
      await project.send('POST /verify', { body: { type: 'email_change', token_hash: tokenIn(mail?.links[0]) } });
      await project.send('GET /user', { as: ada.session });
    },
  ),
  scenario(
    'email-change-link-without-a-second-one',
    'If an email change has a single link, it confirms by its hash and then signs in',
    async (project) => {
      const ada = await project.given.confirmedUser();
      const { body } = await project.send<{ action_link: string }>('POST /admin/generate_link', {
        as: 'service',
        body: { type: 'email_change_new', email: ada.email, new_email: project.email('lovelace') },
      });
      const token_hash = tokenIn(body.action_link);
      await project.send('POST /verify', { body: { type: 'email_change', token_hash } });
      await project.send('GET /user', { as: ada.session });
      await project.send(open(body.action_link));
      await project.send('GET /user', { as: ada.session });
      await project.send(open(body.action_link));
    },
    'confirm-email',
  ),
  scenario('change-email', 'A new address must be confirmed with the link in an email sent to it', async (project) => {
    const ada = await project.given.user();
    const address = project.email('lovelace');
    await project.sendLogged('PUT /user', { as: ada.session, body: { email: address } });
    await project.mails(ada.email);
    const [mail] = await project.mails(address);
    await project.send('GET /user', { as: ada.session });
    await project.sendLogged(open(mail?.links[0]));
    await project.send('GET /user', { as: ada.session });
    await project.send('POST /token?grant_type=password', { body: { email: ada.email, password: ada.password } });
    await project.send('POST /token?grant_type=password', { body: { email: address, password: ada.password } });
  }),
  ...(['current', 'new'] as const).map((first) =>
    scenario(
      `change-email-confirmed-twice-${first}-first`,
      `With secure email change, both addresses confirm: the ${first} address first`,
      async (project) => {
        const ada = await project.given.confirmedUser();
        const address = project.email('lovelace');
        await project.send('PUT /user', { as: ada.session, body: { email: address } });
        const links = {
          current: (await project.mails(ada.email))[0]?.links[0],
          new: (await project.mails(address))[0]?.links[0],
        };
        const second = first === 'current' ? 'new' : 'current';
        await project.sendLogged(open(links[first]));
        await project.send('GET /user', { as: ada.session });
        await project.send(open(links[first]));
        await project.sendLogged(open(links[second]));
        await project.send('GET /user', { as: ada.session });
      },
      'confirm-email',
    ),
  ),
  scenario(
    'change-email-confirmed-twice-by-hash',
    'With secure email change, both hashes can be confirmed by POST',
    async (project) => {
      const ada = await project.given.confirmedUser();
      const address = project.email('lovelace');
      await project.send('PUT /user', { as: ada.session, body: { email: address } });
      const [current] = await project.mails(ada.email);
      const [other] = await project.mails(address);
      await project.send('POST /verify', { body: { type: 'email_change', token_hash: tokenIn(current?.links[0]) } });
      await project.send('POST /verify', { body: { type: 'recovery', token_hash: tokenIn(other?.links[0]) } });
      await project.send('POST /verify', { body: { type: 'email_change', token_hash: tokenIn(other?.links[0]) } });
    },
    'confirm-email',
  ),
  scenario('change-email-with-pkce', 'An email change in the PKCE flow', async (project) => {
    const ada = await project.given.user();
    const address = project.email('lovelace');
    await project.send('PUT /user', { as: ada.session, body: { email: address, ...pkce } });
    const [mail] = await project.mails(address);
    const code = parametersOf(await project.send(open(mail?.links[0]))).get('code');
    await project.send('POST /token?grant_type=pkce', { body: { auth_code: code, code_verifier: verifier } });
  }),
  scenario(
    'change-email-too-soon',
    'A second email too soon is refused',
    async (project) => {
      const ada = await project.given.user();
      await project.send('PUT /user', { as: ada.session, body: { email: project.email('lovelace') } });
      await project.sendLogged('PUT /user', { as: ada.session, body: { email: project.email('byron') } });
      await project.send('POST /resend', { body: { type: 'email_change', email: ada.email } });
      await project.send('GET /user', { as: ada.session });
      await project.advance('61s');
      await project.send('PUT /user', { as: ada.session, body: { email: project.email('byron') } });
      await project.mails(project.email('lovelace'));
      await project.mails(project.email('byron'));
    },
    'slow-mail',
  ),
  scenario(
    'change-email-resend',
    'The email for a change can be sent again, and the older link stops working',
    async (project) => {
      const ada = await project.given.user();
      const address = project.email('lovelace');
      await project.send('PUT /user', { as: ada.session, body: { email: address } });
      const [first] = await project.mails(address);
      await project.advance('2s');
      await project.send('POST /resend', { body: { type: 'email_change', email: ada.email } });
      const [second] = await project.mails(address);
      await project.send(open(first?.links[0]));
      await project.send(open(second?.links[0]));
    },
  ),
  scenario(
    'change-email-confirmation-is-not-aal-gated',
    'Only requesting a change needs aal2; its link then works anywhere',
    async (project) => {
      const ada = await project.given.userWithFactor();
      const address = project.email('lovelace');
      await project.send('PUT /user', { as: ada.session, body: { email: address } });
      const [mail] = await project.mails(address);
      await project.send(open(mail?.links[0]));
      await project.send('GET /user', { as: ada.session });
    },
  ),
  scenario('change-email-redirect', 'The link for an email change leads to redirect_to', async (project) => {
    const ada = await project.given.user();
    const address = project.email('lovelace');
    await project.send(`PUT /user?redirect_to=${encodeURIComponent('http://localhost:3000/changed')}`, {
      as: ada.session,
      body: { email: address },
    });
    const [mail] = await project.mails(address);
    await project.send(open(mail?.links[0]));
  }),
  scenario('change-phone', 'Without confirmations, a new phone number takes effect at once', async (project) => {
    const ada = await project.given.user();
    await project.sendLogged('PUT /user', { as: ada.session, body: { phone: `+${project.phone(1)}` } });
    await project.texts();
    const grace = await project.given.user('grace');
    await project.send('PUT /user', { as: grace.session, body: { phone: project.phone(1) } });
    await project.send('POST /token?grant_type=password', {
      body: { phone: project.phone(1), password: ada.password },
    });
  }),
  scenario(
    'change-phone-confirmed',
    'With confirmations on, the new number gets a text message',
    async (project) => {
      const ada = await project.given.user();
      const phone = project.phone(1);
      await project.sendLogged('PUT /user', { as: ada.session, body: { phone } });
      const [text] = await project.texts();
      await project.send('POST /verify', { body: { type: 'sms', phone, token: text?.sms.otp ?? null } });
      await project.advance('2s');
      await project.send('POST /resend', { body: { type: 'phone_change', phone } });
      await project.sendLogged('POST /verify', { body: { type: 'phone_change', phone, token: text?.sms.otp ?? null } });
      await project.send('POST /verify', { body: { type: 'phone_change', phone, token: text?.sms.otp ?? null } });
      await project.send('GET /user', { as: ada.session });
    },
    'confirm-phone',
  ),
  scenario(
    'reauthenticate',
    "A reauthentication code can be requested at aal1 and doesn't raise the session",
    async (project) => {
      const ada = await project.given.userWithFactor();
      const session = await project.given.passwordSession(ada);
      await project.sendLogged('GET /reauthenticate', { as: session });
      const [mail] = await project.mails(ada.email);
      await project.send('POST /reauthenticate', { as: session });
      await project.send('GET /user', { as: session });
      await project.send('PUT /user', { as: session, body: { password: next, nonce: codeIn(mail) } });
    },
  ),
  scenario(
    'reauthenticate-by-phone',
    'A user without an email address gets the code by text message',
    async (project) => {
      const session = sessionOf(
        await project.given.call('POST /signup', { body: { phone: project.phone(1), password: 'a password' } }),
      );
      project.note('a user has signed up by phone');
      await project.sendLogged('GET /reauthenticate', { as: session });
      await project.texts();
    },
  ),
  scenario(
    'reauthenticate-too-soon',
    'A second code too soon is refused',
    async (project) => {
      const ada = await project.given.user();
      await project.send('GET /reauthenticate', { as: ada.session });
      await project.sendLogged('GET /reauthenticate', { as: ada.session });
      await project.send('POST /recover', { body: { email: ada.email } });
      await project.mails(ada.email);
    },
    'slow-mail',
  ),
  scenario(
    'a-fresh-session-needs-no-nonce',
    'With secure password change, a session younger than a day needs no nonce',
    async (project) => {
      const ada = await project.given.user();
      await project.send('PUT /user', { as: ada.session, body: { password: next } });
      await project.send('PUT /user', { as: ada.session, body: { password: 'another password', nonce: '000000' } });
    },
    'secure-password-change',
  ),
  scenario(
    'an-old-session-needs-a-nonce',
    'After a day, a password change needs a reauthentication code from an email',
    async (project) => {
      const ada = await aDayLater(project, await project.given.user());
      await project.sendLogged('PUT /user', { as: ada.session, body: { password: next } });
      await project.sendLogged('PUT /user', { as: ada.session, body: { password: next, nonce: '' } });
      const nonce = await nonceFor(project, ada);
      const wrong = project.name(nonce === '111111' ? '222222' : '111111', 'wrong nonce');
      await project.sendLogged('PUT /user', { as: ada.session, body: { password: next, nonce: wrong } });
      await project.sendLogged('PUT /user', { as: ada.session, body: { password: next, nonce } });
      await project.send('PUT /user', { as: ada.session, body: { password: 'another password', nonce } });
    },
    'secure-password-change',
  ),
  scenario(
    'an-old-session-changes-other-things-without-nonce',
    'Only a password change needs the nonce',
    async (project) => {
      const ada = await aDayLater(project, await project.given.user());
      await project.send('PUT /user', { as: ada.session, body: { data: { nickname: 'Countess' } } });
      await project.send('PUT /user', { as: ada.session, body: { email: project.email('lovelace') } });
    },
    'secure-password-change',
  ),
  scenario(
    'a-nonce-is-spent-by-same-password',
    'A correct nonce is used up even if the password is then refused',
    async (project) => {
      const ada = await aDayLater(project, await project.given.user());
      const nonce = await nonceFor(project, ada);
      await project.send('PUT /user', { as: ada.session, body: { password: ada.password, nonce } });
      await project.send('PUT /user', { as: ada.session, body: { password: next, nonce } });
    },
    'secure-password-change',
  ),
  scenario(
    'an-old-recovery-session-needs-a-nonce',
    "A recovery session that's a day old needs a nonce too",
    async (project) => {
      const user = await project.given.user();
      const ada = await aDayLater(project, { ...user, session: await project.given.recoverySession(user) });
      await project.send('PUT /user', { as: ada.session, body: { password: next } });
      await project.send('PUT /user', {
        as: ada.session,
        body: { password: next, nonce: await nonceFor(project, ada) },
      });
    },
    'secure-password-change',
  ),
  scenario(
    'a-nonce-does-not-replace-aal2',
    'The missing aal2 is reported before the nonce is checked',
    async (project) => {
      const user = await project.given.userWithFactor();
      const session = await project.given.passwordSession(user);
      const ada = await aDayLater(project, { ...user, session });
      await project.send('PUT /user', {
        as: ada.session,
        body: { password: next, nonce: await nonceFor(project, ada) },
      });
      await project.send('PUT /user', { as: ada.session, body: { password: next } });
    },
    'secure-password-change',
  ),
  scenario(
    'an-expired-nonce',
    'A nonce lives as long as a code in an email',
    async (project) => {
      const user = await aDayLater(project, await project.given.user());
      const nonce = await nonceFor(project, user);
      await project.advance('3601s');
      const ada = await aDayLater(project, user);
      await project.send('PUT /user', { as: ada.session, body: { password: next, nonce } });
    },
    'secure-password-change',
  ),
  scenario(
    'current-password',
    'With the setting on, a password change needs the current password',
    async (project) => {
      const ada = await project.given.user();
      for (const current_password of [undefined, null, '', 'wrong password']) {
        await project.sendLogged('PUT /user', {
          as: ada.session,
          body: { password: next, ...(current_password === undefined ? {} : { current_password }) },
        });
      }
      await project.send('PUT /user', {
        as: ada.session,
        body: { password: ada.password, current_password: ada.password },
      });
      await project.sendLogged('PUT /user', {
        as: ada.session,
        body: { password: next, current_password: ada.password },
      });
    },
    'current-password',
  ),
  scenario(
    'current-password-is-not-asked-in-a-recovery',
    "A recovery session doesn't need the current password, and ignores a wrong password",
    async (project) => {
      const ada = await project.given.user();
      await project.send('PUT /user', { as: await project.given.recoverySession(ada), body: { password: next } });
      await project.send('PUT /user', {
        as: await project.given.recoverySession(ada),
        body: { password: 'another password', current_password: 'wrong' },
      });
      await project.send('PUT /user', {
        as: await project.given.magicLinkSession(ada),
        body: { password: 'yet another password' },
      });
      await project.send('PUT /user', {
        as: await project.given.pkceRecoverySession(ada),
        body: { password: 'the last password' },
      });
    },
    'current-password',
  ),
  scenario(
    'current-password-does-not-replace-aal2',
    'The missing aal2 is reported before the current password is checked',
    async (project) => {
      const ada = await project.given.userWithFactor();
      const session = await project.given.passwordSession(ada);
      await project.send('PUT /user', { as: session, body: { password: next, current_password: ada.password } });
      await project.send('PUT /user', { as: session, body: { password: next } });
      await project.given.stepUp(session, ada.factor);
      await project.send('PUT /user', { as: session, body: { password: next } });
      await project.send('PUT /user', { as: session, body: { password: next, current_password: ada.password } });
    },
    'current-password',
  ),
  scenario(
    'current-password-is-passed-over-unless-required',
    'Without the setting, the current password is ignored',
    async (project) => {
      const ada = await project.given.user();
      await project.send('PUT /user', {
        as: ada.session,
        body: { password: next, current_password: 'wrong password' },
      });
    },
  ),
  scenario(
    'the-nonce-comes-before-the-current-password',
    'With both settings on, the nonce is checked first, and used up even if the current password is missing',
    async (project) => {
      const user = await project.given.userWithFactor();
      const ada = await aDayLater(project, user);
      await project.send('PUT /user', { as: ada.session, body: { password: next } });
      const nonce = await nonceFor(project, ada);
      await project.send('PUT /user', { as: ada.session, body: { password: next, nonce } });
      const current_password = ada.password;
      await project.send('PUT /user', { as: ada.session, body: { password: next, nonce, current_password } });
      const another = await nonceFor(project, ada);
      await project.send('PUT /user', { as: ada.session, body: { password: next, nonce: another, current_password } });
    },
    'nonce-and-current-password',
  ),
  scenario(
    'a-first-password-needs-no-current-one',
    'A user without a password can set a first password',
    async (project) => {
      const email = project.email('ada');
      await project.given.call('POST /otp', { body: { email } });
      const [mail] = await project.newMails(email);
      const session = await project.given.linkSession(mail?.links[0]);
      project.note('ada has signed up by magic link');
      await project.send('PUT /user', { as: session, body: { password: next } });
    },
    'current-password',
  ),
  scenario(
    'password-requirements',
    'A password must have characters of each required kind',
    async (project) => {
      const email = project.email('ada');
      for (const password of ['short', 'longenough', 'LONGENOUGH1', 'longenough1', 'Longenough1']) {
        await project.sendLogged('POST /signup', { body: { email, password } });
      }
      await project.send('POST /signup', { body: { email: project.email('grace'), password: 'Sh0rt' }, version: null });
    },
    'password-requirements',
  ),
  scenario(
    'notifications',
    'Emails notify users about changes, if the notifications are on',
    async (project) => {
      const ada = await project.given.user();
      await project.send('PUT /user', { as: ada.session, body: { password: next } });
      await project.mails(ada.email);
      const { factor, session } = await project.given.verifiedFactor(ada.session, 'app');
      await project.mails(ada.email);
      await project.send(`DELETE /factors/${factor.id}`, { as: session });
      await project.mails(ada.email);
      await project.send('PUT /user', { as: session, body: { phone: project.phone(1) } });
      await project.mails(ada.email);
      await project.send('PUT /user', { as: session, body: { phone: project.phone(2) } });
      await project.mails(ada.email);
      await project.given.call(`PUT /admin/users/${ada.id}`, { as: 'service', body: { password: 'set by an admin' } });
      project.note('an admin has set the password');
      await project.mails(ada.email);
    },
    'notifications',
  ),
];
