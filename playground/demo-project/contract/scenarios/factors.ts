/** `/factors` with TOTP: enrolling, challenging, verifying, unenrolling. */

import type { Session } from '../calls.ts';
import type { Client } from '../client.ts';
import { claimsOf, forge, sessionOf } from '../given.ts';
import { scenario } from '../scenario.ts';

const enroll = (project: Client, as: Session, friendly_name: string, more = {}) =>
  project.send('POST /factors', { as, body: { factor_type: 'totp', friendly_name, ...more } });

const challenge = async (project: Client, as: Session, factor: { id: string }): Promise<string> =>
  (await project.send<{ id: string }>(`POST /factors/${factor.id}/challenge`, { as })).body.id;

const verify = (
  project: Client,
  as: Session,
  factor: { id: string },
  challenge_id: string,
  code: string,
  headers = {},
) => project.send(`POST /factors/${factor.id}/verify`, { as, body: { challenge_id, code }, headers });

export const heading = 'Factors';

export const scenarios = [
  scenario(
    'enrol-totp',
    'Enrolling gives a secret, its URI and a QR code, and the factor starts unverified',
    async (project) => {
      const ada = await project.given.user();
      await project.sendLogged('POST /factors', {
        as: ada.session,
        body: { factor_type: 'totp', friendly_name: 'Authenticator app' },
      });
      await project.send('GET /user', { as: ada.session });
    },
  ),
  scenario('enrol-totp-issuers', "The issuer in the URI, and how it's escaped", async (project) => {
    const ada = await project.given.user();
    for (const [index, issuer] of ['', 'Acme Ltd', "Acme & Co: 50% 'off' + #1?", 'Äcme/Ü', 'a'.repeat(40)].entries()) {
      await enroll(project, ada.session, `app ${index}`, { issuer });
    }
  }),
  scenario('enrol-bad-input', 'Invalid enrollments are refused', async (project) => {
    const ada = await project.given.user();
    for (const body of [
      {},
      { factor_type: '' },
      { factor_type: 'nonsense' },
      { factor_type: 'TOTP' },
      { factor_type: 1 },
      { factor_type: null },
      { factor_type: ['totp'] },
      { factor_type: 'totp', friendly_name: 1 },
      { factor_type: 'totp', issuer: 1 },
      { factor_type: 'totp', friendly_name: {} },
    ]) {
      await project.send('POST /factors', { as: ada.session, body });
    }
    for (const raw of ['', '[]', 'null', '{']) await project.send('POST /factors', { as: ada.session, raw });
    await project.send('GET /user', { as: ada.session });
  }),
  scenario(
    'enrol-names',
    'Factor names are unique per user, empty names too, in any length and script',
    async (project) => {
      const ada = await project.given.user();
      for (const [index, friendly_name] of [
        '',
        '',
        ' ',
        ' ',
        'app',
        'app',
        'App',
        ' app',
        '🔑 clé',
        'x'.repeat(300),
      ].entries()) {
        await project.send('POST /factors', {
          as: ada.session,
          body: { factor_type: 'phone', phone: `+49151123456${index}`, friendly_name },
        });
      }
      const grace = await project.given.user('grace');
      await project.send('POST /factors', {
        as: grace.session,
        body: { factor_type: 'phone', phone: '+4915112345678', friendly_name: 'app' },
      });
    },
  ),
  scenario(
    'enrol-with-a-verified-factor-needs-aal2',
    'Enrolling a further factor needs aal2; a taken name is reported first',
    async (project) => {
      const ada = await project.given.userWithFactor();
      const session = await project.given.passwordSession(ada);
      await project.sendLogged('POST /factors', {
        as: session,
        body: { factor_type: 'totp', friendly_name: 'second' },
      });
      await project.send('POST /factors', { as: session, body: { factor_type: 'totp', friendly_name: '' } });
      const raised = await project.given.stepUp(session, ada.factor);
      await project.send('POST /factors', {
        as: raised,
        body: { factor_type: 'phone', phone: '+4915112345678', friendly_name: 'second' },
      });
    },
  ),
  scenario(
    'enrol-too-many',
    'The number of factors is limited, and unverified factors count',
    async (project) => {
      const ada = await project.given.user();
      for (const name of ['1', '2']) await project.given.unverifiedFactor(ada.session, name);
      await project.sendLogged('POST /factors', { as: ada.session, body: { factor_type: 'totp', friendly_name: '3' } });
      await project.send('POST /factors', { as: ada.session, body: { factor_type: 'totp', friendly_name: '1' } });
    },
    'two-factors',
  ),
  scenario(
    'enrol-clears-stale-factors',
    'Unverified factors that were never challenged are deleted after 5 minutes, at the next enrollment',
    async (project) => {
      const ada = await project.given.user();
      await project.given.unverifiedFactor(ada.session, 'never challenged');
      const challenged = await project.given.unverifiedFactor(ada.session, 'challenged');
      await project.given.challenge(ada.session, challenged);
      await project.advance('240s'); // a minute less, so that a slow server has time too
      await project.given.unverifiedFactor(ada.session, 'young');
      await project.send('GET /user', { as: ada.session });
      await project.advance('61s');
      await project.given.unverifiedFactor(ada.session, 'youngest');
      await project.send('GET /user', { as: ada.session });
    },
  ),
  scenario('enrol-without-address', "A user without an email address can't enroll TOTP", async (project) => {
    const phone = project.phone(1);
    const session = sessionOf(await project.given.call('POST /signup', { body: { phone, password: 'a password' } }));
    project.note('a user has signed up by phone');
    await project.send('POST /factors', { as: session, body: { factor_type: 'totp' } });
    await project.send('POST /factors', { as: session, body: { factor_type: 'totp' }, version: null });
    await project.send('GET /user', { as: session });
  }),
  scenario('factors-of-anonymous-users', 'Anonymous users have no factors', async (project) => {
    const session = await project.given.anonymous();
    await project.send('POST /factors', { as: session, body: { factor_type: 'totp' } });
    await project.send('POST /factors/00000000-0000-4000-8000-000000000000/challenge', { as: session });
    await project.send('DELETE /factors/nonsense', { as: session });
  }),
  scenario(
    'factor-ids',
    'Invalid and unknown factor ids are refused, and so are ids of another user',
    async (project) => {
      const ada = await project.given.user();
      const grace = await project.given.userWithFactor('grace');
      const capitals = project.name(grace.factor.id.toUpperCase(), 'factor of grace, in capitals');
      for (const id of [
        'nonsense',
        '00000000-0000-4000-8000-000000000000',
        grace.factor.id,
        capitals,
        `%7B${grace.factor.id}%7D`,
      ]) {
        await project.send(`POST /factors/${id}/challenge`, { as: ada.session });
        await project.send(`POST /factors/${id}/verify`, { as: ada.session, body: {} });
        await project.send(`DELETE /factors/${id}`, { as: ada.session });
      }
      await project.send('GET /factors/nonsense', { as: ada.session });
      await project.send('GET /factors', { as: ada.session });
    },
  ),
  scenario('challenge-totp', 'A challenge lives 5 minutes, and its body is ignored', async (project) => {
    const ada = await project.given.userWithFactor();
    const session = await project.given.passwordSession(ada);
    await project.sendLogged(`POST /factors/${ada.factor.id}/challenge`, { as: session });
    for (const raw of ['', '{', '[]', '{"channel":1}'])
      await project.send(`POST /factors/${ada.factor.id}/challenge`, { as: session, raw });
  }),
  scenario(
    'verify-totp',
    'The right code raises the session: same session id, aal2, with the factor in amr',
    async (project) => {
      const ada = await project.given.userWithFactor();
      const session = await project.given.passwordSession(ada);
      await project.advance('2s');
      const id = await challenge(project, session, ada.factor);
      await project.sendLogged(`POST /factors/${ada.factor.id}/verify`, {
        as: session,
        body: { challenge_id: id, code: ada.factor.code() },
      });
    },
  ),
  scenario('verify-first-factor', 'The first correct code makes the factor verified', async (project) => {
    const ada = await project.given.userWithUnverifiedFactor();
    await project.advance('2s');
    const id = await challenge(project, ada.session, ada.factor);
    const raised = sessionOf(
      await project.sendLogged(`POST /factors/${ada.factor.id}/verify`, {
        as: ada.session,
        body: { challenge_id: id, code: ada.factor.code() },
      }),
    );
    await project.send('GET /user', { as: raised });
    await project.mails(ada.email);
  }),
  scenario('verify-wrong-code', "Wrong codes don't use up the challenge", async (project) => {
    const ada = await project.given.userWithFactor();
    const session = await project.given.passwordSession(ada);
    const id = await challenge(project, session, ada.factor);
    await project.sendLogged(`POST /factors/${ada.factor.id}/verify`, {
      as: session,
      body: { challenge_id: id, code: ada.factor.wrongCode() },
    });
    for (const code of ['1', 'abcdef', '1234567', '１２３４５６']) await verify(project, session, ada.factor, id, code);
    await project.send('GET /user', { as: session });
    await verify(project, session, ada.factor, id, ada.factor.code());
  }),
  scenario('verify-has-no-lockout', 'After any number of wrong codes, the right code works', async (project) => {
    const ada = await project.given.userWithFactor();
    const session = await project.given.passwordSession(ada);
    const id = await project.given.challenge(session, ada.factor);
    const wrong = ada.factor.wrongCode();
    for (let guess = 0; guess < 60; guess++) {
      await project.call(`POST /factors/${ada.factor.id}/verify`, {
        as: session,
        body: { challenge_id: id, code: wrong },
      });
    }
    project.note('60 wrong codes were tried');
    await verify(project, session, ada.factor, id, ada.factor.code());
  }),
  scenario(
    'verify-spaces-around-the-code',
    "Spaces around a code are ignored, but spaces inside aren't",
    async (project) => {
      const ada = await project.given.userWithFactor();
      const session = await project.given.passwordSession(ada);
      const code = ada.factor.code();
      const id = await challenge(project, session, ada.factor);
      const spaced = project.name(`${code.slice(0, 3)} ${code.slice(3)}`, 'totp code with a space inside');
      await verify(project, session, ada.factor, id, spaced);
      await verify(project, session, ada.factor, id, ` ${code} `);
    },
  ),
  ...[-1, 1].map((periods) =>
    scenario(
      `verify-code-${periods < 0 ? 'of-the-last' : 'of-the-next'}-period`,
      `The code ${periods < 0 ? 'from the last' : 'for the next'} period of 30 seconds is accepted`,
      async (project) => {
        const ada = await project.given.userWithFactor();
        const session = await project.given.passwordSession(ada);
        const id = await challenge(project, session, ada.factor);
        await verify(project, session, ada.factor, id, ada.factor.code(periods));
      },
    ),
  ),
  ...[-2, 2].map((periods) =>
    scenario(
      `verify-code-two-periods-${periods < 0 ? 'late' : 'early'}`,
      `A code from two periods ${periods < 0 ? 'ago' : 'ahead'} is refused`,
      async (project) => {
        const ada = await project.given.userWithFactor();
        const session = await project.given.passwordSession(ada);
        const id = await challenge(project, session, ada.factor);
        await verify(project, session, ada.factor, id, ada.factor.code(periods));
      },
    ),
  ),
  scenario('verify-factor-bad-input', 'Invalid verifications are refused', async (project) => {
    const ada = await project.given.userWithFactor();
    const session = await project.given.passwordSession(ada);
    const id = await challenge(project, session, ada.factor);
    for (const body of [
      {},
      { challenge_id: id },
      { challenge_id: id, code: '' },
      { challenge_id: id, code: null },
      { challenge_id: id, code: 123456 },
      { challenge_id: 'abc', code: '123456' },
      { challenge_id: '', code: '123456' },
      { challenge_id: null, code: '123456' },
      { code: '123456' },
      { challenge_id: '00000000-0000-4000-8000-000000000000', code: '123456' },
      { challenge_id: [id], code: '123456' },
    ]) {
      await project.send(`POST /factors/${ada.factor.id}/verify`, { as: session, body });
    }
    for (const raw of ['', '[]', 'null', '{'])
      await project.send(`POST /factors/${ada.factor.id}/verify`, { as: session, raw });
    await verify(project, session, ada.factor, id, ada.factor.code());
  }),
  scenario(
    'a-used-challenge-looks-like-another-ip',
    'A challenge that was already used gets the error about IP addresses',
    async (project) => {
      const ada = await project.given.userWithFactor();
      const session = await project.given.passwordSession(ada);
      const id = await challenge(project, session, ada.factor);
      await verify(project, session, ada.factor, id, ada.factor.code());
      await project.sendLogged(`POST /factors/${ada.factor.id}/verify`, {
        as: session,
        body: { challenge_id: id, code: ada.factor.code() },
      });
      await verify(project, session, ada.factor, id, ada.factor.wrongCode());
      const next = await challenge(project, session, ada.factor);
      await verify(project, session, ada.factor, next, ada.factor.code());
    },
  ),
  scenario(
    'challenge-and-verify-from-different-addresses',
    'Challenge and verify must come from the same IP address',
    async (project) => {
      const ada = await project.given.userWithFactor();
      const session = await project.given.passwordSession(ada);
      const from = (ip: string) => ({ 'x-forwarded-for': ip });
      const { body } = await project.send<{ id: string }>(`POST /factors/${ada.factor.id}/challenge`, {
        as: session,
        headers: from('203.0.113.1'),
      });
      await verify(project, session, ada.factor, body.id, ada.factor.code());
      await verify(project, session, ada.factor, body.id, ada.factor.code(), from('203.0.113.2'));
      await verify(project, session, ada.factor, body.id, ada.factor.code(), { 'x-real-ip': '203.0.113.1' });
      await verify(project, session, ada.factor, body.id, ada.factor.code(), from('203.0.113.1, 203.0.113.9'));
    },
  ),
  scenario(
    'sb-forwarded-for-is-ignored-by-default',
    'Unless a setting turns it on, the header Sb-Forwarded-For changes nothing',
    async (project) => {
      const ada = await project.given.userWithFactor();
      const session = await project.given.passwordSession(ada);
      const from = (ip: string) => ({ 'x-forwarded-for': ip, 'sb-forwarded-for': '198.51.100.1' });
      const { body } = await project.send<{ id: string }>(`POST /factors/${ada.factor.id}/challenge`, {
        as: session,
        headers: from('203.0.113.1'),
      });
      await verify(project, session, ada.factor, body.id, ada.factor.code(), from('203.0.113.2'));
      await verify(project, session, ada.factor, body.id, ada.factor.code(), from('203.0.113.1'));
    },
  ),
  scenario('an-expired-challenge', "An expired challenge is reported once, then it's gone", async (project) => {
    const ada = await project.given.userWithFactor();
    const session = await project.given.passwordSession(ada);
    const id = await challenge(project, session, ada.factor);
    await project.advance('301s');
    await verify(project, session, ada.factor, id, ada.factor.wrongCode());
    await verify(project, session, ada.factor, id, ada.factor.code());
  }),
  scenario('a-challenge-just-before-its-end', 'A challenge works until its 5 minutes are over', async (project) => {
    const ada = await project.given.userWithFactor();
    const session = await project.given.passwordSession(ada);
    const id = await challenge(project, session, ada.factor);
    await project.advance('295s');
    await verify(project, session, ada.factor, id, ada.factor.code());
  }),
  scenario('a-challenge-of-another-factor', 'A challenge belongs to its factor', async (project) => {
    const ada = await project.given.userWithFactor();
    const second = await project.given.verifiedFactor(ada.session, 'second');
    const session = await project.given.passwordSession(ada);
    const id = await challenge(project, session, ada.factor);
    await verify(project, session, second.factor, id, second.factor.code());
    await verify(project, session, ada.factor, id, second.factor.code());
    await verify(project, session, ada.factor, id, ada.factor.code());
  }),
  scenario(
    'a-challenge-may-be-verified-in-another-session',
    'A challenge belongs to the factor, not to the session',
    async (project) => {
      const ada = await project.given.userWithFactor();
      const laptop = await project.given.passwordSession(ada);
      const phone = await project.given.passwordSession(ada);
      const id = await challenge(project, laptop, ada.factor);
      await verify(project, phone, ada.factor, id, ada.factor.code());
      await project.send('GET /user', { as: laptop });
    },
  ),
  scenario('the-same-code-twice', 'A code is accepted again with a new challenge', async (project) => {
    const ada = await project.given.userWithFactor();
    const session = await project.given.passwordSession(ada);
    const code = ada.factor.code();
    await verify(project, session, ada.factor, await challenge(project, session, ada.factor), code);
    await verify(project, session, ada.factor, await challenge(project, session, ada.factor), code);
  }),
  scenario(
    'verifying-deletes-unverified-factors-of-the-type',
    'Verifying a factor deletes unverified factors of the same type; the response still lists them',
    async (project) => {
      const ada = await project.given.user();
      const first = await project.given.unverifiedFactor(ada.session, 'first');
      await project.given.unverifiedFactor(ada.session, 'second');
      await project.given.unverifiedPhoneFactor(ada.session, project.phone(1));
      await project.advance('2s');
      const raised = sessionOf(
        await verify(project, ada.session, first, await challenge(project, ada.session, first), first.code()),
      );
      await project.send('GET /user', { as: raised });
    },
  ),
  scenario(
    'a-leftover-factor-of-another-type-lifts-to-aal2',
    'An unverified factor of another type can be completed at aal1 and raises the session',
    async (project) => {
      const ada = await project.given.user();
      await project.given.unverifiedPhoneFactor(ada.session, project.phone(1));
      await project.given.verifiedFactor(ada.session, 'app');
      const session = await project.given.passwordSession(ada);
      const user = await project.given.call<{ factors: { id: string; factor_type: string }[] }>('GET /user', {
        as: session,
      });
      const leftover = user.body.factors.find(({ factor_type }) => factor_type === 'phone')?.id;
      const { body } = await project.send<{ id: string }>(`POST /factors/${leftover}/challenge`, {
        as: session,
        body: { channel: 'sms' },
      });
      const code = (await project.texts()).at(-1)?.sms.otp ?? null;
      await project.send(`POST /factors/${leftover}/verify`, { as: session, body: { challenge_id: body.id, code } });
      await project.send('PUT /user', { as: session, body: { password: 'a new password' } });
    },
  ),
  scenario('unenrol-a-verified-factor-needs-aal2', 'A verified factor can only be removed at aal2', async (project) => {
    const ada = await project.given.userWithFactor();
    const session = await project.given.passwordSession(ada);
    await project.sendLogged(`DELETE /factors/${ada.factor.id}`, { as: session });
    await project.sendLogged(`DELETE /factors/${ada.factor.id}`, { as: ada.session });
    await project.send('GET /user', { as: ada.session });
    await project.send('PUT /user', { as: ada.session, body: { password: 'a new password' } });
  }),
  scenario('unenrol-an-unverified-factor', 'An unverified factor can be removed at any level', async (project) => {
    const ada = await project.given.userWithUnverifiedFactor();
    await project.sendLogged(`DELETE /factors/${ada.factor.id}`, { as: ada.session });
    await project.send(`DELETE /factors/${ada.factor.id}`, { as: ada.session });
    const grace = await project.given.userWithFactor('grace');
    const leftover = await project.given.unverifiedFactor(grace.session, 'leftover');
    const session = await project.given.passwordSession(grace);
    await project.send(`DELETE /factors/${leftover.id}`, { as: session });
  }),
  scenario(
    'unenrol-lowers-the-sessions-that-the-factor-lifted',
    'When a factor is removed, its sessions drop to aal1, but their tokens say aal2 until refreshed',
    async (project) => {
      const ada = await project.given.userWithFactor();
      const other = await project.given.stepUp(await project.given.passwordSession(ada), ada.factor);
      await project.send(`DELETE /factors/${ada.factor.id}`, { as: ada.session });
      await project.send('GET /user', { as: other });
      await project.send('POST /token?grant_type=refresh_token', { body: { refresh_token: other.refreshToken } });
    },
  ),
  scenario(
    'totp-enroll-switched-off',
    'With enrollment off, no factor can be enrolled',
    async (project) => {
      const ada = await project.given.user();
      await enroll(project, ada.session, 'app');
    },
    'totp-enroll-off',
  ),
  scenario(
    'totp-verify-switched-off',
    'With verification off, a factor can be enrolled, but not challenged or verified',
    async (project) => {
      const ada = await project.given.userWithUnverifiedFactor();
      await challenge(project, ada.session, ada.factor);
      await verify(project, ada.session, ada.factor, '00000000-0000-4000-8000-000000000000', '123456');
      await project.send(`POST /factors/${ada.factor.id}/verify`, { as: ada.session, body: {} });
      await project.send(`DELETE /factors/${ada.factor.id}`, { as: ada.session });
    },
    'totp-verify-off',
  ),
  scenario(
    'factors-with-a-token-without-session',
    "A token without a session can't be used for factors",
    async (project) => {
      const ada = await project.given.userWithFactor();
      const { session_id: _, ...claims } = claimsOf(ada.session);
      const token = project.name(forge(claims, project.target.jwtSecret), 'token without session');
      await project.send('GET /user', { as: token });
      await project.send('POST /factors', { as: token, body: { factor_type: 'totp' } });
      await project.send(`POST /factors/${ada.factor.id}/challenge`, { as: token });
      await project.send('PUT /user', { as: token, body: { password: 'a new password' } });
      await project.send('PUT /user', { as: token, body: { password: 'a new password' }, version: null });
      await project.send(`DELETE /factors/${ada.factor.id}`, { as: token });
      await project.send('POST /logout', { as: token });
    },
  ),
];
