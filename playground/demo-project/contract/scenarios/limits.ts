/**
 * Errors caused by settings that the demo project leaves out: rate limits, captchas, hooks, other refresh tokens, and
 * addresses that get no email.
 */
import { scenario } from '../scenario.ts';

const forwardedFor = (address: string) => ({ 'x-forwarded-for': address });

export const heading = 'Rate limits, captcha, hooks, and what else a setting refuses';

export const scenarios = [
  scenario(
    'version-2-refresh-token-from-before-the-step-up',
    'With version 2 tokens, using the refresh token from before a step-up after the reuse interval ends the session',
    async (project) => {
      const ada = await project.given.userWithFactor();
      const recovery = await project.given.recoverySession(ada);
      const raised = await project.given.stepUp(recovery, ada.factor);
      const old = { body: { refresh_token: recovery.refreshToken } };
      await project.send('POST /token?grant_type=refresh_token', old);
      await project.send('GET /user', { as: raised });
      await project.advance('11s');
      await project.send('POST /token?grant_type=refresh_token', old);
      await project.send('GET /user', { as: raised });
    },
    'refresh-tokens-v2',
  ),
  scenario(
    'a-captcha-is-asked-for',
    'With captcha protection on, a call without a captcha token is refused',
    async (project) => {
      const email = project.email('nobody');
      await project.send('POST /recover', { body: { email } });
      await project.send('POST /token?grant_type=password', { body: { email, password: 'a password' } });
      await project.send('POST /otp', { body: { email } });
    },
    'captcha',
  ),
  scenario(
    'an-address-outside-the-team-gets-no-email',
    'With the built-in email service, a reset for an address outside the team shows whether it has an account',
    async (project) => {
      const ada = await project.given.user();
      await project.send('POST /recover', { body: { email: ada.email } });
      await project.send('POST /recover', { body: { email: project.email('nobody') } });
      await project.send('GET /reauthenticate', { as: ada.session });
    },
    'team-addresses-only',
  ),
  scenario(
    'an-address-that-cannot-get-email',
    'With the extended address check on, a reset for an account at a reserved domain is refused',
    async (project) => {
      const ada = await project.given.user();
      await project.send('POST /recover', { body: { email: ada.email } });
      await project.send('POST /recover', { body: { email: project.email('nobody') } });
    },
    'extended-address-check',
  ),
  scenario(
    'the-email-budget-of-the-project-is-spent',
    "When the project can't send more emails, only a reset for an existing account is refused",
    async (project) => {
      const ada = await project.given.user();
      await project.send('POST /recover', { body: { email: ada.email } });
      await project.send('POST /recover', { body: { email: project.email('nobody') } });
    },
    'no-emails-left',
  ),
  scenario(
    'an-email-that-cannot-be-sent',
    "When an email can't be sent, only a reset for an existing account fails",
    async (project) => {
      const ada = await project.given.user();
      await project.send('POST /recover', { body: { email: ada.email } });
      await project.send('POST /recover', { body: { email: project.email('nobody') } });
    },
    'no-email-server',
  ),
  scenario(
    'an-email-in-the-background-that-cannot-be-sent',
    "With background sending on, Auth answers before it sends the email, so a failure doesn't show",
    async (project) => {
      const ada = await project.given.user();
      await project.send('POST /recover', { body: { email: ada.email } });
      await project.send('POST /recover', { body: { email: project.email('nobody') } });
    },
    'no-email-server-in-the-background',
  ),
  scenario(
    'sb-forwarded-for-names-the-address',
    'With the setting on, Sb-Forwarded-For decides which IP address created and verified a challenge',
    async (project) => {
      const ada = await project.given.userWithFactor();
      const session = await project.given.passwordSession(ada);
      const from = (own: string, sb: string) => ({ ...forwardedFor(own), 'sb-forwarded-for': sb });
      const { body } = await project.send<{ id: string }>(`POST /factors/${ada.factor.id}/challenge`, {
        as: session,
        headers: from('203.0.113.1', '198.51.100.1'),
      });
      for (const headers of [from('203.0.113.1', '198.51.100.2'), from('203.0.113.2', '198.51.100.1')])
        await project.send(`POST /factors/${ada.factor.id}/verify`, {
          as: session,
          headers,
          body: { challenge_id: body.id, code: ada.factor.code() },
        });
    },
    'sb-forwarded-for',
  ),
  scenario(
    'too-many-requests-from-one-address',
    'After 30 requests at once from one IP address, the next is refused, but other addresses can go on',
    async (project) => {
      const ada = await project.given.userWithFactor();
      const challenge = await project.given.challenge(ada.session, ada.factor);
      const email = project.email('nobody');
      for (const [route, call] of [
        ['POST /recover', { body: { email } }],
        ['POST /verify', { body: { type: 'recovery', email, token: '000000' } }],
        [
          `POST /factors/${ada.factor.id}/verify`,
          { as: ada.session, body: { challenge_id: challenge, code: ada.factor.wrongCode() } },
        ],
        ['POST /token?grant_type=refresh_token', { body: { refresh_token: 'unknown' } }],
      ] as const) {
        const one = '198.51.100.1';
        for (let count = 0; count < 30; count += 1) await project.call(route, { ...call, headers: forwardedFor(one) });
        project.note('thirty of the next request have come from one IP address');
        await project.send(route, { ...call, headers: forwardedFor(one) });
        await project.send(route, { ...call, headers: forwardedFor('203.0.113.1') });
      }
    },
    'requests-limited-by-address',
  ),
  scenario(
    'a-hook-rejects-a-verification',
    'When the MFA verification hook rejects an attempt, every session of the user ends',
    async (project) => {
      const ada = await project.given.userWithFactor();
      const recovery = await project.given.recoverySession(ada);
      const challenge = await project.given.challenge(recovery, ada.factor);
      await project.send(`POST /factors/${ada.factor.id}/verify`, {
        as: recovery,
        body: { challenge_id: challenge, code: ada.factor.wrongCode() },
      });
      await project.send('GET /user', { as: recovery });
      await project.send('GET /user', { as: ada.session });
    },
    'verification-hook',
  ),
];
