/**
 * Limits to the millisecond. They run on the demo project only, with a clock that only the check moves, because a real
 * server's clock can't be stopped. boundaries.spec.ts and the mutation tests run them.
 */
import assert from 'node:assert/strict';
import type { PartialConfig } from '../src/index.ts';
import type { Received } from './calls.ts';
import { Client } from './client.ts';
import { demoTarget } from './demo-target.ts';
import { claimsOf, codeIn, forge, open, parametersOf, pkce, sessionOf, verifier } from './given.ts';

export type Check = [title: string, check: () => Promise<void>];

const start = (auth: PartialConfig['auth'] = {}) => Client.start(demoTarget({ auth }, { requestDuration: 0 }));

interface Situation {
  /** The last millisecond before the result changes. */
  until: number;
  call: () => Promise<Received>;
}

/** Returns the status and error code of a response, including the error code in a redirect. */
function outcome(answer: Received): string {
  const code = (answer.body as { code?: string }).code ?? parametersOf(answer).get('error_code') ?? '';
  return `${answer.status} ${code}`.trim();
}

/** Makes the same call at the last millisecond and one later, each in a new project. */
function boundary(
  title: string,
  prepare: (project: Client) => Promise<Situation>,
  expected: [last: string, next: string],
  auth: PartialConfig['auth'] = {},
): Check {
  return [
    title,
    async () => {
      const found: string[] = [];
      for (const later of [0, 1]) {
        const project = await start(auth);
        const { until, call } = await prepare(project);
        await project.target.advance(until + later - project.target.now());
        found.push(outcome(await call()));
      }
      assert.deepEqual(found, expected);
    },
  ];
}

const minute = 60_000;
const hour = 60 * minute;
const refresh = (project: Client, refresh_token: string) =>
  project.call('POST /token?grant_type=refresh_token', { body: { refresh_token } });
const refreshOf =
  (limit: number, person: (project: Client) => Promise<{ session: { refreshToken: string } }>) =>
  async (project: Client): Promise<Situation> => {
    const { session } = await person(project);
    return { until: project.target.now() + limit, call: () => refresh(project, session.refreshToken) };
  };
const user = (project: Client) => project.given.user();

async function codeOf(project: Client, path: string, body = {}): Promise<{ asked: number; link: string }> {
  const ada = await project.given.user();
  const asked = project.target.now();
  await project.given.call(`POST /${path}`, { body: { email: ada.email, ...body } });
  const [mail] = await project.newMails(ada.email);
  return { asked, link: mail?.links[0] ?? '' };
}
const exchange = (project: Client, auth_code: string | null) =>
  project.call('POST /token?grant_type=pkce', { body: { auth_code, code_verifier: verifier } });

