/** Paths that few apps take: second attempts, log lines, repeated requests, and conflicts. */
import type { Received } from '../calls.ts';
import type { Client } from '../client.ts';
import { claimsOf, codeIn, forge, open, parametersOf, pkce, sessionOf, tokenIn, verifier } from '../given.ts';
import type { Json } from '../json.ts';
import { scenario } from '../scenario.ts';

const password = 'a password';

const admin = <Body = { id: string }>(
  project: Client,
  route: string,
  body?: { [key: string]: Json },
): Promise<Received<Body>> => project.send<Body>(route, { as: 'service', ...(body ? { body } : {}) });

/**
 * Returns the code of an email change, to type. An admin's link has the same code as the newest email to the new
 * address.
 */
async function emailChangeCode(project: Client, type: 'email_change_current' | 'email_change_new', from: string) {
  const { body } = await project.given.call<{ email_otp: string }>('POST /admin/generate_link', {
    as: 'service',
    body: { type, email: from, new_email: project.email('lovelace') },
  });
  project.note(`an admin has made a code for the ${type === 'email_change_new' ? 'new' : 'current'} address`);
  return project.name(body.email_otp, 'email change code');
}

export const heading = 'Side paths';

export const scenarios = [
  scenario(
    'inbox-search',
    'The mailbox finds emails by words, recipient, subject, and whether they were read',
    async (project) => {
      const ada = await project.given.user();
      const grace = await project.given.user('grace');
      for (const { email } of [ada, grace]) await project.given.call('POST /recover', { body: { email } });
      await project.pass('2s');
      await project.given.call('POST /otp', { body: { email: grace.email } });
      project.note('ada has got a recovery mail, grace as well, and then a magic link');
      const inbox = `GET ${project.target.inbox}/api/v1`;
      const search = (query: string, more = '') =>
        project.send<{ messages: { ID: string }[] }>(`${inbox}/search?query=${encodeURIComponent(query)}${more}`);
      const { body } = await search(`to:${ada.email}`);
      await project.call(`${inbox}/message/${body.messages[0]?.ID}`);
      project.note("ada's mail was opened");
      for (const query of [
        `to:${project.run} is:read`,
        `to:${project.run} is:unread`,
        `to:${project.run} subject:magic`,
        `to:${project.run} subject:reset`,
        `subject:${project.run}`,
        `to:${project.run} "Reset Password"`,
        `${grace.email} Magic`,
        `to:${grace.email} to:${ada.email}`,
      ])
        await search(query);
      await search(`to:${project.run}`, '&limit=2');
      await search(`to:${project.run}`, '&limit=2&start=2');
      await search(`to:${project.run}`, '&start=3');
      await search(`to:${project.run}`, '&start=9');
      await search('');
      await project.send(`${inbox}/search`);
      await project.send(`${inbox}/message/latest`);
    },
  ),
  scenario(
    'resend-with-pkce',
    'An email that is sent again can be of the PKCE flow',
    async (project) => {
      const email = project.email('ada');
      await project.given.call('POST /signup', { body: { email, password } });
      await project.pass('2s');
      await project.sendLogged('POST /resend', { body: { type: 'signup', email, ...pkce } });
      const [, mail] = await project.mails(email);
      const code = parametersOf(await project.send(open(mail?.links[0]))).get('code');
      const exchange = { auth_code: code, code_verifier: verifier };
      const session = sessionOf(await project.sendLogged('POST /token?grant_type=pkce', { body: exchange }));
      await project.given.call('PUT /user', { as: session, body: { email: project.email('lovelace') } });
      project.note('ada has asked for another address');
      await project.pass('2s');
      await project.sendLogged('POST /resend', { body: { type: 'email_change', email, ...pkce } });
      const [, again] = await project.mails(project.email('lovelace'));
      await project.send(open(again?.links[0]));
    },
    'single-confirm',
  ),
  scenario(
    'resend-to-phones',
    'The text message for a new number can be sent again; a confirmed number gets none',
    async (project) => {
      const phone = project.phone(1);
      await project.given.call('POST /signup', { body: { phone, password } });
      project.note('ada has signed up by phone');
      await project.pass('2s');
      await project.send('POST /resend', { body: { type: 'phone_change', phone } });
      await project.sendLogged('POST /resend', { body: { type: 'sms', phone } });
      const token = (await project.texts()).at(-1)?.sms.otp ?? '';
      const session = sessionOf(await project.send('POST /verify', { body: { type: 'sms', phone, token } }));
      await project.pass('2s');
      await project.send('POST /resend', { body: { type: 'sms', phone } });
      await project.send('POST /resend', { body: { type: 'phone_change', phone } });
      await project.texts();
      await project.send('PUT /user', { as: session, body: { phone: project.phone(2) } });
      await project.pass('2s');
      await project.sendLogged('POST /resend', { body: { type: 'phone_change', phone } });
      const [, again] = await project.texts();
      const change = { type: 'phone_change', phone: project.phone(2), token: again?.sms.otp ?? '' };
      await project.sendLogged('POST /verify', { body: change });
    },
    'confirm-phone',
  ),
  scenario(
    'email-change-by-code',
    'With secure email change, the codes of both addresses can be typed',
    async (project) => {
      const ada = await project.given.confirmedUser();
      const current = await emailChangeCode(project, 'email_change_current', ada.email);
      const body = { type: 'email_change', email: ada.email, token: current };
      await project.sendLogged('POST /verify', { body: { ...body, email: project.email('lovelace') } });
      await project.send('POST /verify', { body: { ...body, token: '000000' } });
      await project.send('POST /verify', { body });
      await project.send('POST /verify', { body });
      const other = await emailChangeCode(project, 'email_change_new', ada.email);
      const second = { type: 'email_change', email: project.email('lovelace'), token: other };
      await project.send('POST /verify', { body: second });
      await project.send('POST /verify', { body: second });
      await project.send('GET /user', { as: ada.session });
    },
    'confirm-email',
  ),
  scenario(
    'email-change-by-code-without-a-second-one',
    'If an email change has a single code, the new address gets it',
    async (project) => {
      const ada = await project.given.confirmedUser();
      await project.send('POST /admin/generate_link', {
        as: 'service',
        body: { type: 'email_change_current', email: ada.email, new_email: project.email('lovelace') },
      });
      const token = await emailChangeCode(project, 'email_change_new', ada.email);
      await project.advance('61m');
      await project.send('POST /verify', { body: { type: 'email_change', email: project.email('lovelace'), token } });
      const fresh = await emailChangeCode(project, 'email_change_new', ada.email);
      const body = { type: 'email_change', email: project.email('lovelace'), token: fresh };
      await project.sendLogged('POST /verify', { body });
    },
    'single-confirm',
  ),
  scenario(
    'two-users-want-one-address',
    'Of two users who ask for one new address, the second can no longer confirm it',
    async (project) => {
      const address = project.email('lovelace');
      const links = [];
      for (const name of ['ada', 'grace']) {
        const { session } = await project.given.user(name);
        await project.given.call('PUT /user', { as: session, body: { email: address } });
        project.note(`${name} has asked for another address`);
        links.push((await project.newMails(address)).at(-1)?.links[0]);
      }
      await project.send(open(links[0]));
      await project.sendLogged(open(links[1]));
    },
  ),
  scenario(
    'two-users-want-one-number',
    'Of two users who ask for one new number, the second can no longer confirm it',
    async (project) => {
      const phone = project.phone(9);
      const tokens = [];
      for (const name of ['ada', 'grace']) {
        const { session } = await project.given.user(name);
        await project.given.call('PUT /user', { as: session, body: { phone } });
        project.note(`${name} has asked for another number`);
        tokens.push((await project.newTexts()).at(-1)?.sms.otp ?? '');
      }
      for (const token of tokens)
        await project.sendLogged('POST /verify', {
          body: { type: 'phone_change', phone, token: project.name(token, `code ${tokens.indexOf(token) + 1}`) },
        });
    },
    'confirm-phone',
  ),
  scenario(
    'an-address-that-only-an-identity-has',
    'An address counts as taken as long as an identity has it',
    async (project) => {
      const ada = await project.given.user();
      await admin(project, `PUT /admin/users/${ada.id}`, { email: project.email('lovelace') });
      await project.send('POST /signup', { body: { email: ada.email, password } });
      const grace = await project.given.user('grace');
      await project.send('PUT /user', { as: grace.session, body: { email: ada.email } });
      await project.send('PUT /user', { as: grace.session, body: { email: project.email('lovelace') } });
      await admin(project, 'POST /admin/users', { email: ada.email, email_confirm: true });
      await project.send('PUT /user', { as: ada.session, body: { email: ada.email } });
    },
  ),
  scenario(
    'an-admin-gives-what-is-taken',
    "An admin can't give a user the address or the number of another one",
    async (project) => {
      const ada = await project.given.user();
      const grace = await project.given.user('grace');
      await project.given.call('PUT /user', { as: grace.session, body: { phone: project.phone(1) } });
      project.note('grace has a number');
      for (const body of [{ email: grace.email }, { phone: project.phone(1) }]) {
        await project.sendLogged(`PUT /admin/users/${ada.id}`, { as: 'service', body });
        await project.send(`PUT /admin/users/${ada.id}`, { as: 'service', body, version: null });
      }
      await admin(project, 'POST /admin/users', { id: ada.id, phone: project.phone(2) });
      await project.send('POST /admin/users', {
        as: 'service',
        body: { id: ada.id, phone: project.phone(2) },
        version: null,
      });
      await admin(project, `GET /admin/users/${ada.id}`);
    },
  ),
  scenario('admin-filter-and-sort', 'A filter is what LIKE takes, and looks at names too', async (project) => {
    const { run } = project;
    for (const [name, full_name] of [
      ['ada', `Ada Lovelace ${run}`],
      ['alan', `100% ${run}`],
    ]) {
      await project.given.call('POST /admin/users', {
        as: 'service',
        body: { email: project.email(name ?? ''), email_confirm: true, user_metadata: { full_name: full_name ?? '' } },
      });
      await project.pass('1s');
    }
    await project.given.call('POST /admin/users', {
      as: 'service',
      body: { email: project.email('grace'), user_metadata: { full_name: 7 } },
    });
    project.note('an admin has created ada, alan and grace');
    for (const query of [
      `filter=A_a.${run}`,
      `filter=a_a.${run}`,
      `filter=a%25n.${run}`,
      `filter=LOVELACE ${run}`,
      `filter=ADA.${run}`,
      `filter=${run}&sort=created_at ASC`,
      `filter=${run}&sort=created_at desc`,
      `filter=${run}&sort=created_at`,
      `filter=${run}&sort=created_at ascending`,
      `filter=${run}&sort=created_at  asc`,
      `filter=${run}&sort=`,
      `filter=${run}&sort=created_at asc&sort=created_at desc`,
      `filter=${run}&page=18446744073709551616`,
      `filter=${run}&page=1x`,
      `filter=${run}&per_page=1&page=2&sort=created_at asc`,
    ])
      await project.send(`GET /admin/users?${query.replaceAll(' ', '%20')}`, { as: 'service' });
    await project.send(`GET /admin/users?filter=${run}&per_page=0`, { as: 'service' });
    await project.sendLogged(`GET /admin/users?filter=${run}&page=x`, { as: 'service' });
  }),
  scenario(
    'an-admin-makes-anonymous-users-permanent',
    'An admin who confirms an address or a number makes an anonymous user permanent',
    async (project) => {
      for (const [index, body] of [
        { email: project.email('ada') },
        { email: project.email('grace'), email_confirm: true },
        { phone: project.phone(1) },
        { phone: project.phone(2), phone_confirm: true },
        { email_confirm: true },
        { role: ' custom ' },
        { ban_duration: '24h' },
      ].entries()) {
        const { sub } = claimsOf(await project.given.anonymous());
        await admin(project, `PUT /admin/users/${sub}`, body);
        if (index < 2) await admin(project, `GET /admin/users/${sub}`);
      }
    },
  ),
  scenario('an-admin-creates-users-of-all-kinds', 'Roles, bans, and hashes of new users', async (project) => {
    for (const [name, body] of [
      ['ada', { role: ' custom ' }],
      ['alan', { role: ' ' }],
      ['grace', { ban_duration: '24h', password, email_confirm: true }],
      ['joan', { ban_duration: 'none', password, email_confirm: true }],
      ['radia', { password_hash: '$2a$10$ojkYUWwRFVPgDmCwUNYlYOIXKZTXqcxHTxkiKiG1hVcdXxZLYkZZS', email_confirm: true }],
      ['edith', { password_hash: `x$2a$10$${'a'.repeat(53)}` }],
      ['frances', { password: 'x'.repeat(72), email_confirm: true }],
      ['barbara', { aud: 'elsewhere', password, email_confirm: true }],
    ] as [string, { [key: string]: Json }][]) {
      await admin(project, 'POST /admin/users', { email: project.email(name), ...body });
      const given = typeof body['password'] === 'string' ? body['password'] : 'nonsense';
      await project.send('POST /token?grant_type=password', { body: { email: project.email(name), password: given } });
    }
    await project.send('POST /token?grant_type=password', {
      body: { email: project.email('barbara'), password },
      headers: { 'x-jwt-aud': 'elsewhere' },
    });
    const tooLong = { email: project.email('katherine'), password: 'x'.repeat(73) };
    await admin(project, 'POST /admin/users', tooLong);
  }),
  scenario(
    'an-admin-deletes-users-twice',
    'A deleted user leaves nothing behind, and a softly deleted one can be deleted again',
    async (project) => {
      const ada = await project.given.userWithFactor();
      const token_hash = tokenIn(await project.given.recoveryLink(ada));
      await project.send(`DELETE /admin/users/${ada.id}`, { as: 'service', body: { should_soft_delete: true } });
      await project.send(`DELETE /admin/users/${ada.id}`, { as: 'service', body: { should_soft_delete: true } });
      await admin(project, `GET /admin/users/${ada.id}/factors`);
      await project.send('POST /verify', { body: { type: 'recovery', token_hash } });
      await project.send('POST /token?grant_type=password', { body: { email: ada.email, password: ada.password } });
      await project.send(`DELETE /admin/users/${ada.id}`, { as: 'service' });
      await admin(project, `GET /admin/users/${ada.id}`);
      const grace = await project.given.userWithFactor('grace');
      const hash = tokenIn(await project.given.recoveryLink(grace));
      await project.send(`DELETE /admin/users/${grace.id}`, { as: 'service' });
      await project.send('POST /verify', { body: { type: 'recovery', token_hash: hash } });
      await admin(project, 'POST /admin/users', { id: grace.id, email: grace.email, email_confirm: true });
      await admin(project, `GET /admin/users/${grace.id}`);
    },
  ),
  scenario(
    'an-admin-renames-factors',
    "A factor can't get the name or the number of another factor of the user",
    async (project) => {
      const ada = await project.given.userWithFactor();
      const first = await project.given.verifiedPhoneFactor(ada.session, project.phone(1), 'first');
      const second = await project.given.verifiedPhoneFactor(first.session, project.phone(2), 'second');
      const route = `PUT /admin/users/${ada.id}/factors/${second.id}`;
      for (const body of [
        { friendly_name: 'first' },
        { friendly_name: 'second' },
        { friendly_name: ' ' },
        { phone: project.phone(1) },
        { phone: project.phone(2) },
        { phone: `+${project.phone(3)}`, friendly_name: 'third' },
        {},
      ])
        await project.sendLogged(route, { as: 'service', body });
    },
  ),
  scenario(
    'an-admin-with-a-session',
    'A token with the role service_role that names a session is good only as long as the session is',
    async (project) => {
      const ada = await project.given.user();
      const claims = claimsOf(ada.session);
      const route = 'GET /admin/users?page=1&per_page=1&filter=nobody';
      const withSession = (more: { [claim: string]: Json }, name: string) =>
        project.name(forge({ ...claims, role: 'service_role', ...more }, project.target.jwtSecret), name);
      const good = withSession({ exp: 4_102_444_800 }, 'service token with a session');
      await project.send(route, { as: good });
      await project.send(route, {
        as: withSession({ session_id: '00000000-0000-0000-0000-000000000000', sub: '' }, 'with the nil session'),
      });
      await project.send(route, { as: withSession({ session_id: '' }, 'with an empty session') });
      await project.send(route, { as: withSession({ sub: '' }, 'with a session of nobody') });
      await project.sendLogged(route, { as: ada.session });
      await project.advance('61m');
      await project.sendLogged(route, { as: good });
      await project.given.call('POST /logout?scope=global', {
        as: sessionOf(
          await project.given.call('POST /token?grant_type=password', {
            body: { email: ada.email, password: ada.password },
          }),
        ),
      });
      project.note('ada has signed out everywhere');
      await project.send(route, { as: good });
    },
    'session-timebox',
  ),
  scenario('bearer-tokens-of-all-kinds', 'What is wrong with a bearer token is said exactly', async (project) => {
    const ada = await project.given.user();
    const claims = claimsOf(ada.session);
    const secret = project.target.jwtSecret;
    const encode = (text: string) => Buffer.from(text).toString('base64url');
    const [header = '', payload = '', signature = ''] = ada.session.accessToken.split('.');
    const good = forge(claims, secret);
    for (const [name, token] of [
      ['four parts', `${good}.more`],
      ['a header without alg', `${encode('{"typ":"JWT"}')}.${payload}.${signature}`],
      ['alg as a number', `${encode('{"alg":1}')}.${payload}.${signature}`],
      ['an unknown alg', `${encode('{"alg":"xHS256"}')}.${payload}.${signature}`],
      ['an alg with a tail', `${encode('{"alg":"HS256x"}')}.${payload}.${signature}`],
      ['alg PS512', `${encode('{"alg":"PS512"}')}.${payload}.${signature}`],
      ['a header that is no JSON', `${encode('{')}.${payload}.${signature}`],
      ['claims that are no JSON', `${header}.${encode('{"sub":')}.${signature}`],
      ['claims of another kind', forge([] as never, secret)],
      ['nothing at all', '..'],
      ['no signature', `${header}.${payload}`],
      ['a bad signature', `${header}.${payload}.!`],
      ['nbf in the future', forge({ ...claims, nbf: 4_102_444_800 }, secret)],
      ['nbf in the past', forge({ ...claims, nbf: 1 }, secret)],
      ['nbf in the future, expired', forge({ ...claims, nbf: 4_102_444_800, exp: 1 }, secret)],
      ['no exp', forge(Object.fromEntries(Object.entries(claims).filter(([name]) => name !== 'exp')), secret)],
      ['no sub', forge({ ...claims, sub: '' }, secret)],
      ['the nil session', forge({ ...claims, session_id: '00000000-0000-0000-0000-000000000000' }, secret)],
      ['an unknown session', forge({ ...claims, session_id: '00000000-0000-4000-8000-000000000009' }, secret)],
      ['an audience in a list', forge({ ...claims, aud: ['authenticated', 'other'] as Json }, secret)],
      ['an audience that is a number', forge({ ...claims, aud: 1 }, secret)],
      ['no audience', forge({ ...claims, aud: '' }, secret)],
    ] as const) {
      await project.sendLogged('GET /user', { as: project.name(token, name) });
    }
    for (const authorization of [
      `bearer ${good}`,
      `BEARER ${good}`,
      `xBearer ${good}`,
      `Bearer ${good} x`,
      'Bearer',
      '',
    ])
      await project.send('GET /user', {
        headers: { authorization: authorization.replace(good, project.name(good, 'token')) },
      });
  }),
  scenario(
    'sign-up-of-all-kinds',
    'Signing up by phone has no PKCE; who is known already gets an answer that tells nothing',
    async (project) => {
      const phone = project.phone(1);
      await project.send('POST /signup', { body: { phone, password, ...pkce } });
      await project.send('POST /signup', { body: { phone, password, data: { name: 'Ada' } } });
      await project.send('POST /signup', { body: { phone, password: 'another one', data: { name: 'Grace' } } });
      const token = (await project.texts()).at(-1)?.sms.otp ?? '';
      const session = sessionOf(await project.send('POST /verify', { body: { type: 'sms', phone, token } }));
      await project.given.call('POST /factors', {
        as: session,
        body: { factor_type: 'phone', phone: project.phone(2) },
      });
      project.note('ada has enrolled a factor');
      await project.send('POST /signup', { body: { phone, password: 'another one', data: { name: 'Grace' } } });
      const ada = await project.given.confirmedUser();
      await project.given.call('PUT /user', { as: ada.session, body: { phone: project.phone(3) } });
      await project.given.call('PUT /user', { as: ada.session, body: { email: project.email('lovelace') } });
      project.note('another user has asked for another address and a number');
      await project.send('POST /signup', {
        body: { email: ada.email, password, data: { name: 'Grace' } },
        headers: { 'x-jwt-aud': 'authenticated' },
      });
    },
    'unhurried-strict',
  ),
  scenario(
    'invited-users-sign-up',
    'An invited user who signs up gets another email, and an answer without metadata',
    async (project) => {
      const email = project.email('ada');
      await project.given.call('POST /invite', { as: 'service', body: { email, data: { name: 'Ada' } } });
      await project.newMails(email);
      project.note('ada was invited');
      await project.pass('61s');
      await project.send('POST /signup', { body: { email, password, data: { name: 'Grace' } } });
      const [mail] = await project.mails(email);
      const session = await project.given.linkSession(mail?.links[0]);
      project.note('ada has opened the link of the new mail');
      await project.send('GET /user', { as: session });
      await project.send('POST /token?grant_type=password', { body: { email, password } });
    },
    'confirm-email',
  ),
  scenario('names-in-the-log', 'The log calls a user by the full name in their metadata', async (project) => {
    const ada = await project.given.user('ada', { full_name: 'Ada Lovelace' });
    await project.sendLogged('POST /recover', { body: { email: ada.email } });
    await project.sendLogged('POST /admin/generate_link', {
      as: 'service',
      body: { type: 'recovery', email: ada.email },
    });
    await project.sendLogged('POST /otp', { body: { email: ada.email } });
    const { session, factor } = await project.given.userWithFactor('grace');
    await project.sendLogged('POST /factors', {
      as: session,
      body: { factor_type: 'phone', phone: project.phone(1), friendly_name: 'a' },
    });
    await project.sendLogged('POST /factors', {
      as: session,
      body: { factor_type: 'phone', phone: project.phone(1), friendly_name: 'b' },
    });
    await project.sendLogged('POST /factors', {
      as: session,
      body: { factor_type: 'webauthn', friendly_name: 'c' },
    });
    await project.sendLogged(`POST /factors/${factor.id}/challenge`, { as: session, body: {} });
    await project.sendLogged('GET /reauthenticate', { as: ada.session });
  }),
  scenario(
    'one-time-passwords-of-all-kinds',
    'What is wrong with the wish for a magic link or a code is said in this order',
    async (project) => {
      const email = project.email('ada');
      for (const body of [
        { email, channel: 'sms' },
        { email, code_challenge: 'x', code_challenge_method: 's256' },
        { email: 'nonsense', create_user: false },
        { email, create_user: false },
        { phone: 'nonsense', create_user: false },
        { phone: project.phone(1), create_user: false },
        { create_user: false },
        { email, code_challenge: pkce.code_challenge },
      ])
        await project.send('POST /otp', { body });
      for (const body of [{ email, code_challenge: 'x', code_challenge_method: 's256' }, { email: 'nonsense' }])
        await project.send('POST /magiclink', { body });
      await project.given.call('POST /signup', { body: { phone: project.phone(1), password } });
      project.note('a user has signed up by phone');
      await project.send('POST /otp', { body: { phone: project.phone(1), create_user: false } });
      await project.texts();
    },
  ),
  scenario(
    'magic-links-switched-off',
    'Without sign-in by email, no magic link is sent',
    async (project) => {
      const email = project.email('ada');
      await project.send('POST /otp', { body: { email } });
      await project.send('POST /magiclink', { body: { email } });
      await project.send('POST /resend', { body: { type: 'signup', email } });
      await project.send('POST /resend', { body: { type: 'sms', phone: project.phone(1) } });
      await project.send('POST /token?grant_type=password', { body: { phone: project.phone(1), password } });
    },
    'email-off',
  ),
  scenario(
    'text-messages-switched-off',
    'Without sign-in by phone, emails still come',
    async (project) => {
      const email = project.email('ada');
      await project.send('POST /resend', { body: { type: 'signup', email } });
      await project.send('POST /resend', { body: { type: 'sms', phone: project.phone(1) } });
      await project.send('POST /token?grant_type=password', { body: { email, password } });
      await project.send('POST /token?grant_type=password', { body: { phone: project.phone(1), password } });
    },
    'phone-off',
  ),
  scenario(
    'an-admin-may-change-app-metadata',
    'A user with the role admin may change their own app_metadata, nobody else',
    async (project) => {
      const ada = await project.given.user();
      await project.send('PUT /user', { as: ada.session, body: { app_metadata: { plan: 'pro' } } });
      await project.given.call(`PUT /admin/users/${ada.id}`, { as: 'service', body: { role: 'admin' } });
      project.note('ada has got the role admin');
      await project.send('PUT /user', { as: ada.session, body: { app_metadata: { plan: 'pro' } } });
      await project.send('PUT /user', { as: ada.session, body: {} });
      const anonymous = await project.given.anonymous();
      await project.send('PUT /user', { as: anonymous, body: { password, phone: project.phone(1) } });
      await project.send('PUT /user', { as: anonymous, body: { phone: project.phone(1) } });
    },
  ),
  scenario(
    'reauthentication-of-all-kinds',
    'A code for reauthentication needs a confirmed address or number, is good for an hour, and works once',
    async (project) => {
      const anonymous = await project.given.anonymous();
      const { sub } = claimsOf(anonymous);
      await project.send('GET /reauthenticate', { as: anonymous });
      await project.given.call(`PUT /admin/users/${sub}`, { as: 'service', body: { phone: project.phone(1) } });
      project.note('an admin has given the user a number');
      await project.send('GET /reauthenticate', { as: anonymous });
      await project.given.call(`PUT /admin/users/${sub}`, { as: 'service', body: { email: project.email('ada') } });
      project.note('an admin has given the user an address');
      await project.send('GET /reauthenticate', { as: anonymous });
      await project.given.call(`PUT /admin/users/${sub}`, { as: 'service', body: { email_confirm: true } });
      project.note('an admin has confirmed the address');
      await project.advance('25h');
      const session = sessionOf(
        await project.given.call('POST /token?grant_type=refresh_token', {
          body: { refresh_token: anonymous.refreshToken },
        }),
      );
      project.note('the session was refreshed');
      await project.sendLogged('GET /reauthenticate', { as: session });
      const [mail] = await project.mails(project.email('ada'));
      const nonce = codeIn(mail);
      await project.send('PUT /user', { as: session, body: { password, nonce } });
      await project.send('PUT /user', { as: session, body: { password: 'the next password', nonce } });
    },
    'secure-password-change',
  ),
  scenario(
    'an-auth-code-of-a-deleted-user',
    "An auth code can't be exchanged once its user is deleted",
    async (project) => {
      const ada = await project.given.user();
      const code = parametersOf(await project.given.call(open(await project.given.recoveryLink(ada, pkce)))).get(
        'code',
      );
      project.note('the link was opened');
      await project.given.call(`DELETE /admin/users/${ada.id}`, { as: 'service' });
      project.note('an admin has deleted the user');
      const body = { auth_code: code, code_verifier: verifier };
      await project.sendLogged('POST /token?grant_type=pkce', { body });
    },
  ),
  scenario(
    'a-step-up-without-refresh-tokens',
    'A session whose refresh tokens were all revoked can no longer be raised to aal2',
    async (project) => {
      const ada = await project.given.userWithFactor();
      const first = await project.given.passwordSession(ada);
      const refresh = (refresh_token: string) =>
        project.call('POST /token?grant_type=refresh_token', { body: { refresh_token } });
      const second = sessionOf(await refresh(first.refreshToken));
      await refresh(second.refreshToken);
      await project.pass('11s');
      await refresh(first.refreshToken);
      project.note('the refresh tokens of a session were revoked, as an old one was used again');
      const challenge_id = await project.given.challenge(first, ada.factor);
      await project.sendLogged(`POST /factors/${ada.factor.id}/verify`, {
        as: first,
        body: { challenge_id, code: ada.factor.code() },
      });
    },
  ),
];
