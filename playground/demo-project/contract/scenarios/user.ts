/** `GET /user` and `PUT /user`: who can change what, and the order of the checks. */

import type { Session } from '../calls.ts';
import type { Client } from '../client.ts';
import type { Person } from '../given.ts';
import { type Scenario, scenario } from '../scenario.ts';

const signIns = {
  password: (project: Client, person: Person) => project.given.passwordSession(person),
  recovery: (project: Client, person: Person) => project.given.recoverySession(person),
  'pkce-recovery': (project: Client, person: Person) => project.given.pkceRecoverySession(person),
  'magic-link': (project: Client, person: Person) => project.given.magicLinkSession(person),
};

type SignIn = keyof typeof signIns;

/** Changes everything that `PUT /user` can change, one call at a time. Then shows the user and tries the old password. */
async function changeEverything(project: Client, person: Person, session: Session): Promise<void> {
  await project.send('PUT /user', { as: session, body: { data: { nickname: 'Countess' } } });
  await project.send('PUT /user', { as: session, body: { email: person.email.toUpperCase() } });
  await project.send('PUT /user', { as: session, body: { phone: project.phone(1) } });
  await project.send('PUT /user', { as: session, body: { email: project.email('lovelace') } });
  await project.send('PUT /user', { as: session, body: { password: 'a new password', data: { nickname: 'Ada' } } });
  await project.send('GET /user', { as: session });
  for (const password of [person.password, 'a new password']) {
    await project.send('POST /token?grant_type=password', { body: { email: person.email, password } });
  }
}

const matrix = (Object.keys(signIns) as SignIn[]).flatMap((signIn): Scenario[] => [
  scenario(
    `no-factor-${signIn}-session-may-change`,
    `Without a factor, a ${signIn} session can change everything`,
    async (project) => {
      const ada = await project.given.user();
      await changeEverything(project, ada, await signIns[signIn](project, ada));
    },
  ),
  scenario(
    `unverified-factor-${signIn}-session-may-change`,
    `With an unverified factor, a ${signIn} session can change everything`,
    async (project) => {
      const ada = await project.given.userWithUnverifiedFactor();
      await changeEverything(project, ada, await signIns[signIn](project, ada));
    },
  ),
  scenario(
    `verified-factor-${signIn}-session-at-aal1-may-not-change`,
    `With a verified factor, a ${signIn} session at aal1 can't change the password, email address or phone number`,
    async (project) => {
      const ada = await project.given.userWithFactor();
      await changeEverything(project, ada, await signIns[signIn](project, ada));
    },
  ),
  scenario(
    `verified-factor-${signIn}-session-at-aal2-may-change`,
    `With a verified factor, a ${signIn} session at aal2 can change everything`,
    async (project) => {
      const ada = await project.given.userWithFactor();
      const session = await project.given.stepUp(await signIns[signIn](project, ada), ada.factor);
      await changeEverything(project, ada, session);
    },
  ),
]);

