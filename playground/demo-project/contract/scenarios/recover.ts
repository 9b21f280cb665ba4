/** `POST /recover` and everything from there to the new password. */
import { factorOf, open, parametersOf, pkce, sessionInLink, sessionOf, tokenIn, verifier } from '../given.ts';
import { scenario } from '../scenario.ts';

const newPassword = 'a new password';

export const heading = 'Recovery';

export const scenarios = [
  scenario(
    'recovery-session-cannot-change-password',
    "A recovery session is at aal1: with a verified factor, it can't set a password",
    async (project) => {
      const ada = await project.given.userWithFactor();
      await project.pass('2s');
      await project.send('POST /recover', { body: { email: ada.email } });
      const [mail] = await project.mails(ada.email);
      const session = sessionInLink(await project.send(open(mail?.links[0])));
      await project.sendLogged('PUT /user', { as: session, body: { password: newPassword } });
      await project.send('GET /user', { as: session });
      await project.send('POST /token?grant_type=password', { body: { email: ada.email, password: ada.password } });
    },
  ),
  scenario(
    'step-up-in-the-recovery-session-lets-the-password-change',
    'Verifying a factor in the recovery session raises that session to aal2, and then it can set a password',
    async (project) => {
      const ada = await project.given.userWithFactor();
      const recovery = await project.given.recoverySession(ada);
      await project.advance('2s');
      const { body } = await project.send<{ id: string }>(`POST /factors/${ada.factor.id}/challenge`, { as: recovery });
      const raised = sessionOf(
        await project.send(`POST /factors/${ada.factor.id}/verify`, {
          as: recovery,
          body: { challenge_id: body.id, code: ada.factor.code() },
        }),
      );
      await project.sendLogged('PUT /user', { as: raised, body: { password: newPassword } });
      await project.send('POST /token?grant_type=password', { body: { email: ada.email, password: ada.password } });
      await project.send('POST /token?grant_type=password', { body: { email: ada.email, password: newPassword } });
    },
  ),
  scenario(
    'a-second-factor-replaces-a-lost-one',
    'Any verified factor raises the recovery session, which can then remove the lost factor',
    async (project) => {
      const ada = await project.given.userWithFactor();
      const second = await project.given.verifiedFactor(ada.session, 'second');
      const recovery = await project.given.recoverySession(ada);
      await project.given.stepUp(recovery, second.factor);
      await project.send('PUT /user', { as: recovery, body: { password: 'a new password' } });
      await project.send(`DELETE /factors/${ada.factor.id}`, { as: recovery });
      await project.send('GET /user', { as: recovery });
      await project.send('PUT /user', { as: recovery, body: { password: 'another password' } });
    },
  ),
  scenario(
    'refreshing-does-not-lift-a-recovery-session',
    'Refreshing gives new tokens for the same session at the same level',
    async (project) => {
      const ada = await project.given.userWithFactor();
      const recovery = await project.given.recoverySession(ada);
      const refreshed = sessionOf(
        await project.send('POST /token?grant_type=refresh_token', { body: { refresh_token: recovery.refreshToken } }),
      );
      await project.send('GET /user', { as: refreshed });
      await project.send('PUT /user', { as: refreshed, body: { password: 'a new password' } });
    },
  ),
  scenario(
    'the-old-access-token-of-a-lifted-session-passes',
    'The database decides, not the token: after a step-up, the older aal1 token can set a password',
    async (project) => {
      const ada = await project.given.userWithFactor();
      const recovery = await project.given.recoverySession(ada);
      await project.given.stepUp(recovery, ada.factor);
      await project.send('PUT /user', { as: recovery, body: { password: newPassword } });
    },
  ),
  scenario(
    'pkce-recovery-session-cannot-change-password',
    'A PKCE recovery session is at aal1 too, and its amr says recovery',
    async (project) => {
      const ada = await project.given.userWithFactor();
      await project.pass('2s');
      await project.send('POST /recover', { body: { email: ada.email, ...pkce } });
      const [mail] = await project.mails(ada.email);
      const code = parametersOf(await project.send(open(mail?.links[0]))).get('code');
      const session = sessionOf(
        await project.send('POST /token?grant_type=pkce', { body: { auth_code: code, code_verifier: verifier } }),
      );
      await project.send('PUT /user', { as: session, body: { password: newPassword } });
    },
  ),
  scenario(
    'recovery-by-token-hash-cannot-change-password',
    'A recovery session from POST /verify with the token hash is at aal1 too',
    async (project) => {
      const ada = await project.given.userWithFactor();
      const link = await project.given.recoveryLink(ada);
      const hash = new URL(link).searchParams.get('token');
      const session = sessionOf(await project.send('POST /verify', { body: { type: 'recovery', token_hash: hash } }));
      await project.send('PUT /user', { as: session, body: { password: newPassword } });
    },
  ),
  scenario(
    'a-leftover-unverified-factor-does-not-ask-for-a-step-up',
    'Only verified factors count: with an unverified factor, a recovery session can set a password',
    async (project) => {
      const ada = await project.given.userWithUnverifiedFactor();
      const recovery = await project.given.recoverySession(ada);
      await project.send('PUT /user', { as: recovery, body: { password: newPassword } });
    },
  ),
  scenario(
    'a-recovery-session-may-enrol-the-first-factor',
    'A recovery session of a user without factors can enroll and verify a factor, which raises it to aal2',
    async (project) => {
      const ada = await project.given.user();
      const recovery = await project.given.recoverySession(ada);
      const enrolled = await project.send<{ id: string; totp: { secret: string } }>('POST /factors', {
        as: recovery,
        body: { factor_type: 'totp', friendly_name: 'app' },
      });
      const factor = factorOf(project, enrolled.body);
      await project.advance('2s');
      const { body } = await project.send<{ id: string }>(`POST /factors/${factor.id}/challenge`, { as: recovery });
      await project.send(`POST /factors/${factor.id}/verify`, {
        as: recovery,
        body: { challenge_id: body.id, code: factor.code() },
      });
      await project.send('PUT /user', { as: recovery, body: { password: newPassword } });
    },
  ),
  scenario(
    'recover-unknown-address',
    'An unknown address gets the same response as a known address, but no email',
    async (project) => {
      const nobody = project.email('nobody');
      await project.sendLogged('POST /recover', { body: { email: nobody } });
      await project.mails(nobody);
    },
  ),
  scenario(
    'recover-too-soon-tells-that-the-account-exists',
    'A second email too soon is refused, which never happens for an unknown address',
    async (project) => {
      const ada = await project.given.user();
      const nobody = project.email('nobody');
      await project.send('POST /recover', { body: { email: ada.email } });
      await project.sendLogged('POST /recover', { body: { email: ada.email } });
      await project.send('POST /recover', { body: { email: nobody } });
      await project.send('POST /recover', { body: { email: nobody } });
      await project.mails(ada.email);
      await project.advance('1m');
      await project.send('POST /recover', { body: { email: ada.email } });
      await project.mails(ada.email);
    },
    'slow-mail',
  ),
  scenario(
    'recover-in-every-spelling',
    'Addresses are compared in lower case; unknown fields and null are ignored',
    async (project) => {
      const ada = await project.given.user();
      for (const body of [
        { email: ada.email.toUpperCase() },
        {
          email: ada.email,
          code_challenge: null,
          code_challenge_method: null,
          gotrue_meta_security: { captcha_token: null },
          unknown: [1],
        },
        { email: ada.email, code_challenge: '', code_challenge_method: '' },
      ]) {
        await project.send('POST /recover', { body });
        await project.mails(ada.email);
        await project.pass('2s');
      }
      await project.send('POST /recover', {
        raw: JSON.stringify({ email: ada.email }),
        headers: { 'content-type': 'text/plain' },
      });
      await project.mails(ada.email);
    },
  ),
  scenario(
    'recover-bad-input',
    'Invalid requests for a recovery email are refused, and no email is sent',
    async (project) => {
      const ada = await project.given.user();
      for (const raw of [
        '',
        '{',
        '{email: 1}',
        '[]',
        'null',
        '"text"',
        '1',
        'email=ada@example.com',
        '{"email": 1}',
        '{"email": ["a"]}',
        '{"email": null}',
        '{}',
      ]) {
        await project.send('POST /recover', { raw });
      }
      for (const email of [
        '',
        ' ',
        'ada',
        'ada@',
        '@example.com',
        'a b@example.com',
        ` ${ada.email}`,
        `${ada.email} `,
        `${'a'.repeat(250)}@example.com`,
      ]) {
        await project.send('POST /recover', { body: { email } });
      }
      await project.mails(ada.email);
    },
  ),
  scenario('recover-with-unicode-addresses', 'Addresses with characters beyond ASCII', async (project) => {
    for (const email of [
      'ada@exämple.com',
      'ädä@example.com',
      'ada@пример.рф',
      'ada\u0000@example.com',
      '🔑@example.com',
    ]) {
      await project.send('POST /recover', { body: { email } });
    }
  }),
  scenario('recover-bad-code-challenge', 'A code challenge needs a valid method and format', async (project) => {
    const ada = await project.given.user();
    for (const body of [
      { code_challenge: pkce.code_challenge },
      { code_challenge_method: 's256' },
      { code_challenge: 'x'.repeat(42), code_challenge_method: 's256' },
      { code_challenge: 'x'.repeat(129), code_challenge_method: 's256' },
      { code_challenge: `${'x'.repeat(43)}+`, code_challenge_method: 's256' },
      { code_challenge: 1, code_challenge_method: 's256' },
    ]) {
      await project.send('POST /recover', { body: { email: ada.email, ...body } });
    }
    await project.send('POST /recover', {
      body: { email: ada.email, code_challenge: pkce.code_challenge, code_challenge_method: 'md5' },
    });
    await project.send('POST /recover', {
      body: { email: ada.email, code_challenge: pkce.code_challenge, code_challenge_method: 'md5' },
      version: null,
    });
    await project.send('POST /recover', {
      body: { email: project.email('nobody'), ...pkce, code_challenge_method: 'md5' },
    });
    await project.mails(ada.email);
  }),
  scenario('a-used-link-is-refused', 'A recovery link works once', async (project) => {
    const link = await project.given.recoveryLink(await project.given.user());
    await project.sendLogged(open(link));
    await project.sendLogged(open(link));
    await project.send('POST /verify', { body: { type: 'recovery', token_hash: tokenIn(link) } });
  }),
  scenario(
    'a-used-pkce-link-is-refused',
    'A PKCE recovery link works once; after that, only its code can be exchanged',
    async (project) => {
      const link = await project.given.recoveryLink(await project.given.user(), pkce);
      const code = parametersOf(await project.send(open(link))).get('code');
      await project.send(open(link));
      await project.send('POST /token?grant_type=pkce', { body: { auth_code: code, code_verifier: verifier } });
    },
  ),
  scenario(
    'a-newer-mail-replaces-the-older-link',
    'Only the newest recovery email works: the link, hash and code of an older email are refused',
    async (project) => {
      const ada = await project.given.user();
      const older = await project.given.recoveryLink(ada);
      const newer = await project.given.recoveryLink(ada);
      await project.send(open(older));
      await project.send('POST /verify', { body: { type: 'recovery', token_hash: tokenIn(older) } });
      await project.send(open(newer));
      const code = project.name(await project.given.recoveryCode(ada), 'code');
      const olderPkce = await project.given.recoveryLink(ada, pkce);
      await project.send('POST /verify', { body: { type: 'recovery', email: ada.email, token: code } });
      const newerPkce = await project.given.recoveryLink(ada, pkce);
      await project.send(open(olderPkce));
      await project.send(open(newerPkce));
    },
  ),
  scenario('an-expired-link-is-refused', 'A recovery link lives as long as the setting says', async (project) => {
    const ada = await project.given.user();
    const link = await project.given.recoveryLink(ada);
    await project.advance('3599s');
    const soonEnough = await project.given.recoveryLink(await project.given.user('grace'));
    await project.advance('2s');
    await project.sendLogged(open(link));
    await project.send('POST /verify', { body: { type: 'recovery', token_hash: tokenIn(link) } });
    await project.send(open(soonEnough));
  }),
  scenario(
    'a-password-change-kills-a-waiting-link',
    'A password change makes unused recovery links invalid',
    async (project) => {
      const ada = await project.given.user();
      const link = await project.given.recoveryLink(ada);
      await project.send('PUT /user', { as: ada.session, body: { password: newPassword } });
      await project.send(open(link));
      await project.send('POST /recover', { body: { email: ada.email } });
    },
  ),
  scenario(
    'a-magic-link-replaces-a-recovery-link',
    'A magic link and a recovery link share one token and one rate limit',
    async (project) => {
      const ada = await project.given.user();
      const recovery = await project.given.recoveryLink(ada);
      await project.send('POST /otp', { body: { email: ada.email } });
      await project.advance('61s');
      await project.send('POST /otp', { body: { email: ada.email } });
      await project.mails(ada.email);
      await project.send(open(recovery));
    },
    'slow-mail',
  ),
  scenario(
    'redirect-to',
    'Where the link leads: the header wins over the query, the Referer and the Site URL',
    async (project) => {
      const ada = await project.given.user();
      const to = (name: string) => `http://localhost:3000/${name}`;
      for (const [query, headers] of [
        ['', {}],
        [`?redirect_to=${encodeURIComponent(to('query'))}`, { redirect_to: to('header'), referer: to('referer') }],
        [`?redirect_to=${encodeURIComponent(to('query'))}`, { referer: to('referer') }],
        ['', { referer: to('referer') }],
        ['?redirect_to=https%3A%2F%2Fevil.example', { referer: to('referer') }],
      ] as const) {
        await project.send(`POST /recover${query}`, { body: { email: ada.email }, headers });
        await project.mails(ada.email);
        await project.pass('2s');
      }
    },
  ),
  scenario('redirect-to-allowed', 'Addresses that a link can lead to', async (project) => {
    const ada = await project.given.user();
    for (const to of [
      'http://localhost:4200',
      'http://localhost:4200/reset',
      'http://localhost/reset',
      'http://localhost:3000/reset?x=1&y=a b',
      'http://localhost:3000/reset#hash',
      'http://127.0.0.1:3000/deep/er/reset',
      'http://127.0.0.2/reset',
      'http://[::1]:3000/reset',
      'HTTP://LOCALHOST:3000/reset',
      'http://user:password@localhost:3000/reset',
    ]) {
      await project.send(`POST /recover?redirect_to=${encodeURIComponent(to)}`, { body: { email: ada.email } });
      const [mail] = await project.mails(ada.email);
      await project.send(open(mail?.links[0]));
      await project.pass('2s');
    }
  }),
  scenario('redirect-to-spelling', 'How an address is spelled in the email and in the redirect', async (project) => {
    const ada = await project.given.user();
    const recoverTo = async (to: string, body = {}) => {
      await project.send(`POST /recover?redirect_to=${encodeURIComponent(to)}`, {
        body: { email: ada.email, ...body },
      });
      const [mail] = await project.mails(ada.email);
      await project.send(open(mail?.links[0]));
      await project.pass('2s');
      return mail?.links[0];
    };
    for (const to of [
      "http://localhost:3000/~*!'()",
      "http://localhost:3000/~*!'()?x=~*!'()",
      'http://localhost:3000/ä(1) "{}',
      'http://localhost:3000/ä(1)?x=ö',
      'http://localhost:3000/reset?',
    ]) {
      await recoverTo(to);
      await recoverTo(to, pkce);
    }
    for (const to of [
      'http://localhost:3000/reset#a~b(c)',
      'http://localhost:3000/reset?#ä "[]',
      'http://localhost:3000/reset?x=1&y;=2&z=%zz&w=a+b%2A~#/route?a=b',
    ]) {
      const used = await recoverTo(to, pkce);
      await project.send(open(used));
    }
    for (const to of ['reset', 'reset?', "reset?x=~*'", 'reset?y=1;2', 'ä(1)#hash']) {
      await project.send(
        `GET /verify?type=recovery&token=nonsense&redirect_to=${encodeURIComponent(`http://localhost:3000/${to}`)}`,
      );
    }
  }),
  scenario('redirect-to-refused', "If an address isn't allowed, the link leads to the Site URL", async (project) => {
    const ada = await project.given.user();
    for (const to of [
      'https://evil.example/reset',
      'http://localhost:4200.evil.example/',
      'http://localhost:4200@evil.example/',
      'https://localhost:4200/reset',
      '/reset',
      '//evil.example',
      'reset',
      '',
      'javascript:alert(1)',
      'myapp://reset',
      'http://2130706433/reset',
      'http://192.168.0.1/reset',
      'http://localhost:3000/%zz',
    ]) {
      await project.send(`POST /recover?redirect_to=${encodeURIComponent(to)}`, { body: { email: ada.email } });
      await project.mails(ada.email);
      await project.pass('2s');
    }
  }),
  scenario(
    'redirect-to-is-checked-again-when-the-link-is-opened',
    'A link whose address was changed leads to the Site URL',
    async (project) => {
      const ada = await project.given.user();
      for (const to of ['https://evil.example/', 'http://localhost:3000/elsewhere']) {
        const link = new URL(await project.given.recoveryLink(ada));
        link.searchParams.set('redirect_to', to);
        await project.send(open(link.href));
      }
      const link = new URL(await project.given.recoveryLink(ada));
      link.searchParams.delete('redirect_to');
      await project.send(open(link.href), { headers: { referer: 'http://localhost:3000/referer' } });
    },
  ),
  scenario(
    'recover-unconfirmed-account',
    'A recovery link confirms the address, and the password from the sign-up works from then on',
    async (project) => {
      const email = project.email('ada');
      await project.given.call('POST /signup', { body: { email, password: 'password of a stranger' } });
      project.note('somebody has signed up with the address of ada');
      await project.send('POST /token?grant_type=password', { body: { email, password: 'password of a stranger' } });
      const link = await project.given.recoveryLink({ email });
      await project.sendLogged(open(link));
      await project.send('POST /token?grant_type=password', { body: { email, password: 'password of a stranger' } });
    },
    'confirm-email',
  ),
  scenario('recover-banned-user', 'A banned user gets the email, but the link is refused', async (project) => {
    const ada = await project.given.user();
    await project.given.banned(ada);
    await project.send('POST /recover', { body: { email: ada.email } });
    const [mail] = await project.mails(ada.email);
    const link = mail?.links[0];
    await project.sendLogged(open(link));
    await project.send('POST /verify', { body: { type: 'recovery', token_hash: tokenIn(link) } });
    await project.send('GET /user', { as: ada.session });
    await project.send('POST /token?grant_type=refresh_token', { body: { refresh_token: ada.session.refreshToken } });
    await project.send('POST /token?grant_type=password', { body: { email: ada.email, password: ada.password } });
  }),
  scenario(
    'recover-needs-the-email-provider',
    "Without the email provider, there's no recovery",
    async (project) => {
      await project.send('POST /recover', { body: { email: project.email('ada') } });
      await project.send('POST /recover', { raw: '{' });
      await project.send('POST /token?grant_type=password', {
        body: { email: project.email('ada'), password: 'a password' },
      });
      await project.send('POST /signup', { body: { email: project.email('ada'), password: 'a password' } });
      await project.send('POST /otp', { body: { email: project.email('ada') } });
      await project.send('POST /resend', { body: { type: 'signup', email: project.email('ada') } });
      await project.send('GET /settings');
    },
    'email-off',
  ),
  scenario('recover-with-unknown-fields', 'Unknown fields are ignored, whatever their names', async (project) => {
    const ada = await project.given.user();
    for (const field of ['__proto__', 'constructor', 'toString'])
      await project.send('POST /recover', { raw: `{"${field}": {}, "email": "nobody.${ada.email}"}` });
  }),
];
