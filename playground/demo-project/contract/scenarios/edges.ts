/** Edge cases: settings that are off, second attempts, lookalikes, and what no email contains by default. */
import { createHash, randomUUID } from 'node:crypto';
import type { Client } from '../client.ts';
import {
  challenge,
  claimsOf,
  codeIn,
  forge,
  open,
  parametersOf,
  pkce,
  sessionOf,
  tokenIn,
  verifier,
} from '../given.ts';
import { scenario } from '../scenario.ts';

const refresh = (project: Client, token: string) =>
  project.send('POST /token?grant_type=refresh_token', { body: { refresh_token: token } });

const exchange = (project: Client, code: string | null, code_verifier: string) =>
  project.send('POST /token?grant_type=pkce', { body: { auth_code: code, code_verifier } });

async function codeBehind(project: Client, link: string | undefined): Promise<string | null> {
  return parametersOf(await project.send(open(link))).get('code');
}

/** Returns a version 2 refresh token for a session that doesn't exist. `checksum` changes its last byte. */
function secondVersion(checksum = 0): string {
  const body = Buffer.concat([
    Buffer.from([0]),
    Buffer.from(randomUUID().replaceAll('-', ''), 'hex'),
    Buffer.from([1]),
    Buffer.alloc(16, 7),
  ]);
  const sum = createHash('sha256').update(body).digest().subarray(0, 4);
  sum[3] = (sum[3] ?? 0) ^ checksum;
  return Buffer.concat([body, sum]).toString('base64url');
}

async function redirects(project: Client, targets: string[]): Promise<void> {
  const ada = await project.given.user();
  for (const to of targets) {
    await project.send(`POST /recover?redirect_to=${encodeURIComponent(to)}`, { body: { email: ada.email } });
    await project.mails(ada.email);
    await project.pass('2s');
  }
}

export const heading = 'Rules at their edges';

