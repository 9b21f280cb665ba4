/**
 * What an aal1 recovery session can do besides changing the password, and what a stranger can do by guessing: the
 * limits of the rule.
 */
import { open, pkce } from '../given.ts';
import { scenario } from '../scenario.ts';

export const heading = 'What a recovery session and a guesser still reach';

export const scenarios = [
  scenario(
    'a-recovery-session-signs-out-everybody-else',
    'A recovery session at aal1 can end all other sessions of the user, even at aal2',
    async (project) => {
      const ada = await project.given.userWithFactor();
      const recovery = await project.given.recoverySession(ada);
      await project.send('GET /user', { as: ada.session });
      await project.send('POST /logout?scope=others', { as: recovery });
      await project.send('GET /user', { as: ada.session });
      await project.send('POST /token?grant_type=refresh_token', { body: { refresh_token: ada.session.refreshToken } });
      await project.send('GET /user', { as: recovery });
    },
  ),
  scenario(
    'a-recovery-session-unlinks-an-identity',
    'With manual linking on, a recovery session at aal1 can remove the phone identity and its number',
    async (project) => {
      const ada = await project.given.user();
      await project.given.call('PUT /user', { as: ada.session, body: { phone: project.phone(1) } });
      project.note('ada has added a phone number to sign in with');
      await project.given.verifiedFactor(ada.session);
      const recovery = await project.given.recoverySession(ada);
      const { body } = await project.send<{ identities: { identity_id: string; provider: string }[] }>('GET /user', {
        as: recovery,
      });
      const phone = body.identities.find(({ provider }) => provider === 'phone');
      await project.send(`DELETE /user/identities/${phone?.identity_id}`, { as: recovery });
      await project.send('GET /user', { as: recovery });
    },
    'manual-linking',
  ),
  scenario(
    'a-recovery-session-may-link-an-identity',
    'With manual linking on, a recovery session at aal1 can start linking a GitHub account',
    async (project) => {
      const ada = await project.given.userWithFactor();
      const recovery = await project.given.recoverySession(ada);
      const answer = await project.call<{ url: string }>(
        'GET /user/identities/authorize?provider=github&skip_http_redirect=true',
        { as: recovery },
      );
      const { origin, pathname } = new URL(answer.body.url);
      project.note(
        `GET /user/identities/authorize?provider=github answered ${answer.status} with an address at ${origin}${pathname}`,
      );
    },
    'manual-linking',
  ),
  scenario(
    'a-changed-address-is-confirmed-by-two-links',
    'The first of two email change links changes nothing; the second changes the address and gives an aal1 session',
    async (project) => {
      const ada = await project.given.confirmedUser();
      const { session } = await project.given.verifiedFactor(ada.session);
      const email = project.email('lovelace');
      await project.send('PUT /user', { as: session, body: { email } });
      const [toOld] = await project.mails(ada.email);
      const [toNew] = await project.mails(email);
      await project.send(open(toNew?.links[0]));
      await project.send('GET /user', { as: session });
      await project.send(open(toOld?.links[0]));
      await project.send('GET /user', { as: session });
    },
    'confirm-email',
  ),
  scenario(
    'a-link-from-an-admin-is-never-pkce',
    'A link created by an admin brings its tokens behind #, even with a code challenge',
    async (project) => {
      const ada = await project.given.user();
      const body = { type: 'recovery', email: ada.email, ...pkce };
      const { body: made } = await project.send<{ action_link: string }>('POST /admin/generate_link', {
        as: 'service',
        body,
      });
      await project.send(open(made.action_link));
    },
  ),
  scenario(
    'guesses-are-limited-by-address-only',
    'Guessing TOTP codes is stopped for one IP address, but goes on from another',
    async (project) => {
      const ada = await project.given.userWithFactor();
      const session = await project.given.passwordSession(ada);
      const from = (address: string) => ({ as: session, headers: { 'x-forwarded-for': address } });
      const challenge = async (address: string) => {
        const { body } = await project.call<{ id: string }>(`POST /factors/${ada.factor.id}/challenge`, from(address));
        project.note(`a challenge of the factor was asked for from ${address}`);
        return body.id;
      };
      const verify = `POST /factors/${ada.factor.id}/verify`;
      const guess = (address: string, challenge_id: string, code = ada.factor.wrongCode()) => ({
        ...from(address),
        body: { challenge_id, code },
      });
      const [here, there] = ['192.0.2.1', '192.0.2.2'];
      const first = await challenge(here);
      let wrong = 0;
      while ((await project.call(verify, guess(here, first))).status === 422) wrong += 1;
      project.note(`${wrong} wrong codes were tried from ${here}`);
      await project.send(verify, guess(here, first));
      const second = await challenge(there);
      await project.send(verify, guess(there, second));
      await project.send(verify, guess(there, second, ada.factor.code()));
    },
    'requests-limited-by-address',
  ),
];
