/** `POST /token`: signing in with a password, exchanging an auth code, and refreshing. */

import type { Client } from '../client.ts';
import { open, parametersOf, pkce, sessionOf, verifier } from '../given.ts';
import { scenario } from '../scenario.ts';

const refresh = (project: Client, token: string) =>
  project.send('POST /token?grant_type=refresh_token', { body: { refresh_token: token } });

const exchange = (project: Client, code: string | null, code_verifier = verifier) =>
  project.send('POST /token?grant_type=pkce', { body: { auth_code: code, code_verifier } });

/** Returns the auth code that a link leads to. */
async function codeBehind(project: Client, link: string | undefined): Promise<string | null> {
  return parametersOf(await project.send(open(link))).get('code');
}

export const heading = 'Signing in, refreshing and exchanging codes';

export const scenarios = [
  scenario('password-sign-in', 'Signing in with a password gives aal1', async (project) => {
    const ada = await project.given.user();
    await project.sendLogged('POST /token?grant_type=password', { body: { email: ada.email, password: ada.password } });
    await project.send('POST /token?grant_type=password', {
      body: { email: ada.email.toUpperCase(), password: ada.password },
    });
  }),
  scenario(
    'password-sign-in-with-a-verified-factor',
    'A password sign-in is at aal1 even with a verified factor, and no error asks for the factor',
    async (project) => {
      const ada = await project.given.userWithFactor();
      await project.send('POST /token?grant_type=password', { body: { email: ada.email, password: ada.password } });
    },
  ),
  scenario(
    'password-sign-in-refused',
    'An unknown user and a wrong password get the same response',
    async (project) => {
      const ada = await project.given.user();
      await project.sendLogged('POST /token?grant_type=password', {
        body: { email: ada.email, password: 'wrong password' },
      });
      await project.sendLogged('POST /token?grant_type=password', {
        body: { email: project.email('nobody'), password: 'wrong password' },
      });
      await project.send('POST /token?grant_type=password', { body: { email: ada.email, password: '' } });
      await project.send('POST /token?grant_type=password', { body: { email: ada.email } });
      await project.send('POST /token?grant_type=password', {
        body: { email: ada.email, password: ada.password.toUpperCase() },
      });
      await project.send('POST /token?grant_type=password', { body: { email: ada.email, password: 'x'.repeat(80) } });
      await project.send('POST /token?grant_type=password', {
        body: { phone: project.phone(1), password: 'wrong password' },
      });
    },
  ),
  scenario('password-sign-in-bad-input', 'Invalid sign-ins are refused', async (project) => {
    const ada = await project.given.user();
    for (const body of [
      {},
      { password: 'a password' },
      { email: ada.email, phone: project.phone(1), password: 'a password' },
      { email: 'ada', password: 'a password' },
      { phone: 'x', password: 'a password' },
      { email: 1, password: 'a password' },
      { email: ada.email, password: 1 },
      { email: ada.email, password: null },
    ]) {
      await project.send('POST /token?grant_type=password', { body });
    }
    for (const raw of ['', '[]', '{']) await project.send('POST /token?grant_type=password', { raw });
  }),
  scenario('unknown-grants', 'Unknown grant types are refused', async (project) => {
    for (const query of [
      '',
      '?grant_type=',
      '?grant_type=nonsense',
      '?grant_type=client_credentials',
      '?grant_type=PASSWORD',
    ]) {
      await project.send(`POST /token${query}`, { body: {} });
    }
    await project.send('POST /token', { body: { grant_type: 'password' } });
    await project.send('POST /token', {
      raw: 'grant_type=password',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    await project.sendLogged('POST /token?grant_type=nonsense', { body: {}, version: null });
  }),
  scenario(
    'a-now-too-weak-password-still-signs-in',
    'A password that has become too weak still signs in, and the response says so',
    async (project) => {
      const email = project.email('ada');
      await project.given.call('POST /admin/users', {
        as: 'service',
        body: { email, password: 'short', email_confirm: true },
      });
      project.note('an admin has created ada with a password of 5 characters');
      await project.send('POST /token?grant_type=password', { body: { email, password: 'short' } });
    },
  ),
  scenario('refresh', 'Each refresh token works once and is replaced by a new token', async (project) => {
    const ada = await project.given.user();
    const next = sessionOf(
      await project.send('POST /token?grant_type=refresh_token', { body: { refresh_token: ada.session.refreshToken } }),
    );
    await project.sendLogged('POST /token?grant_type=refresh_token', { body: { refresh_token: next.refreshToken } });
  }),
  scenario('refresh-keeps-aal2', 'A refresh keeps the session, aal and amr', async (project) => {
    const ada = await project.given.userWithFactor();
    const session = await project.given.stepUp(await project.given.recoverySession(ada), ada.factor);
    await refresh(project, session.refreshToken);
  }),
  scenario(
    'refresh-reuse-within-the-interval',
    'A used token is accepted again within the interval',
    async (project) => {
      const ada = await project.given.user();
      const second = sessionOf(await refresh(project, ada.session.refreshToken));
      const third = sessionOf(await refresh(project, second.refreshToken));
      await project.advance('5s');
      await project.sendLogged('POST /token?grant_type=refresh_token', {
        body: { refresh_token: ada.session.refreshToken },
      });
      await refresh(project, third.refreshToken);
    },
  ),
  scenario(
    'refresh-with-the-parent-of-the-active-token',
    'The parent of the active token returns the active token again, at any age',
    async (project) => {
      const ada = await project.given.user();
      await refresh(project, ada.session.refreshToken);
      await project.advance('10m');
      await refresh(project, ada.session.refreshToken);
      await refresh(project, ada.session.refreshToken);
    },
  ),
  scenario(
    'refresh-reuse-after-the-interval',
    'After the interval, an older token is refused as already used, and the newest token still works',
    async (project) => {
      const ada = await project.given.user();
      const second = sessionOf(await refresh(project, ada.session.refreshToken));
      const third = sessionOf(await refresh(project, second.refreshToken));
      await project.advance('11s');
      await project.sendLogged('POST /token?grant_type=refresh_token', {
        body: { refresh_token: ada.session.refreshToken },
      });
      await refresh(project, third.refreshToken);
      await refresh(project, second.refreshToken);
      await project.send('GET /user', { as: third });
    },
  ),
  scenario(
    'refresh-token-from-before-the-step-up',
    'The refresh token from before a step-up gives the aal2 tokens, at any age, until the new token is used',
    async (project) => {
      const ada = await project.given.userWithFactor();
      const recovery = await project.given.recoverySession(ada);
      const raised = await project.given.stepUp(recovery, ada.factor);
      await refresh(project, recovery.refreshToken);
      await project.advance('10m');
      await refresh(project, recovery.refreshToken);
      await refresh(project, raised.refreshToken);
      await project.advance('11s');
      await refresh(project, recovery.refreshToken);
    },
  ),
  scenario('refresh-bad-input', 'Invalid refresh tokens are refused', async (project) => {
    for (const refresh_token of [
      '',
      'short',
      'abcdefghijk',
      'abcdefghijkl',
      'ABCDEFGHIJKL',
      'abcdefghijklm',
      'x'.repeat(51),
      'äöüäöüäöüäöü',
      null,
      12,
    ]) {
      await project.send('POST /token?grant_type=refresh_token', { body: { refresh_token } });
    }
    for (const raw of ['', '{}', '[]']) await project.send('POST /token?grant_type=refresh_token', { raw });
  }),
  scenario(
    'pkce-exchange',
    'The auth code of a recovery can be exchanged once, and amr says recovery',
    async (project) => {
      const ada = await project.given.user();
      const code = await codeBehind(project, await project.given.recoveryLink(ada, pkce));
      await project.sendLogged('POST /token?grant_type=pkce', { body: { auth_code: code, code_verifier: verifier } });
      await exchange(project, code);
    },
  ),
  scenario(
    'pkce-plain-method',
    'The method "plain" compares verifier and challenge directly, and method names ignore case',
    async (project) => {
      const ada = await project.given.user();
      const plain = { code_challenge: verifier, code_challenge_method: 'plain' };
      await exchange(project, await codeBehind(project, await project.given.recoveryLink(ada, plain)));
      const shouted = { ...pkce, code_challenge_method: 'S256' };
      await exchange(project, await codeBehind(project, await project.given.recoveryLink(ada, shouted)));
    },
  ),
  scenario('pkce-wrong-verifier', 'A wrong verifier is refused, and the code stays usable', async (project) => {
    const ada = await project.given.user();
    const code = await codeBehind(project, await project.given.recoveryLink(ada, pkce));
    await exchange(project, code, 'wrong');
    await exchange(project, code, `${verifier}x`);
    await exchange(project, code);
  }),
  scenario('pkce-bad-input', 'Invalid exchanges are refused', async (project) => {
    for (const body of [
      {},
      { auth_code: '', code_verifier: verifier },
      { auth_code: '00000000-0000-4000-8000-000000000000', code_verifier: '' },
      { auth_code: 'nonsense', code_verifier: verifier },
      { auth_code: '00000000-0000-4000-8000-000000000000', code_verifier: verifier },
      { auth_code: 1, code_verifier: verifier },
    ]) {
      await project.send('POST /token?grant_type=pkce', { body });
    }
  }),
  scenario(
    'pkce-recovery-window-runs-from-the-request',
    'With PKCE, the recovery email must be requested, opened and exchanged within 5 minutes',
    async (project) => {
      const ada = await project.given.user();
      const link = await project.given.recoveryLink(ada, pkce);
      await project.advance('295s');
      await exchange(project, await codeBehind(project, link));
      const later = await project.given.recoveryLink(ada, pkce);
      await project.advance('301s');
      const code = await codeBehind(project, later);
      await exchange(project, code);
      await exchange(project, code);
      await project.send(open(later));
    },
  ),
  scenario(
    'pkce-magic-link-window-runs-from-the-click',
    "A magic link's 5 minutes start when it's opened",
    async (project) => {
      const ada = await project.given.user();
      await project.send('POST /otp', { body: { email: ada.email, create_user: false, ...pkce } });
      const [mail] = await project.mails(ada.email);
      await project.advance('1000s');
      const code = await codeBehind(project, mail?.links[0]);
      await project.advance('299s');
      await exchange(project, code);
    },
  ),
  scenario(
    'pkce-magic-link-code-expires',
    'The code of a magic link expires five minutes after the click',
    async (project) => {
      const ada = await project.given.user();
      await project.send('POST /otp', { body: { email: ada.email, create_user: false, ...pkce } });
      const [mail] = await project.mails(ada.email);
      const code = await codeBehind(project, mail?.links[0]);
      await project.advance('301s');
      await exchange(project, code);
    },
  ),
  scenario(
    'a-refused-pkce-repeat-poisons-the-earlier-link',
    'A repeated request is refused by the rate limit, but it still binds the first link to the newer challenge',
    async (project) => {
      const ada = await project.given.user();
      const link = await project.given.recoveryLink(ada, pkce);
      const other = 'another-code-verifier-of-the-scenarios-0123456789-abcdefg';
      await project.send('POST /recover', {
        body: { email: ada.email, code_challenge: other, code_challenge_method: 'plain' },
      });
      const code = await codeBehind(project, link);
      await exchange(project, code);
      await exchange(project, code, other);
    },
    'slow-mail',
  ),
];