export const scenarios = [
  scenario(
    'reuse-without-rotation',
    'Without rotation, an older token is refused as well, but the session lives on',
    async (project) => {
      const ada = await project.given.user();
      const second = sessionOf(await refresh(project, ada.session.refreshToken));
      const third = sessionOf(await refresh(project, second.refreshToken));
      await project.advance('11s');
      await refresh(project, ada.session.refreshToken);
      await project.advance('11s');
      await refresh(project, third.refreshToken);
    },
    'no-rotation',
  ),
  scenario(
    'a-refresh-prolongs-a-session-that-may-not-be-idle',
    'The inactivity timeout counts from the last refresh',
    async (project) => {
      const ada = await project.given.user();
      let { session } = ada;
      for (let round = 0; round < 3; round++) {
        await project.advance('20m');
        session = sessionOf(await refresh(project, session.refreshToken));
      }
      // On admin routes, Auth checks the session too, and would say that it has expired.
      await project.send('GET /admin/users', { as: session });
      await project.advance('31m');
      await refresh(project, session.refreshToken);
    },
    'session-inactivity',
  ),
  scenario('pkce-verifier-in-another-case', 'The verifier and challenge are case-sensitive', async (project) => {
    const ada = await project.given.user();
    const code = await codeBehind(project, await project.given.recoveryLink(ada, pkce));
    await exchange(project, code, verifier.toUpperCase());
    const shouted = { ...pkce, code_challenge: challenge.toUpperCase() };
    await exchange(project, await codeBehind(project, await project.given.recoveryLink(ada, shouted)), verifier);
    const plain = { code_challenge: verifier, code_challenge_method: 'plain' };
    const plainCode = await codeBehind(project, await project.given.recoveryLink(ada, plain));
    await exchange(project, plainCode, verifier.toUpperCase());
    await exchange(project, plainCode, verifier);
  }),
  scenario(
    'redirects-where-every-address-is-listed',
    "Even a pattern for every address doesn't allow hosts that are bare numbers or other machines' IP addresses",
    async (project) => {
      await redirects(project, [
        'https://app.example.net/reset',
        'http://2130706433/',
        'http://10.0.0.1/',
        'http://127.0.0.1/',
        'http://[::1]/',
        'http://[::2]/',
        'http://[::ffff:127.0.0.1]/',
        'http://[::ffff:10.0.0.1]/',
        'http://0x7f000001/',
        'https://app@localhost@app.example.net/',
        'https://app.example.net@127.0.0.1/',
        'http://localhost:4200@app.example.net/',
        'javascript:alert(1)',
      ]);
    },
    'any-redirect',
  ),
  scenario(
    'redirects-to-hosts-that-look-like-the-site',
    "A host that starts or ends like the site's host isn't allowed",
    async (project) => {
      await redirects(project, [
        'https://app.example.com/reset',
        'https://APP.example.com/reset',
        'https://evilapp.example.com/reset',
        'https://www.app.example.com/reset',
        'https://app.example.com.example.net/reset',
        'https://app.example.com@example.net/reset',
      ]);
    },
    'other-values',
  ),
  scenario(
    'a-password-change-kills-a-typed-recovery-code',
    'A recovery code typed after the password was changed is refused',
    async (project) => {
      const ada = await project.given.user();
      const token = project.name(await project.given.recoveryCode(ada), 'recovery code');
      await project.send('PUT /user', { as: ada.session, body: { password: 'a new password' } });
      await project.send('POST /verify', { body: { type: 'recovery', email: ada.email, token } });
    },
  ),
  scenario(
    'an-old-session-without-a-password-needs-a-nonce',
    "In an old session, the user's first password needs a nonce too",
    async (project) => {
      const first = await project.given.anonymous();
      await project.send('PUT /user', { as: first, body: { email: project.email('ada') } });
      await project.advance('25h');
      const session = sessionOf(await refresh(project, first.refreshToken));
      await project.send('PUT /user', { as: session, body: { password: 'a new password' } });
    },
    'secure-password-change',
  ),
  scenario('refresh-tokens-of-version-2', 'A version 2 token is checked for its checksum first', async (project) => {
    for (const [name, token] of [
      ['of an unknown session', secondVersion()],
      ['with a wrong checksum', secondVersion(1)],
      ['a byte short', secondVersion().slice(0, -2)],
    ] as const) {
      project.name(token, `refresh token of version 2, ${name}`);
      await refresh(project, token);
    }
  }),
  scenario('roles-of-an-admin', 'Only the role service_role is an admin', async (project) => {
    const ada = await project.given.user();
    for (const role of ['authenticated', 'anon', 'admin', 'supabase_admin', 'postgres', 'SERVICE_ROLE', '']) {
      const { session_id: _, ...claims } = claimsOf(ada.session);
      const token = project.name(forge({ ...claims, role }, project.target.jwtSecret), `token with the role "${role}"`);
      await project.send('GET /admin/users?page=1&per_page=1&filter=nobody', { as: token });
    }
  }),
  scenario(
    'an-email-change-is-told-to-the-old-address',
    'The notification about an email change goes to the old address',
    async (project) => {
      const ada = await project.given.confirmedUser();
      const address = project.email('lovelace');
      await project.send('PUT /user', { as: ada.session, body: { email: address } });
      const [mail] = await project.mails(address);
      const [other] = await project.mails(ada.email);
      await project.send(open(mail?.links[0]));
      await project.send(open(other?.links[0]));
      await project.mails(ada.email);
      await project.mails(address);
    },
    'email-changed-notice',
  ),
  scenario(
    'an-anonymous-user-confirms-a-number',
    'An anonymous user who confirms a phone number becomes a permanent user',
    async (project) => {
      const session = await project.given.anonymous();
      const phone = project.phone(1);
      const { sub = '' } = claimsOf(session);
      await project.send(`PUT /admin/users/${sub}`, { as: 'service', body: { phone } });
      await project.send('POST /otp', { body: { phone } });
      const [text] = await project.texts();
      await project.send('POST /verify', { body: { type: 'sms', phone, token: text?.sms.otp ?? '' } });
    },
    'confirm-phone',
  ),
  scenario('addresses-by-length', 'An email address can have at most 255 bytes', async (project) => {
    for (const length of [255, 256]) {
      const rest = `.${project.run}@example.com`;
      const email = project.name(`${'a'.repeat(length - rest.length)}${rest}`, `address of ${length} bytes`);
      await project.send('POST /recover', { body: { email } });
      await project.send('POST /verify', { body: { type: 'recovery', email, token: '123456' } });
    }
  }),
  scenario(
    'a-link-of-type-email-says-what-it-was',
    'A link of type email redirects with the type of its token',
    async (project) => {
      const ada = await project.given.user();
      for (const path of ['recover', 'otp']) {
        await project.send(`POST /${path}`, { body: { email: ada.email } });
        const [mail] = await project.mails(ada.email);
        await project.send(`GET /verify?type=email&token=${tokenIn(mail?.links[0])}`);
        await project.pass('2s');
      }
    },
  ),
  scenario('a-typed-code-with-spaces', 'A typed code is compared as it is, spaces included', async (project) => {
    const ada = await project.given.user();
    const code = project.name(await project.given.recoveryCode(ada), 'recovery code');
    const spaced = `${code.slice(0, 3)} ${code.slice(3)}`;
    for (const token of [project.name(spaced, 'recovery code with a space'), ` ${code}`, `${code} `, code])
      await project.send('POST /verify', { body: { type: 'recovery', email: ada.email, token } });
  }),
  scenario(
    'a-test-code-is-good-for-its-number-only',
    'A test code only works for its own number',
    async (project) => {
      const phone = project.phone(1);
      await project.send('POST /otp', { body: { phone } });
      await project.texts();
      await project.send('POST /verify', { body: { type: 'sms', phone, token: '123456' } });
    },
    'test-numbers',
  ),
  scenario(
    'ten-verified-factors',
    'A user can have ten verified factors, however many can be enrolled',
    async (project) => {
      const ada = await project.given.user();
      let { session } = ada;
      for (let number = 1; number <= 10; number++)
        ({ session } = await project.given.verifiedFactor(session, `factor ${number}`));
      await project.send('POST /factors', { as: session, body: { factor_type: 'totp', friendly_name: 'eleventh' } });
    },
    'many-factors',
  ),
  scenario(
    'a-factor-is-told-once',
    "The notification about a new factor is sent when it's first verified, not at each step-up",
    async (project) => {
      const ada = await project.given.userWithFactor();
      await project.mails(ada.email);
      await project.given.stepUp(await project.given.passwordSession(ada), ada.factor);
      await project.mails(ada.email);
    },
    'notifications',
  ),
  scenario('json-depth', 'JSON can be ten thousand levels deep', async (project) => {
    const nested = (depth: number) => `{"x":${'['.repeat(depth)}${']'.repeat(depth)}}`;
    for (const depth of [9999, 10_000])
      await project.send('POST /recover', { raw: nested(depth), headers: { 'content-type': 'application/json' } });
  }),
  scenario('json-keys-that-come-twice', 'If a key occurs twice, the last value counts', async (project) => {
    const email = project.email('ada');
    const raw = `{"email":"${project.email('bob')}","email":"${email}","password":"a password","data":{"a":1,"b":{"c":1,"c":2},"a":2}}`;
    await project.send('POST /signup', { raw, headers: { 'content-type': 'application/json' } });
  }),
  scenario('json-escapes', 'Responses escape characters that HTML would interpret', async (project) => {
    const ada = await project.given.user('ada', { text: '<a> & \u2028 \u2029 é' });
    const url = `${project.target.url}/auth/v1/user`;
    const headers = { authorization: `Bearer ${ada.session.accessToken}` };
    const text = await (await project.target.fetch(new Request(url, { headers }))).text();
    project.note(`the answer has ${/"text":"[^"]*"/.exec(text)?.[0]}`);
  }),
  scenario('a-mail-is-read-once-it-was-opened', "An email counts as read once it's opened", async (project) => {
    const ada = await project.given.user();
    await project.given.recoveryLink(ada);
    const search = `GET ${project.target.inbox}/api/v1/search?query=${encodeURIComponent(`to:${ada.email}`)}`;
    await project.send(search);
  }),
  scenario('a-banned-user-types-a-code', "A banned user's typed code is refused", async (project) => {
    const ada = await project.given.user();
    const token = project.name(await project.given.recoveryCode(ada), 'recovery code');
    await project.given.banned(ada);
    await project.send('POST /verify', { body: { type: 'recovery', email: ada.email, token } });
  }),
  scenario(
    'a-step-up-in-a-session-with-two-active-tokens',
    'A step-up replaces the oldest active refresh token of its session',
    async (project) => {
      const ada = await project.given.userWithFactor();
      const first = await project.given.passwordSession(ada);
      const second = sessionOf(await refresh(project, first.refreshToken));
      const third = sessionOf(await refresh(project, second.refreshToken));
      const again = sessionOf(await refresh(project, first.refreshToken));
      const raised = await project.given.stepUp(again, ada.factor);
      await project.advance('11s');
      for (const { refreshToken } of [third, again, raised]) await refresh(project, refreshToken);
    },
  ),
  scenario(
    'a-pkce-mail-has-a-code-to-type-too',
    'The code in a PKCE email can be typed and gives a session at once',
    async (project) => {
      const ada = await project.given.user();
      await project.send('POST /recover', { body: { email: ada.email, ...pkce } });
      const [mail] = await project.mails(ada.email);
      const token = project.name(codeIn(mail), 'code');
      await project.send('POST /verify', { body: { type: 'recovery', email: ada.email, token } });
    },
    'recovery-code-mail',
  ),
  scenario('methods-in-the-order-of-seconds', 'The newest method comes first in amr', async (project) => {
    const ada = await project.given.userWithFactor();
    const session = await project.given.stepUp(await project.given.passwordSession(ada), ada.factor);
    await project.pass('2s');
    const second = await project.given.stepUp(session, ada.factor);
    await refresh(project, second.refreshToken);
  }),
];
