/** Sessions: what ends them, and what happens to the tokens of an ended session. */

import type { Session } from '../calls.ts';
import type { Client } from '../client.ts';
import { open, sessionInLink, sessionOf } from '../given.ts';
import { scenario } from '../scenario.ts';

const refresh = (project: Client, { refreshToken }: Session) =>
  project.send('POST /token?grant_type=refresh_token', { body: { refresh_token: refreshToken } });

export const heading = 'Sessions';

export const scenarios = [
  ...['', '?scope=global', '?scope=local', '?scope=others', '?scope=nonsense', '?scope='].map((query) =>
    scenario(
      `logout${query.replace('?scope=', '-scope-')}${query.endsWith('=') ? 'empty' : ''}`,
      `Which sessions POST /logout${query} ends`,
      async (project) => {
        const ada = await project.given.user();
        const other = await project.given.passwordSession(ada);
        await project.sendLogged(`POST /logout${query}`, { as: ada.session });
        await project.send('GET /user', { as: ada.session });
        await project.send('GET /user', { as: other });
        await refresh(project, ada.session);
        await refresh(project, other);
      },
    ),
  ),
  scenario(
    'a-dead-session-is-refused-everywhere',
    'Every call with the token of an ended session gets session_not_found',
    async (project) => {
      const ada = await project.given.userWithFactor();
      await project.given.call('POST /logout', { as: ada.session });
      project.note('ada has signed out');
      const as = ada.session;
      await project.send('GET /user', { as });
      await project.send('PUT /user', { as, body: { password: 'a new password' } });
      await project.send('POST /factors', { as, body: { factor_type: 'totp' } });
      await project.send(`POST /factors/${ada.factor.id}/challenge`, { as });
      await project.send(`POST /factors/${ada.factor.id}/verify`, { as, body: {} });
      await project.send(`DELETE /factors/${ada.factor.id}`, { as });
      await project.send('GET /reauthenticate', { as });
      await project.send('POST /logout', { as });
      await project.send('GET /user', { as, version: null });
    },
  ),
  scenario(
    'a-step-up-ends-every-aal1-session',
    "Verifying a factor ends the user's other aal1 sessions; aal2 sessions stay",
    async (project) => {
      const ada = await project.given.userWithFactor();
      const laptop = await project.given.passwordSession(ada);
      const recovery = await project.given.recoverySession(ada);
      const phone = await project.given.passwordSession(ada);
      await project.send('GET /user', { as: recovery });
      await project.given.stepUp(phone, ada.factor);
      await project.send('GET /user', { as: recovery });
      await project.send('PUT /user', { as: recovery, body: { password: 'a new password' } });
      await refresh(project, laptop);
      await project.send('GET /user', { as: ada.session });
    },
  ),
  scenario('a-step-up-leaves-other-users-alone', 'A step-up only ends sessions of the same user', async (project) => {
    const ada = await project.given.userWithFactor();
    const grace = await project.given.user('grace');
    await project.given.stepUp(await project.given.passwordSession(ada), ada.factor);
    await project.send('GET /user', { as: grace.session });
  }),
  scenario(
    'aal-column-and-token-can-disagree',
    'After the factor that raised the session is removed, the token says aal2 and the database aal1',
    async (project) => {
      const ada = await project.given.userWithFactor();
      const phone = await project.given.verifiedPhoneFactor(ada.session, project.phone(1));
      await project.send(`DELETE /factors/${phone.id}`, { as: phone.session });
      const next = sessionOf(await refresh(project, phone.session));
      await project.send('PUT /user', { as: next, body: { password: 'a new password' } });
      await project.send('POST /factors', { as: next, body: { factor_type: 'totp', friendly_name: 'another' } });
      await project.send(`DELETE /factors/${ada.factor.id}`, { as: next });
      const again = await project.given.stepUp(next, ada.factor);
      await project.send('PUT /user', { as: again, body: { password: 'a new password' } });
    },
  ),
  scenario(
    'one-of-two-factor-types-is-removed',
    'Refreshed tokens keep saying aal2 while the database says aal1, until the other factor is verified',
    async (project) => {
      const ada = await project.given.userWithFactor();
      const phone = await project.given.verifiedPhoneFactor(ada.session, project.phone(1));
      await project.send(`DELETE /factors/${phone.id}`, { as: phone.session });
      const first = sessionOf(await refresh(project, phone.session));
      await project.send('PUT /user', { as: first, body: { password: 'a new password' } });
      const second = sessionOf(await refresh(project, first));
      await project.send('PUT /user', { as: second, body: { password: 'a new password' } });
      await project.pass('2s');
      const again = sessionOf(
        await project.send('POST /token?grant_type=password', { body: { email: ada.email, password: ada.password } }),
      );
      await project.send('PUT /user', { as: again, body: { password: 'a new password' } });
      const challenge = await project.given.challenge(second, ada.factor);
      const raised = sessionOf(
        await project.send(`POST /factors/${ada.factor.id}/verify`, {
          as: second,
          body: { challenge_id: challenge, code: ada.factor.code() },
        }),
      );
      await project.send('PUT /user', { as: raised, body: { password: 'a new password' } });
    },
  ),
  scenario(
    'unenrolling-the-lifting-factor-of-the-same-type',
    'If another factor of the same type is left, the token says aal1 after a refresh',
    async (project) => {
      const ada = await project.given.userWithFactor();
      const second = await project.given.verifiedFactor(ada.session, 'second');
      await project.send(`DELETE /factors/${second.factor.id}`, { as: second.session });
      const next = sessionOf(await refresh(project, second.session));
      await project.send('PUT /user', { as: next, body: { password: 'a new password' } });
    },
  ),
  scenario(
    'unenrolling-another-factor-keeps-aal2',
    "Removing a factor that didn't raise the session changes nothing",
    async (project) => {
      const ada = await project.given.userWithFactor();
      const second = await project.given.verifiedFactor(ada.session, 'second');
      await project.send(`DELETE /factors/${ada.factor.id}`, { as: second.session });
      const next = sessionOf(await refresh(project, second.session));
      await project.send('PUT /user', { as: next, body: { password: 'a new password' } });
    },
  ),
  scenario(
    'sessions-timebox',
    "A session ends after a set time, even if it's refreshed",
    async (project) => {
      const ada = await project.given.user();
      await project.advance('50m');
      const next = sessionOf(await refresh(project, ada.session));
      await project.advance('11m');
      await project.send('GET /user', { as: next });
      await project.sendLogged('POST /token?grant_type=refresh_token', { body: { refresh_token: next.refreshToken } });
      await project.send('GET /user', { as: next });
    },
    'session-timebox',
  ),
  scenario(
    'sessions-inactivity',
    "A session ends if it isn't refreshed for a set time",
    async (project) => {
      const ada = await project.given.user();
      await project.advance('25m');
      const next = sessionOf(await refresh(project, ada.session));
      await project.advance('31m');
      await refresh(project, next);
    },
    'session-inactivity',
  ),
  scenario(
    'aal1-limit',
    'With a limit for aal1 sessions, a session that needs a step-up soon expires',
    async (project) => {
      const ada = await project.given.userWithFactor();
      const link = await project.given.recoveryLink(ada);
      const session = sessionInLink(await project.send(open(link)));
      await project.send('POST /token?grant_type=password', { body: { email: ada.email, password: ada.password } });
      await project.advance('35s');
      const next = sessionOf(
        await project.call('POST /token?grant_type=refresh_token', { body: { refresh_token: session.refreshToken } }),
      );
      project.note('the session was refreshed');
      await project.advance('35s');
      await project.sendLogged('POST /token?grant_type=refresh_token', { body: { refresh_token: next.refreshToken } });
    },
    'aal1-limit',
  ),
  scenario(
    'aal1-limit-spares-lifted-sessions',
    "The limit for aal1 sessions doesn't affect aal2 sessions or users without factors",
    async (project) => {
      const ada = await project.given.userWithFactor();
      const grace = await project.given.user('grace');
      const raised = await project.given.stepUp(await project.given.recoverySession(ada), ada.factor);
      await project.advance('2m');
      await refresh(project, raised);
      await refresh(project, grace.session);
    },
    'aal1-limit',
  ),
  scenario(
    'single-session-per-user',
    'With single sessions on, only the newest session can be refreshed',
    async (project) => {
      const ada = await project.given.user();
      await project.pass('2s');
      const newer = await project.given.passwordSession(ada);
      await project.sendLogged('POST /token?grant_type=refresh_token', {
        body: { refresh_token: ada.session.refreshToken },
      });
      await refresh(project, newer);
      await project.send('GET /user', { as: ada.session });
    },
    'single-session',
  ),
];