export const boundaries: Check[] = [
  boundary(
    'a used refresh token works for ten seconds, the last millisecond included',
    async (project) => {
      const ada = await project.given.user();
      const until = project.target.now() + 10_000;
      const second = sessionOf(await refresh(project, ada.session.refreshToken));
      await refresh(project, second.refreshToken);
      return { until, call: () => refresh(project, ada.session.refreshToken) };
    },
    ['200', '400 refresh_token_already_used'],
  ),
  boundary(
    'a challenge lives for five minutes',
    async (project) => {
      const { session, factor } = await project.given.userWithFactor();
      const until = project.target.now() + 5 * minute;
      const challenge_id = await project.given.challenge(session, factor);
      const call = () =>
        project.call(`POST /factors/${factor.id}/verify`, { as: session, body: { challenge_id, code: factor.code() } });
      return { until, call };
    },
    ['200', '422 mfa_challenge_expired'],
  ),
  boundary(
    'an enrollment without a challenge is cleared away after five minutes',
    async (project) => {
      const { session } = await project.given.user();
      const until = project.target.now() + 5 * minute;
      await project.given.unverifiedFactor(session, 'first');
      const body = { factor_type: 'totp', friendly_name: 'first' };
      return { until, call: () => project.call('POST /factors', { as: session, body }) };
    },
    ['422 mfa_factor_name_conflict', '200'],
  ),
  boundary(
    'a text message may follow the last one after more than a minute',
    async (project) => {
      const body = { phone: project.phone(1) };
      const until = project.target.now() + minute;
      await project.given.call('POST /otp', { body });
      return { until, call: () => project.call('POST /otp', { body }) };
    },
    ['429 over_sms_send_rate_limit', '200'],
    { sms: { max_frequency: '1m' } },
  ),
  boundary(
    'so it is with those of a phone factor',
    async (project) => {
      const { session } = await project.given.user();
      const id = await project.given.unverifiedPhoneFactor(session, project.phone(1));
      const until = project.target.now() + minute;
      await project.given.challenge(session, { id });
      return { until, call: () => project.call(`POST /factors/${id}/challenge`, { as: session, body: {} }) };
    },
    ['429 over_sms_send_rate_limit', '200'],
    { mfa: { phone: { max_frequency: '1m' } } },
  ),
  boundary(
    'an email may follow the last one after a minute exactly',
    async (project) => {
      const ada = await project.given.user();
      const until = project.target.now() + minute - 1;
      await project.given.call('POST /recover', { body: { email: ada.email } });
      return { until, call: () => project.call('POST /recover', { body: { email: ada.email } }) };
    },
    ['429 over_email_send_rate_limit', '200'],
    { email: { max_frequency: '1m' } },
  ),
  boundary(
    'the code of a recovery can be exchanged for five minutes from the request',
    async (project) => {
      const { asked, link } = await codeOf(project, 'recover', pkce);
      const code = parametersOf(await project.given.call(open(link))).get('code');
      return { until: asked + 5 * minute, call: () => exchange(project, code) };
    },
    ['200', '422 flow_state_expired'],
  ),
  boundary(
    'the code of a magic link for five minutes from the click',
    async (project) => {
      const { link } = await codeOf(project, 'magiclink', pkce);
      await project.pass('10m');
      const until = project.target.now() + 5 * minute;
      const code = parametersOf(await project.given.call(open(link))).get('code');
      return { until, call: () => exchange(project, code) };
    },
    ['200', '422 flow_state_expired'],
  ),
  boundary(
    'a session needs no nonce for a day',
    async (project) => {
      const { session } = await project.given.user();
      const until = project.target.now() + 24 * hour;
      return { until, call: () => project.call('PUT /user', { as: session, body: { password: 'a new password' } }) };
    },
    ['200', '400 reauthentication_needed'],
    { jwt_expiry: 100_000, email: { secure_password_change: true } },
  ),
  boundary(
    'a link lives for an hour',
    async (project) => {
      const { asked, link } = await codeOf(project, 'recover');
      return { until: asked + hour, call: () => project.call(open(link)) };
    },
    ['303', '303 otp_expired'],
  ),
  boundary(
    'a typed code as well',
    async (project) => {
      const { email } = await project.given.user();
      const until = project.target.now() + hour;
      const token = await project.given.recoveryCode({ email });
      return { until, call: () => project.call('POST /verify', { body: { type: 'recovery', email, token } }) };
    },
    ['200', '403 otp_expired'],
  ),
  boundary(
    'an access token is good until the second of its exp begins',
    async (project) => {
      const { session } = await project.given.user();
      const until = Number(claimsOf(session)['exp']) * 1000 - 1;
      return { until, call: () => project.call('GET /user', { as: session }) };
    },
    ['200', '403 bad_jwt'],
  ),
  boundary(
    'an access token is good from the second of its nbf on',
    async (project) => {
      const { session } = await project.given.user();
      const nbf = Math.ceil(project.target.now() / 1000) + 60;
      const token = forge({ ...claimsOf(session), nbf }, project.target.jwtSecret);
      return { until: nbf * 1000 - 1, call: () => project.call('GET /user', { as: token }) };
    },
    ['403 bad_jwt', '200'],
  ),
  boundary(
    'the link of an email change lives for an hour',
    async (project) => {
      const { session } = await project.given.user();
      const until = project.target.now() + hour;
      await project.given.call('PUT /user', { as: session, body: { email: project.email('lovelace') } });
      const [mail] = await project.newMails(project.email('lovelace'));
      return { until, call: () => project.call(open(mail?.links[0])) };
    },
    ['303', '303 otp_expired'],
  ),
  boundary(
    'a nonce by email lives as long as other codes by email',
    async (project) => {
      const { email, session } = await project.given.user();
      await project.pass('25h');
      const until = project.target.now() + 5 * minute;
      await project.given.call('GET /reauthenticate', { as: session });
      const nonce = codeIn((await project.newMails(email))[0]);
      const body = { password: 'a new password', nonce };
      return { until, call: () => project.call('PUT /user', { as: session, body }) };
    },
    ['200', '422 reauthentication_not_valid'],
    { jwt_expiry: 100_000, email: { secure_password_change: true, otp_expiry: 300 } },
  ),
  boundary(
    'a ban ends at its last millisecond',
    async (project) => {
      const ada = await project.given.user();
      const until = project.target.now() + 24 * hour - 1;
      await project.given.banned(ada);
      const body = { email: ada.email, password: ada.password };
      return { until, call: () => project.call('POST /token?grant_type=password', { body }) };
    },
    ['400 user_banned', '200'],
  ),
  boundary('a session ends after its timebox', refreshOf(hour, user), ['200', '400 session_expired'], {
    sessions: { timebox: '1h' },
  }),
  boundary('a session ends when it was idle', refreshOf(30 * minute, user), ['200', '400 session_expired'], {
    sessions: { inactivity_timeout: '30m' },
  }),
  boundary(
    'a session without its second factor ends after the limit for aal1',
    async (project) => {
      const ada = await project.given.userWithFactor();
      const until = project.target.now() + minute;
      const { refreshToken } = await project.given.passwordSession(ada);
      return { until, call: () => refresh(project, refreshToken) };
    },
    ['200', '400 session_expired'],
    { sessions: { allow_low_aal: '1m' } },
  ),
  [
    'methods of the same second stay in their order in amr',
    async () => {
      const project = await start();
      const ada = await project.given.userWithFactor();
      const body = { email: ada.email, password: ada.password };
      const session = sessionOf(await project.call('POST /token?grant_type=password', { body }));
      await project.target.advance(10);
      const challenge_id = await project.given.challenge(session, ada.factor);
      const answer = await project.call(`POST /factors/${ada.factor.id}/verify`, {
        as: session,
        body: { challenge_id, code: ada.factor.code() },
      });
      const methods = (claimsOf(sessionOf(answer))['amr'] as { method: string }[]).map(({ method }) => method);
      assert.deepEqual(methods, ['password', 'totp']);
    },
  ],
  [
    'the mailbox lists what it finds for a search that all emails match',
    async () => {
      const project = await start({ email: { max_frequency: '0s' } });
      const { email } = await project.given.user();
      for (let number = 1; number <= 3; number++) await project.given.call('POST /recover', { body: { email } });
      const inbox = `GET ${project.target.inbox}/api/v1`;
      const idsOf = async (path: string) => {
        const { body } = await project.given.call<{ messages: { ID: string }[] }>(`${inbox}/${path}`);
        return body.messages.map(({ ID }) => ID);
      };
      const all = await idsOf('messages');
      assert.equal(all.length, 3);
      assert.deepEqual(await idsOf(`search?query=to:${email}`), all);
      assert.deepEqual(await idsOf('messages?start=1&limit=1'), all.slice(1, 2));
    },
  ],
  [
    'of more than twenty challenges the oldest that expired are forgotten',
    async () => {
      const project = await start();
      const { session, factor } = await project.given.userWithFactor();
      const ids: string[] = [];
      for (let number = 1; number <= 25; number++) ids.push(await project.given.challenge(session, factor));
      await project.pass('6m');
      const newest = await project.given.challenge(session, factor);
      const answers = [];
      for (const challenge_id of [ids[0], ids[24], newest])
        answers.push(
          outcome(
            await project.call(`POST /factors/${factor.id}/verify`, {
              as: session,
              body: { challenge_id: challenge_id ?? '', code: factor.code() },
            }),
          ),
        );
      assert.deepEqual(answers, ['422 mfa_factor_not_found', '422 mfa_challenge_expired', '200']);
    },
  ],
  [
    'of more than twenty PKCE flows the oldest that expired are forgotten',
    async () => {
      const project = await start({ email: { max_frequency: '0s' } });
      const { link } = await codeOf(project, 'recover', pkce);
      const code = parametersOf(await project.given.call(open(link))).get('code');
      const answers = [];
      for (const more of [3, 20]) {
        await project.pass('6m');
        for (let number = 1; number <= more; number++)
          await project.given.call('POST /recover', { body: { email: project.email('ada'), ...pkce } });
        answers.push(outcome(await exchange(project, code)));
      }
      assert.deepEqual(answers, ['422 flow_state_expired', '404 flow_state_not_found']);
    },
  ],
];

/**
 * How many emails, text messages, and log lines the project keeps. These checks are slow, and no change of a rule could
 * break them.
 */
export const kept: Check[] = [
  [
    'the last 500 emails',
    async () => {
      const project = await start({ email: { max_frequency: '0s' } });
      const { email } = await project.given.user();
      for (let number = 1; number <= 501; number++) await project.given.call('POST /recover', { body: { email } });
      const list = await project.given.call<{ total: number }>(`GET ${project.target.inbox}/api/v1/messages`);
      assert.equal(list.body.total, 500);
    },
  ],
  [
    'the last 2,000 lines of the log, and none of a health check',
    async () => {
      const project = await start();
      const lines = async () => (await project.given.call<string[]>(`GET ${project.target.log}`)).body;
      const before = (await lines()).length;
      await project.given.call('GET /health');
      assert.equal((await lines()).length, before);
      for (let number = 1; number <= 2001; number++) await project.given.call('GET /settings');
      assert.equal((await lines()).length, 2000);
    },
  ],
];
