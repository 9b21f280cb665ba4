/** `GET /verify` and `POST /verify`: links, hashes, and typed codes. */
import { open, pkce, tokenIn } from '../given.ts';
import { scenario } from '../scenario.ts';

const wrongHash = '0'.repeat(56);

export const heading = 'Links, hashes and typed codes';

export const scenarios = [
  scenario('verify-link-bad-input', 'Invalid links are refused', async (project) => {
    for (const query of [
      '',
      '?type=recovery',
      `?token=${wrongHash}`,
      `?token=${wrongHash}&type=recovery`,
      `?token=${wrongHash}&type=nonsense`,
      `?token=pkce_${wrongHash}&type=recovery`,
      `?token=pkce_${wrongHash}&type=nonsense`,
      `?token=%00&type=recovery`,
      `?token=${'x'.repeat(2000)}&type=recovery&redirect_to=http://localhost:3000/reset?x=1`,
      `?token_hash=${wrongHash}&type=recovery`,
    ]) {
      await project.send(`GET /verify${query}`);
    }
  }),
  scenario('verify-bad-input', 'Requests that name no token, or too much, are refused', async (project) => {
    const email = project.email('ada');
    for (const body of [
      {},
      { type: 'recovery' },
      { token_hash: wrongHash },
      { type: 'recovery', token: '123456' },
      { type: 'recovery', token: '123456', token_hash: wrongHash },
      { type: 'recovery', token_hash: wrongHash, email },
      { type: 'recovery', token_hash: wrongHash, phone: project.phone(1) },
      { type: 'recovery', token_hash: wrongHash, redirect_to: 'http://localhost:3000' },
      { type: 'recovery', token: '123456', email, phone: project.phone(1) },
      { type: 'recovery', token: '123456', email: 'ada' },
      { type: 'sms', token: '123456', phone: 'x' },
      { type: 'recovery', token: '123456', email },
      { type: 'recovery', token_hash: wrongHash },
      { type: 'nonsense', token_hash: wrongHash },
      { type: 'nonsense', token: '123456', email },
      { type: 'sms', token: '123456', phone: project.phone(1) },
      { type: 'phone_change', token: '123456', phone: project.phone(1) },
      { type: 'email_change', token: '123456', email },
      { type: ['recovery'], token_hash: wrongHash },
      { type: 'recovery', token: 123456, email },
      { type: 'recovery', token_hash: null },
    ]) {
      await project.send('POST /verify', { body });
    }
    for (const raw of ['', '[]', '{"type":', 'null', 'type=recovery']) await project.send('POST /verify', { raw });
  }),
  scenario('verify-typed-code', "A typed code works once, and only if it's right", async (project) => {
    const ada = await project.given.user();
    const code = await project.given.recoveryCode(ada);
    const wrong = code === '111111' ? '222222' : '111111';
    await project.sendLogged('POST /verify', {
      body: { type: 'recovery', email: ada.email, token: project.name(wrong, 'wrong code') },
    });
    await project.sendLogged('POST /verify', {
      body: { type: 'recovery', email: ada.email.toUpperCase(), token: project.name(code, 'code') },
    });
    await project.send('POST /verify', { body: { type: 'recovery', email: ada.email, token: code } });
  }),
  scenario('verify-code-has-no-guess-counter', "Wrong guesses don't use up the typed code", async (project) => {
    const ada = await project.given.user();
    const code = await project.given.recoveryCode(ada);
    for (let guess = 0; guess < 40; guess++) {
      const wrong = String(1000 + guess).padStart(6, '0');
      if (wrong !== code)
        await project.call('POST /verify', { body: { type: 'recovery', email: ada.email, token: wrong } });
    }
    project.note('40 wrong codes were tried');
    await project.send('POST /verify', {
      body: { type: 'recovery', email: ada.email, token: project.name(code, 'code') },
    });
  }),
  scenario('verify-code-of-another-user', 'A code only works for its own user', async (project) => {
    const ada = await project.given.user();
    const grace = await project.given.user('grace');
    const code = await project.given.recoveryCode(ada);
    await project.send('POST /verify', {
      body: { type: 'recovery', email: grace.email, token: project.name(code, 'code') },
    });
    await project.send('POST /verify', { body: { type: 'recovery', email: ada.email, token: code } });
  }),
  scenario('verify-expired-code', 'A typed code lives as long as the link', async (project) => {
    const ada = await project.given.user();
    const code = await project.given.recoveryCode(ada);
    await project.advance('3601s');
    await project.send('POST /verify', {
      body: { type: 'recovery', email: ada.email, token: project.name(code, 'code') },
    });
  }),
  ...['recovery', 'email', 'magiclink'].map((type) =>
    scenario(
      `verify-recovery-hash-as-${type}`,
      `The hash of a recovery link works with the type ${type}`,
      async (project) => {
        const link = await project.given.recoveryLink(await project.given.user());
        await project.send('POST /verify', { body: { type, token_hash: tokenIn(link) } });
      },
    ),
  ),
  ...['signup', 'invite', 'email_change', 'nonsense', 'sms'].map((type) =>
    scenario(
      `verify-recovery-hash-as-${type}-is-refused`,
      `The hash of a recovery link doesn't work with the type ${type}`,
      async (project) => {
        const link = await project.given.recoveryLink(await project.given.user());
        await project.send('POST /verify', { body: { type, token_hash: tokenIn(link) } });
        await project.send('POST /verify', { body: { type: 'recovery', token_hash: tokenIn(link) } });
      },
    ),
  ),
  scenario(
    'verify-recovery-code-as-other-types',
    'A typed recovery code also works as email and magiclink, but not as anything else',
    async (project) => {
      const ada = await project.given.user();
      for (const type of ['signup', 'invite', 'email_change', 'sms', 'nonsense', 'email', 'magiclink']) {
        const code = await project.given.recoveryCode(ada);
        await project.send('POST /verify', { body: { type, email: ada.email, token: project.name(code, 'code') } });
      }
    },
  ),
  scenario(
    'verify-pkce-hash-needs-no-verifier',
    'The hash from a PKCE email, with its prefix, works in any browser, and amr says otp',
    async (project) => {
      const ada = await project.given.user();
      const link = await project.given.recoveryLink(ada, pkce);
      await project.send('POST /verify', {
        body: { type: 'recovery', token_hash: tokenIn(link).replace('pkce_', '') },
      });
      await project.send('POST /verify', { body: { type: 'recovery', token_hash: tokenIn(link) } });
    },
  ),
  scenario(
    'verify-pkce-link-of-another-type',
    'A PKCE recovery link opened as a magic link finds no flow and stays usable',
    async (project) => {
      const link = await project.given.recoveryLink(await project.given.user(), pkce);
      await project.sendLogged(open(link.replace('type=recovery', 'type=magiclink')));
      await project.send(open(link));
    },
  ),
  scenario('verify-link-by-other-methods', 'A link only answers GET and POST', async (project) => {
    const link = await project.given.recoveryLink(await project.given.user());
    for (const method of ['HEAD', 'PUT', 'DELETE', 'PATCH']) await project.send(`${method} ${link}`);
    await project.send(open(link));
  }),
  scenario(
    'verify-spends-the-links-of-other-mails',
    'Using a recovery link uses up the links of a pending email change',
    async (project) => {
      const ada = await project.given.user();
      await project.given.call('PUT /user', { as: ada.session, body: { email: project.email('ada-2') } });
      const [toOld] = await project.newMails(ada.email);
      project.note('ada has asked for another address');
      await project.given.recoverySession(ada);
      await project.send(open(toOld?.links[0]));
      await project.send('GET /user', { as: ada.session });
    },
  ),
  scenario('verify-leaves-other-sessions', 'Using a link ends no session and changes no password', async (project) => {
    const ada = await project.given.user();
    await project.given.recoverySession(ada);
    await project.send('GET /user', { as: ada.session });
    await project.send('POST /token?grant_type=password', { body: { email: ada.email, password: ada.password } });
  }),
];
