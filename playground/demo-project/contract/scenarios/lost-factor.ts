/** A lost factor, a factor that someone else left behind, and the tokens of ended sessions. */
import { createHmac } from 'node:crypto';
import type { Session } from '../calls.ts';
import type { Client } from '../client.ts';
import { claimsOf, open, sessionInLink, sessionOf } from '../given.ts';
import { scenario } from '../scenario.ts';

const newPassword = { password: 'a new password' };

/**
 * Checks a token as services other than Auth do: its signature, expiry, and level. Records a note that it passes.
 * Throws if it doesn't.
 */
function noteThatTheTokenPasses(project: Client, { accessToken }: Session, aal: string): void {
  const [header, payload, signature] = accessToken.split('.');
  const expected = createHmac('sha256', project.target.jwtSecret).update(`${header}.${payload}`).digest('base64url');
  const claims = claimsOf({ accessToken, refreshToken: '' });
  if (signature !== expected || claims['aal'] !== aal || Number(claims['exp']) * 1000 <= project.target.now())
    throw new Error(`the token is no longer good: ${JSON.stringify(claims)}`);
  project.note(
    `that access token still passes outside Auth: its signature is valid, it says ${aal}, and its exp is to come`,
  );
}

const factorsOf = (project: Client, { id }: { id: string }) =>
  project.send(`GET /admin/users/${id}/factors`, { as: 'service' });

export const heading = 'Lost factors and ended sessions';

