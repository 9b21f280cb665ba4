/** Malicious input: too deep, too large, names that JavaScript treats specially, and bytes that a database rejects. */
import { scenario } from '../scenario.ts';

const password = 'a password';
const nul = 'a\u0000b';

export const heading = 'Input that no app should send';

export const scenarios = [
  scenario('metadata-that-is-deep', 'Metadata can be nested as deeply as JSON', async (project) => {
    const levels = [2999, 5000, 9997];
    for (const depth of levels) {
      const email = project.email(`ada${depth}`);
      const raw = `{"email":"${email}","password":"${password}","data":{"x":${'['.repeat(depth)}${']'.repeat(depth)}}}`;
      const url = `${project.target.url}/auth/v1/signup`;
      const answer = await project.target.fetch(new Request(url, { method: 'POST', body: raw }));
      const text = await answer.text();
      project.note(`a sign-up with metadata ${depth} levels deep is answered ${answer.status}`);
      project.note(`the answer has ${text.includes('['.repeat(depth)) ? 'all of it' : 'none of it'}`);
    }
  }),
  scenario('bans-of-odd-length', "Ban durations that the server can't handle", async (project) => {
    const ada = await project.given.user();
    for (const ban_duration of [
      '9999999999999999999h',
      '999999999h',
      '2562048h',
      '-2562048h',
      '9223372037s',
      '9223372036855775808ns',
      '99999999999999999999ns',
      '1.99999999999999999999999h',
      '-1h',
      '1h1h',
    ])
      await project.send(`PUT /admin/users/${ada.id}`, { as: 'service', body: { ban_duration } });
  }),
  scenario(
    'types-of-factors-that-javascript-knows',
    "Factor types that aren't totp, phone or webauthn are refused",
    async (project) => {
      const ada = await project.given.user();
      for (const factor_type of ['constructor', 'toString', '__proto__', 'valueOf', 'hasOwnProperty', 'TOTP', ''])
        await project.send('POST /factors', { as: ada.session, body: { factor_type } });
    },
  ),
  scenario('nul-characters', 'A NUL character causes a database error', async (project) => {
    const ada = await project.given.user();
    const data = { text: nul };
    await project.send('POST /signup', { body: { email: project.email('bob'), password, data } });
    await project.send('PUT /user', { as: ada.session, body: { data } });
    await project.send('PUT /user', { as: ada.session, body: { data }, version: null });
    await project.send('PUT /user', { as: ada.session, body: { data: { [nul]: 1 } } });
    await project.send('POST /otp', { body: { email: project.email('carol'), data } });
    await project.send('POST /admin/users', {
      as: 'service',
      body: { email: project.email('dora'), user_metadata: data },
    });
    await project.send('POST /admin/users', {
      as: 'service',
      body: { email: project.email('dora'), app_metadata: data },
    });
    await project.send('POST /admin/users', { as: 'service', body: { email: project.email('dora'), role: nul } });
    await project.send(`PUT /admin/users/${ada.id}`, { as: 'service', body: { user_metadata: data } });
    await project.send(`PUT /admin/users/${ada.id}`, { as: 'service', body: { app_metadata: data } });
    await project.send(`PUT /admin/users/${ada.id}`, { as: 'service', body: { role: nul } });
    await project.send('POST /factors', { as: ada.session, body: { factor_type: 'totp', friendly_name: nul } });
    await project.send('POST /factors', {
      as: ada.session,
      body: { factor_type: 'phone', friendly_name: nul, phone: project.phone(1) },
    });
    await project.send('POST /token?grant_type=password', { body: { email: nul, password } });
    await project.send('POST /token?grant_type=password', { body: { phone: nul, password } });
    await project.send('POST /token?grant_type=pkce', { body: { auth_code: nul, code_verifier: 'x' } });
    await project.send('POST /signup', { body: { data } });
    await project.send('GET /user', { as: ada.session });
  }),
  scenario(
    'an-audience-that-is-not-ascii',
    "An audience that isn't valid UTF-8 causes a database error",
    async (project) => {
      const ada = await project.given.user();
      const headers = { 'x-jwt-aud': 'authentic\u00e4ted' };
      await project.send('POST /token?grant_type=password', {
        headers,
        body: { email: ada.email, password: ada.password },
      });
      await project.send('POST /recover', { headers, body: { email: ada.email } });
      await project.send('POST /signup', { headers, body: { email: project.email('bob'), password } });
      await project.send('GET /user', { headers, as: ada.session });
    },
  ),
  scenario('numbers-that-are-too-large', "A number that's too large isn't valid JSON", async (project) => {
    const ada = await project.given.user();
    const headers = { 'content-type': 'application/json' };
    for (const number of ['1e400', '-1e400', '1e308', '1e-400', '123456789012345678901234567890'])
      await project.send('PUT /user', { as: ada.session, headers, raw: `{"data":{"n":${number}}}` });
  }),
  scenario('paths-written-otherwise', 'Paths are matched exactly as written', async (project) => {
    const ada = await project.given.user();
    for (const path of ['/%68ealth', '/healt%68', '/HEALTH', '//health', '/', '/user%2F', '/%75ser'])
      await project.send(`GET ${path}`, { as: ada.session });
  }),
];
