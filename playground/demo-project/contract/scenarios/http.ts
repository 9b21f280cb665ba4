/**
 * The HTTP layer: bearer tokens, both error formats, CORS, unknown routes and methods, large bodies, and public
 * endpoints.
 */
import { claimsOf, forge } from '../given.ts';
import { scenario } from '../scenario.ts';

const origin = 'http://localhost:4200';
const browserHeaders = 'apikey,authorization,content-type,x-client-info,x-supabase-api-version';

const preflight = (method: string, headers?: string) => ({
  origin,
  'access-control-request-method': method,
  ...(headers === undefined ? {} : { 'access-control-request-headers': headers }),
});

export const heading = 'HTTP and tokens in general';

export const scenarios = [
  scenario('health', 'The health endpoint returns the name and version of the server', async (project) => {
    await project.send('GET /health', { version: null });
  }),
  scenario('settings', 'The public settings of a project', async (project) => {
    await project.sendLogged('GET /settings', { version: null });
  }),
  scenario('jwks', 'With a shared secret, there are no public keys', async (project) => {
    await project.send('GET /.well-known/jwks.json', { version: null });
  }),
  scenario('bearer-missing', 'Missing and malformed bearer tokens are refused', async (project) => {
    await project.sendLogged('GET /user');
    for (const authorization of ['', 'Basic YWRhOnBhc3N3b3Jk', 'Bearer', 'Bearer ', 'Token x', 'bearer']) {
      await project.send('GET /user', { headers: { authorization } });
    }
    await project.send('GET /user', { version: null });
  }),
  scenario('bearer-bad', 'Invalid tokens are refused, each with its reason', async (project) => {
    const ada = await project.given.user();
    const claims = claimsOf(ada.session);
    const secret = project.target.jwtSecret;
    const now = Math.floor(project.target.now() / 1000);
    const [header = '', payload = '', signature = ''] = ada.session.accessToken.split('.');
    const unsigned = Buffer.from(JSON.stringify({ alg: 'none', typ: 'JWT' })).toString('base64url');
    const { sub: _, ...withoutSub } = claims;
    const { exp: __, ...withoutExp } = claims;
    for (const [name, token] of [
      ['no JWT', 'nonsense'],
      ['two segments', `${header}.${payload}`],
      ['header no JSON', `x.${payload}.${signature}`],
      ['claims no JSON', `${header}.x.${signature}`],
      ['bad signature', `${header}.${payload}.${'A'.repeat(43)}`],
      ['signature no base64', `${header}.${payload}.!`],
      ['no signature', `${header}.${payload}.`],
      ['alg none', `${unsigned}.${payload}.`],
      ['other secret', forge(claims, 'another-secret-with-at-least-32-characters')],
      ['alg HS512', forge(claims, secret, { alg: 'HS512' })],
      ['expired', forge({ ...claims, exp: now - 60 }, secret)],
      ['not yet valid', forge({ ...claims, nbf: now + 600 }, secret)],
      ['issued in the future', forge({ ...claims, iat: now + 600 }, secret)],
      ['without exp', forge(withoutExp, secret)],
      ['without sub', forge(withoutSub, secret)],
      ['sub no uuid', forge({ ...claims, sub: 'ada' }, secret)],
      ['session no uuid', forge({ ...claims, session_id: 'session' }, secret)],
      ['unknown user', forge({ ...claims, sub: '00000000-0000-4000-8000-000000000000' }, secret)],
      ['unknown session', forge({ ...claims, session_id: '00000000-0000-4000-8000-000000000000' }, secret)],
      ['other audience', forge({ ...claims, aud: 'others' }, secret)],
      ['other role', forge({ ...claims, role: 'service_role' }, secret)],
      ['other issuer', forge({ ...claims, iss: 'https://evil.example' }, secret)],
    ] as const) {
      project.name(token, `token: ${name}`);
      await project.send('GET /user', { as: token });
    }
    await project.send('GET /user', { as: 'anon' });
    await project.send('GET /user', { as: 'service' });
    await project.sendLogged('GET /user', { as: 'nonsense', version: null });
  }),
  scenario(
    'an-api-key-is-no-session',
    'The API key that supabase-js sends when nobody is signed in is refused',
    async (project) => {
      const ada = await project.given.userWithFactor();
      const factor = `/factors/${ada.factor.id}`;
      for (const [key, as] of [
        ['JWT', 'anon'],
        ['publishable', project.name('sb_publishable_of-a-project', 'publishable key')],
      ] as const) {
        project.note(`next, the bearer is the API key (${key})`);
        await project.send('POST /factors', { as, body: { factor_type: 'totp' } });
        await project.send(`POST ${factor}/challenge`, { as, body: {} });
        await project.send(`POST ${factor}/verify`, { as, body: { challenge_id: ada.factor.id, code: '000000' } });
        await project.send(`DELETE ${factor}`, { as });
      }
    },
  ),
  scenario(
    'numbers-where-text-is-expected',
    'A number where text is expected is refused as invalid JSON',
    async (project) => {
      const ada = await project.given.userWithFactor();
      const challenge = await project.given.challenge(ada.session, ada.factor);
      const factor = `/factors/${ada.factor.id}`;
      await project.send(`POST ${factor}/verify`, { as: ada.session, body: { challenge_id: challenge, code: 123456 } });
      await project.send(`POST ${factor}/verify`, { as: ada.session, body: { challenge_id: '', code: '123456' } });
      await project.send('POST /verify', { body: { type: 'recovery', email: ada.email, token: 123456 } });
      await project.send('PUT /user', { as: ada.session, body: { password: 123456 } });
    },
  ),
  scenario('bearer-spelling', 'The word "bearer" works in upper and lower case', async (project) => {
    const ada = await project.given.user();
    for (const word of ['bearer', 'BEARER', 'Bearer ']) {
      await project.send('GET /user', { headers: { authorization: `${word} ${ada.session.accessToken}` } });
    }
    await project.send('GET /user', { headers: { apikey: ada.session.accessToken } });
  }),
  scenario('session-of-another-user', "A token that names another user's session is refused", async (project) => {
    const ada = await project.given.user();
    const grace = await project.given.user('grace');
    const session_id = claimsOf(grace.session)['session_id'] ?? '';
    const token = project.name(
      forge({ ...claimsOf(ada.session), session_id }, project.target.jwtSecret),
      'token of ada with the session of grace',
    );
    await project.send('GET /user', { as: token });
  }),
  scenario('audience-header', 'X-JWT-AUD must name the audience of the token', async (project) => {
    const ada = await project.given.user();
    await project.send('GET /user', { as: ada.session, headers: { 'x-jwt-aud': 'authenticated' } });
    await project.send('GET /user', { as: ada.session, headers: { 'x-jwt-aud': 'others' } });
  }),
  scenario('both-error-forms', 'The error format depends on the requested API version', async (project) => {
    for (const version of [null, '2024-01-01', '2023-12-31', '2024-01-02', '2999-12-31', '2024-1-1', ' 2024-01-01']) {
      await project.send('POST /recover', { raw: '{', version });
    }
  }),
  scenario('api-versions-that-are-none', "How the log reports an API version that isn't a date", async (project) => {
    for (const version of [
      '20240101',
      '2024-1-1',
      '2024-01-1',
      '2024-01',
      '2024-01-01x',
      '2024-13-01',
      '2024-13-1',
      '2024-02-30',
      '2023-02-29',
      '2024-00-01',
      '2024-01-00x',
      'x2024-01-01',
      '2a24-01-01',
      '202',
      '2024/01/01',
      '2024-"x"',
    ]) {
      await project.sendLogged('POST /recover', { raw: '{', version });
    }
  }),
  scenario('unknown-routes', 'Unknown routes are refused', async (project) => {
    const ada = await project.given.user();
    for (const route of [
      'GET /',
      'GET /nonsense',
      'POST /nonsense',
      'GET /user/nonsense',
      'GET //user',
      'GET /USER',
      'GET /user/',
      'POST /recover/',
      'GET /factors/',
      'GET /user?x=1',
    ]) {
      await project.send(route, { as: ada.session });
    }
    await project.sendLogged('GET /nonsense', { version: null });
  }),
  scenario('wrong-methods', "Methods that a route doesn't support", async (project) => {
    const ada = await project.given.user();
    for (const route of [
      'POST /user',
      'DELETE /user',
      'PATCH /user',
      'HEAD /user',
      'GET /recover',
      'PUT /recover',
      'GET /token',
      'GET /logout',
      'GET /signup',
      'POST /settings',
      'POST /health',
      'HEAD /health',
      'PUT /verify',
      'POST /reauthenticate',
      'GET /factors',
      'PUT /factors',
      'GET /otp',
      'GET /resend',
      'GET /invite',
      'POST /.well-known/jwks.json',
    ]) {
      await project.send(route, { as: ada.session });
    }
    await project.send('GET /invite', { as: 'service' });
    await project.send('PATCH /admin/users', { as: 'service' });
    await project.send('GET /admin/generate_link', { as: 'service' });
    await project.sendLogged('DELETE /user', { as: ada.session, version: null });
  }),
  scenario('cors-preflight', 'Preflight requests from a browser are answered', async (project) => {
    for (const [route, method, headers] of [
      ['/user', 'GET', browserHeaders],
      ['/user', 'PUT', browserHeaders],
      ['/token?grant_type=password', 'POST', browserHeaders],
      ['/factors/00000000-0000-4000-8000-000000000000', 'DELETE', browserHeaders],
      ['/admin/users', 'GET', browserHeaders],
      ['/nonsense', 'GET', browserHeaders],
      ['/recover', 'POST', undefined],
      ['/recover', 'POST', ''],
      ['/recover', 'PATCH', 'content-type'],
    ] as const) {
      await project.send(`OPTIONS ${route}`, { headers: preflight(method, headers), version: null });
    }
  }),
  scenario('cors-preflight-refused', 'Some preflight requests get no access-control headers', async (project) => {
    for (const [method, headers] of [
      ['HEAD', 'apikey'],
      ['OPTIONS', 'apikey'],
      ['NONSENSE', 'apikey'],
      ['get', 'apikey'],
      ['GET', 'x-nonsense'],
      ['GET', 'authorization,apikey'],
      ['GET', 'Authorization'],
      ['GET', 'apikey, authorization'],
    ] as const) {
      await project.send('OPTIONS /user', { headers: preflight(method, headers), version: null });
    }
    await project.send('OPTIONS /user', { version: null });
    await project.send('OPTIONS /user', { headers: { origin }, version: null });
    await project.send('OPTIONS /nonsense', { version: null });
  }),
  scenario('cors-answers', 'Responses to a page on another origin, errors included', async (project) => {
    const ada = await project.given.user();
    await project.send('GET /user', { as: ada.session, headers: { origin } });
    await project.send('GET /user', { headers: { origin } });
    await project.send('GET /nonsense', { headers: { origin } });
    await project.send('DELETE /user', { as: ada.session, headers: { origin } });
    await project.send('GET /health', { headers: { origin: 'null' } });
    await project.send('POST /token?grant_type=password', {
      body: { email: ada.email, password: ada.password },
      headers: { origin: 'https://evil.example' },
    });
  }),
  scenario('big-bodies', 'A body larger than a mebibyte is refused', async (project) => {
    const ada = await project.given.user();
    const bodyOf = (length: number) => `{"data":{"x":"${'x'.repeat(length - '{"data":{"x":""}}'.length)}"}}`;
    await project.send('PUT /user', { as: ada.session, raw: bodyOf(1_048_577) });
    await project.send('PUT /user', { as: ada.session, raw: bodyOf(2_000_000), version: null });
    await project.send('POST /recover', { raw: bodyOf(1_048_577) });
    await project.send('POST /recover', { raw: bodyOf(1_048_576) });
    await project.send('POST /logout', { as: ada.session, raw: bodyOf(1_048_577) });
  }),
  scenario('deep-json', 'JSON can be nested very deeply', async (project) => {
    const ada = await project.given.user();
    const nested = (depth: number) => `{"data":${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}}`;
    await project.send('PUT /user', { as: ada.session, raw: nested(20) });
    await project.send('PUT /user', { as: ada.session, raw: nested(10_001) });
  }),
  scenario(
    'json-spellings',
    'JSON as Go reads it: duplicate keys, keys in another case, escapes, numbers, trailing text',
    async (project) => {
      const ada = await project.given.user();
      for (const raw of [
        '{"data":{"a":1},"data":{"b":2}}',
        '{"DATA":{"c":3}}',
        ' \n{"data":{"d":"\\u00e9\\ud83d\\ude00"}}\n ',
        '{"data":{"e":1.0,"f":1e2,"g":-0,"h":12345678901234567890}}',
        '{"data":{"i":"\\ud800"}}',
        '{"data":{}} x',
        "{'data':{}}",
        '{"data":{},}',
        '{"data":undefined}',
        '{"data":{"k":01}}',
        '\ufeff{"data":{}}',
        '{"data":{"l":"a\tb"}}',
        '{"data":tru',
      ]) {
        await project.send('PUT /user', { as: ada.session, raw });
      }
      await project.send('GET /user', { as: ada.session });
    },
  ),
  scenario('content-types', 'The content type of a request is ignored', async (project) => {
    const ada = await project.given.user();
    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      'nonsense',
      'application/json; charset=latin1',
    ]) {
      await project.send('PUT /user', {
        as: ada.session,
        raw: '{"data":{"type":1}}',
        headers: { 'content-type': type },
      });
    }
  }),
];