export const scenarios = [
  scenario(
    'a-recovery-session-cannot-replace-a-lost-factor',
    "A recovery session can't set a password, add a factor or remove a verified factor",
    async (project) => {
      const ada = await project.given.userWithFactor();
      const as = await project.given.recoverySession(ada);
      await project.send('PUT /user', { as, body: newPassword });
      await project.send('POST /factors', { as, body: { factor_type: 'totp', friendly_name: 'new phone' } });
      await project.send(`DELETE /factors/${ada.factor.id}`, { as });
    },
  ),
  scenario(
    'a-verified-totp-factor-with-verification-off',
    "With TOTP verification off, a verified factor still counts, but can't be challenged or removed",
    async (project) => {
      const ada = await project.given.userWithUnverifiedFactor();
      await project.given.verifiedBefore(ada.factor);
      const as = await project.given.recoverySession(ada);
      await project.send('PUT /user', { as, body: newPassword });
      await project.send(`POST /factors/${ada.factor.id}/challenge`, { as, body: {} });
      await project.send(`DELETE /factors/${ada.factor.id}`, { as });
    },
    'totp-verify-off',
  ),
  scenario(
    'a-verified-phone-factor-with-verification-off',
    "With phone verification off, a verified factor still counts, but can't be challenged or removed",
    async (project) => {
      const ada = await project.given.user();
      const factor = { id: await project.given.unverifiedPhoneFactor(ada.session, project.phone(1)) };
      await project.given.verifiedBefore(factor);
      const as = await project.given.recoverySession(ada);
      await project.send('PUT /user', { as, body: newPassword });
      await project.send(`POST /factors/${factor.id}/challenge`, { as, body: { channel: 'sms' } });
      await project.send(`DELETE /factors/${factor.id}`, { as });
    },
    'phone-verify-off',
  ),
  scenario(
    'a-leftover-factor-of-a-stranger-sets-a-password',
    "A stranger's unverified phone factor survives the owner's enrollment and can later raise a recovery session",
    async (project) => {
      const ada = await project.given.user();
      const early = await project.given.recoverySession(ada);
      const leftover = await project.given.unverifiedPhoneFactor(early, project.phone(1));
      const owner = await project.given.verifiedFactor(ada.session, 'app');
      await project.send('GET /user', { as: early });
      await project.send('GET /user', { as: owner.session });

      const session = await project.given.recoverySession(ada);
      await project.send('PUT /user', { as: session, body: newPassword });
      const { body } = await project.send<{ id: string }>(`POST /factors/${leftover}/challenge`, {
        as: session,
        body: { channel: 'sms' },
      });
      const code = (await project.newTexts()).at(-1)?.sms.otp ?? null;
      if (code) project.name(code, 'code in the text message');
      await project.send(`POST /factors/${leftover}/verify`, { as: session, body: { challenge_id: body.id, code } });
      await project.send('PUT /user', { as: session, body: newPassword });
    },
  ),
  scenario(
    'leftover-factors-removed-at-enrollment',
    "Once the owner has removed leftover unverified factors, they can't raise a session",
    async (project) => {
      const ada = await project.given.user();
      const early = await project.given.recoverySession(ada);
      const leftover = await project.given.unverifiedPhoneFactor(early, project.phone(1));
      const owner = await project.given.verifiedFactor(ada.session, 'app');
      await project.send(`DELETE /factors/${leftover}`, { as: owner.session });
      const session = await project.given.recoverySession(ada);
      await project.send(`POST /factors/${leftover}/challenge`, { as: session, body: { channel: 'sms' } });
    },
  ),
  scenario(
    'a-challenge-at-aal1-sets-last-challenged-at',
    'Creating a challenge sets last_challenged_at, even at aal1 and without a code',
    async (project) => {
      const ada = await project.given.userWithFactor();
      await project.advance('1h');
      const session = await project.given.recoverySession(ada);
      await factorsOf(project, ada);
      await project.send(`POST /factors/${ada.factor.id}/challenge`, { as: session, body: {} });
      await factorsOf(project, ada);
    },
  ),
  scenario(
    'admin-locks-an-account-and-deletes-its-factors',
    'No link or password opens a session while the account is locked; then its factors are deleted and the user starts again',
    async (project) => {
      const ada = await project.given.userWithFactor();
      const leftover = await project.given.unverifiedPhoneFactor(ada.session, project.phone(1));
      const waiting = await project.given.recoverySession(ada);
      const user = `/admin/users/${ada.id}`;
      await project.send(`PUT ${user}`, {
        as: 'service',
        body: { password: 'a password that nobody knows', ban_duration: '24h' },
      });
      await project.send('PUT /user', { as: waiting, body: newPassword });
      noteThatTheTokenPasses(project, waiting, 'aal1');
      await project.send('POST /token?grant_type=password', { body: { email: ada.email, password: ada.password } });
      await project.send(open(await project.given.recoveryLink(ada)));
      await project.advance('1h');
      await project.send(`DELETE ${user}/factors/${ada.factor.id}`, { as: 'service' });
      await project.send(`DELETE ${user}/factors/${leftover}`, { as: 'service' });
      await factorsOf(project, ada);
      await project.send(`PUT ${user}`, { as: 'service', body: { ban_duration: 'none' } });
      const recovery = sessionInLink(await project.send(open(await project.given.recoveryLink(ada))));
      await project.send('PUT /user', { as: recovery, body: newPassword });
      await project.given.verifiedFactor(recovery, 'new phone');
    },
  ),
  scenario(
    'the-access-token-of-an-ended-session-passes-outside-auth',
    'When a password change ends an aal2 session, Auth refuses its tokens, but the access token stays valid until it expires',
    async (project) => {
      const ada = await project.given.userWithFactor();
      const other = sessionOf(
        await project.send('POST /token?grant_type=refresh_token', {
          body: { refresh_token: ada.session.refreshToken },
        }),
      );
      const here = await project.given.stepUp(await project.given.recoverySession(ada), ada.factor);
      await project.send('PUT /user', { as: here, body: newPassword });
      await project.send('GET /user', { as: other });
      await project.send('POST /token?grant_type=refresh_token', { body: { refresh_token: other.refreshToken } });
      noteThatTheTokenPasses(project, other, 'aal2');
    },
  ),
];