const order = [
  scenario('get-user', 'The user after sign-up', async (project) => {
    const ada = await project.given.user('ada', { name: 'Ada', age: 36 });
    await project.sendLogged('GET /user', { as: ada.session });
  }),
  scenario(
    'weak-password-comes-before-insufficient-aal',
    'A weak password is refused before the missing aal2, which hides it',
    async (project) => {
      const ada = await project.given.userWithFactor();
      const session = await project.given.recoverySession(ada);
      for (const password of ['', 'short', 'x'.repeat(73), 'äöü']) {
        await project.send('PUT /user', { as: session, body: { password } });
      }
    },
  ),
  scenario(
    'weak-password-in-both-error-forms',
    'weak_password lists its reasons in both error formats',
    async (project) => {
      const ada = await project.given.user();
      await project.sendLogged('PUT /user', { as: ada.session, body: { password: 'short' } });
      await project.sendLogged('PUT /user', { as: ada.session, body: { password: 'short' }, version: null });
    },
  ),
  scenario(
    'same-password-comes-after-insufficient-aal',
    'The old password is refused only once the session is at aal2',
    async (project) => {
      const ada = await project.given.userWithFactor();
      const session = await project.given.recoverySession(ada);
      await project.send('PUT /user', { as: session, body: { password: ada.password } });
      await project.given.stepUp(session, ada.factor);
      await project.send('PUT /user', { as: session, body: { password: ada.password } });
      await project.send('PUT /user', { as: session, body: { password: 'a new password' } });
    },
  ),
  scenario(
    'insufficient-aal-in-both-error-forms',
    'The 401 in both error formats, depending on the requested API version',
    async (project) => {
      const ada = await project.given.userWithFactor();
      const session = await project.given.recoverySession(ada);
      for (const version of [null, '2023-12-31', '2024-01-01', '2025-06-01', 'nonsense', '']) {
        await project.sendLogged('PUT /user', { as: session, body: { password: 'a new password' }, version });
      }
    },
  ),
  scenario('no-op-changes-need-no-aal2', 'Changes that change nothing are allowed at aal1', async (project) => {
    const ada = await project.given.userWithFactor();
    const session = await project.given.recoverySession(ada);
    for (const body of [
      {},
      { password: null },
      { email: ada.email },
      { email: '' },
      { phone: '' },
      { nonce: '123456' },
      { unknown: 1 },
    ]) {
      await project.send('PUT /user', { as: session, body });
    }
  }),
  scenario('a-taken-address-does-not-show-at-aal1', 'insufficient_aal comes before email_exists', async (project) => {
    const ada = await project.given.userWithFactor();
    const grace = await project.given.user('grace');
    const session = await project.given.recoverySession(ada);
    await project.send('PUT /user', { as: session, body: { email: grace.email } });
    await project.given.stepUp(session, ada.factor);
    await project.send('PUT /user', { as: session, body: { email: grace.email } });
  }),
  scenario(
    'app-metadata-needs-an-admin',
    'app_metadata is refused to users, before insufficient_aal',
    async (project) => {
      const ada = await project.given.userWithFactor();
      const session = await project.given.recoverySession(ada);
      await project.send('PUT /user', {
        as: session,
        body: { app_metadata: { role: 'admin' }, password: 'a new password' },
      });
      await project.send('PUT /user', { as: session, body: { app_metadata: {} } });
      await project.send('PUT /user', { as: session, body: { app_metadata: null } });
    },
  ),
  scenario(
    'bad-address-and-number-come-before-insufficient-aal',
    'Malformed addresses and numbers are refused before the missing aal2',
    async (project) => {
      const ada = await project.given.userWithFactor();
      const session = await project.given.recoverySession(ada);
      for (const email of [
        'ada',
        'ada@',
        '@example.com',
        ' ada@example.com',
        `${'a'.repeat(250)}@example.com`,
        'ada@exämple.com',
      ]) {
        await project.send('PUT /user', { as: session, body: { email } });
      }
      for (const phone of ['x', '0123', '+0123', '+12345678901234567', '12']) {
        await project.send('PUT /user', { as: session, body: { phone } });
      }
    },
  ),
  scenario(
    'put-user-malformed-bodies',
    "Bodies that aren't valid JSON are refused, and nothing changes",
    async (project) => {
      const ada = await project.given.user();
      for (const raw of [
        '',
        '{',
        '[]',
        'null',
        '"text"',
        '{"password": 123456}',
        '{"data": []}',
        '{"data": "text"}',
        '{"email": {}}',
        '{}{}',
      ]) {
        await project.send('PUT /user', { as: ada.session, raw });
      }
      await project.send('GET /user', { as: ada.session });
    },
  ),
  scenario(
    'a-password-change-ends-all-other-sessions',
    'A password change ends all other sessions, even at aal2, and this session keeps its tokens',
    async (project) => {
      const ada = await project.given.userWithFactor();
      const other = await project.given.stepUp(await project.given.passwordSession(ada), ada.factor);
      const recovery = await project.given.stepUp(await project.given.recoverySession(ada), ada.factor);
      await project.send('PUT /user', { as: recovery, body: { password: 'a new password' } });
      await project.send('GET /user', { as: other });
      await project.send('POST /token?grant_type=refresh_token', { body: { refresh_token: other.refreshToken } });
      await project.send('GET /user', { as: ada.session });
      await project.send('GET /user', { as: recovery });
      await project.send('PUT /user', { as: recovery, body: { password: 'another password' } });
      await project.send('POST /token?grant_type=refresh_token', { body: { refresh_token: recovery.refreshToken } });
    },
  ),
];

export const heading = 'Changing the password, email address and phone number';

export const scenarios = [...order, ...matrix];
