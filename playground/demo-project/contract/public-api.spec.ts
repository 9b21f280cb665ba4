/** What the package promises beyond Auth's own responses: what it rejects, and what a test can do with a project. */
import { expect, test } from 'vitest';
import { startDemoProject } from '../node/index.ts';
import {
  createDemoProject,
  type DemoProject,
  type PartialConfig,
  type Seed,
  type SeedCredential,
  type SeedUser,
} from '../src/index.ts';
import { importKey, touch } from '../src/security-key.ts';
import { totpCode } from '../src/totp.ts';

const email = 'ada@example.com';
const password = 'the old password';
/** The hash of `the old password`, as in `select encrypted_password from auth.users`. */
const passwordHash = '$2a$04$E1IHgq/rGwUrFKiv8St8T.1SfphcPcipl7hyfjgpCPMeWBwKH24Fq';

/** Makes a call to Auth. */
async function call(project: DemoProject, route: string, body?: unknown, token?: string) {
  const [method = '', path = ''] = route.split(' ');
  const headers = { ...(token && { authorization: `Bearer ${token}` }) };
  const init = { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) };
  const answer = await project.fetch(`${project.url}${path}`, init);
  return { status: answer.status, body: await answer.json().catch(() => undefined) };
}

const signIn = (project: DemoProject, word = password, who = email) =>
  call(project, 'POST /auth/v1/token?grant_type=password', { email: who, password: word });

/** Returns the number of users. */
async function countUsers(project: DemoProject): Promise<number> {
  const headers = { authorization: `Bearer ${project.keys.service}` };
  const answer = await project.fetch(`${project.url}/auth/v1/admin/users`, { headers });
  return (await answer.json()).users.length;
}

const settings: [config: unknown, sentence: string][] = [
  [
    { auth: { email: { max_frequency: '60' } } },
    'config.auth.email.max_frequency has to be a duration such as "30s" or "1h30m", not "60".',
  ],
  [{ auth: { jwt_expiry: -1 } }, "config.auth.jwt_expiry has to be a whole number that isn't negative, not -1."],
  [{ auth: { enable_signup: 'yes' } }, 'config.auth.enable_signup has to be true or false, not "yes".'],
  [{ auth: { site_url: 5 } }, 'config.auth.site_url has to be a string, not 5.'],
  [
    { auth: { additional_redirect_urls: 'http://localhost' } },
    'config.auth.additional_redirect_urls has to be an array of strings, not "http://localhost".',
  ],
  [
    { auth: { password_requirements: 'strong' } },
    'config.auth.password_requirements has to be one of "", "letters_digits", "lower_upper_letters_digits", "lower_upper_letters_digits_symbols", not "strong".',
  ],
  [{ auth: { jwt_expirey: 60 } }, 'There is no setting config.auth.jwt_expirey.'],
  [{ auth: { mfa: true } }, 'config.auth.mfa has to be an object, not true.'],
  [{ db: {} }, 'There is no setting config.db.'],
];

test.each(settings)('the setting %j is refused, by its name and value', (config, sentence) => {
  expect(() => createDemoProject({ config: config as PartialConfig })).toThrow(new Error(sentence));
});

const ada = (changes: object) => ({ email, password, ...changes });
const graceId = '0e9b2a44-1d0c-4f2e-9a57-3c8f2b1d6e70';
const factor = (changes: object) => ada({ factors: [{ type: 'totp', ...changes }] });

const users: [user: unknown, sentence: string][] = [
  [ada({ email: 'ada' }), 'User 2 of the seed ("ada"): email: Unable to validate email address: invalid format.'],
  [ada({ email: undefined }), 'User 2 of the seed (undefined): email: it has to be a string, not undefined.'],
  [
    ada({ email: 'GRACE@example.com' }),
    'User 2 of the seed ("GRACE@example.com"): there is another user with this email.',
  ],
  [
    ada({ password: '' }),
    'User 2 of the seed ("ada@example.com"): password has to be a string that is not empty, not "".',
  ],
  [
    ada({ password: 'ä'.repeat(37) }),
    'User 2 of the seed ("ada@example.com"): password cannot be longer than 72 bytes.',
  ],
  [ada({ passwordHash }), 'User 2 of the seed ("ada@example.com"): give password or passwordHash, not both.'],
  [
    { email, passwordHash: '$argon2id$v=19' },
    'User 2 of the seed ("ada@example.com"): passwordHash has to be a hash of bcrypt, such as "$2a$10$" and 53 more characters, not "$argon2id$v=19".',
  ],
  [
    factor({ type: 'email' }),
    'User 2 of the seed ("ada@example.com"): factor 1: type has to be "totp", "phone" or "webauthn", not "email".',
  ],
  [
    factor({ secret: '0189' }),
    'User 2 of the seed ("ada@example.com"): factor 1: secret has to be base32 (the letters A to Z and the digits 2 to 7), not "0189".',
  ],
  [
    factor({ status: 'on' }),
    'User 2 of the seed ("ada@example.com"): factor 1: status has to be "verified" or "unverified", not "on".',
  ],
  [
    ada({ factors: [{ type: 'phone', phone: '0555' }] }),
    'User 2 of the seed ("ada@example.com"): factor 1: phone: Invalid phone number format (E.164 required).',
  ],
  [
    ada({ factors: [{ type: 'totp' }, { type: 'totp', friendlyName: 'totp 1' }] }),
    'User 2 of the seed ("ada@example.com"): factor 2: there is another factor with the friendlyName "totp 1".',
  ],
  [ada({ id: 'ada' }), 'User 2 of the seed ("ada@example.com"): id has to be a UUID, not "ada".'],
  [
    ada({ factors: [{ type: 'webauthn' }] }),
    'User 2 of the seed ("ada@example.com"): factor 1: credential has to have an id and a publicKey in base64url.',
  ],
  [
    ada({ passkeys: [{ credential: { id: 'a+b=', publicKey: 'pQECAyYgASFYIA' } }] }),
    'User 2 of the seed ("ada@example.com"): passkey 1: credential has to have an id and a publicKey in base64url.',
  ],
  [ada({ id: graceId }), 'User 2 of the seed ("ada@example.com"): there is another user with this id.'],
  [ada({ passkeys: 'one' }), 'User 2 of the seed ("ada@example.com"): passkeys has to be an array, not "one".'],
];

test.each(users)('the user %j is refused, and nobody of that seed is added', async (user, sentence) => {
  const grace: SeedUser = { id: graceId, email: 'grace@example.com', password };
  const seed = [grace, user] as Seed;
  expect(() => createDemoProject({ seed })).toThrow(new Error(sentence));
  const project = createDemoProject({ seed: [{ email: 'joan@example.com', password }] });
  expect(() => project.reset(seed)).toThrow(new Error(sentence));
  expect((await signIn(project, password, 'joan@example.com')).status).toBe(200);
  expect(await countUsers(project)).toBe(1);
});

test("createUser() refuses what a seed can't have, and a user who exists already", async () => {
  const project = createDemoProject();
  project.createUser({ email, password });
  expect(() => project.createUser({ email: 'Ada@Example.com', password })).toThrow(
    'User 1 of the seed ("Ada@Example.com"): there is another user with this email.',
  );
  expect(() => project.createUser({ email: 'grace', password })).toThrow('invalid format');
  expect(await countUsers(project)).toBe(1);
});

test('createUser() returns what you need to sign in, even with capital letters in the address', async () => {
  const project = createDemoProject();
  const user = project.createUser({ email: 'Ada@Example.com', password, factors: [{ type: 'totp' }] });
  expect(user).toMatchObject({
    email,
    password,
    factors: [{ type: 'totp', friendlyName: 'totp 1', status: 'verified' }],
  });
  const { body } = await signIn(project, user.password, 'ADA@example.com');
  expect(body.user).toMatchObject({ id: user.id, factors: [{ id: user.factors[0]?.id, status: 'verified' }] });
  expect(await project.code(email)).toBe(totpCode(user.factors[0]?.secret ?? '', project.now()));
});

test('a user seeded with a passkey and a security key signs in with one, and steps up with the other', async () => {
  const origin = 'http://localhost:4200';
  const webauthn = { rp_id: 'localhost', rp_display_name: 'Demo', rp_origins: [origin] };
  const [credential, privateKey] = await newCredential();
  const seed: Seed = [
    { id: graceId, email, password, factors: [{ type: 'webauthn', credential }], passkeys: [{ credential }] },
  ];
  const project = createDemoProject({ seed, config: { auth: { passkey: { enabled: true }, webauthn } } });
  /** Touches the key for these options. */
  const answer = ({ challenge, allowCredentials = [] }: { challenge: string; allowCredentials?: { id: string }[] }) => {
    const bytes = (text: string) => new Uint8Array(Buffer.from(text, 'base64url'));
    const asked = {
      rpId: 'localhost',
      challenge: bytes(challenge),
      allowCredentials: allowCredentials.map(({ id }) => bytes(id)),
    };
    const userHandle = Buffer.from(graceId).toString('base64url');
    return touch([{ id: credential.id, privateKey, userHandle, isPasskey: true }], asked, origin);
  };
  const { body: asked } = await call(project, 'POST /auth/v1/passkeys/authentication/options');
  const { body: session } = await call(project, 'POST /auth/v1/passkeys/authentication/verify', {
    challenge_id: asked.challenge_id,
    credential: await answer(asked.options),
  });
  expect(session.user).toMatchObject({
    id: graceId,
    email,
    factors: [{ factor_type: 'webauthn', status: 'verified' }],
  });

  const path = `POST /auth/v1/factors/${session.user.factors[0].id}`;
  const { body: challenge } = await call(project, `${path}/challenge`, {}, session.access_token);
  const credential_response = await answer(challenge.webauthn.credential_options.publicKey);
  const proof = { challenge_id: challenge.id, webauthn: { type: 'request', credential_response } };
  const { status, body: raised } = await call(project, `${path}/verify`, proof, session.access_token);
  expect(status).toBe(200);
  expect(JSON.parse(Buffer.from(raised.access_token.split('.')[1], 'base64url').toString())).toMatchObject({
    aal: 'aal2',
  });
});

/** Generates a key for ES256. Returns what Auth keeps of it, and the private key. */
async function newCredential(): Promise<[SeedCredential, CryptoKey]> {
  const { privateKey } = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign']);
  const { d = '', x = '', y = '' } = await crypto.subtle.exportKey('jwk', privateKey);
  const cose = Buffer.from(`a5010203262001215820${hex(x)}225820${hex(y)}`, 'hex');
  const publicKey = cose.toString('base64url');
  return [{ id: 'a-key-of-ada', publicKey }, await importKey(new Uint8Array(Buffer.from(d, 'base64url')), publicKey)];
}

const hex = (base64url: string) => Buffer.from(base64url, 'base64url').toString('hex');

test.each(['2a', '2b', '2y'])(
  'a user seeded with a $%s$ hash signs in with the old password, and can change it',
  async (version) => {
    const seed = [{ email, passwordHash: passwordHash.replace('2a', version) }];
    const project = createDemoProject({ seed });
    expect((await signIn(project, 'another password')).body.error_code).toBe('invalid_credentials');
    const { status, body } = await signIn(project);
    expect(status).toBe(200);
    const change = async (word: string) => {
      const headers = { authorization: `Bearer ${body.access_token}`, 'x-supabase-api-version': '2024-01-01' };
      const answer = await project.fetch(`${project.url}/auth/v1/user`, {
        method: 'PUT',
        headers,
        body: JSON.stringify({ password: word }),
      });
      return (await answer.json()).code;
    };
    expect(await change(password)).toBe('same_password');
    expect(await change('the new password')).toBeUndefined();
    expect((await signIn(project, 'the new password')).status).toBe(200);
    expect((await signIn(project)).status).toBe(400);
  },
);

test('advance() lets time pass for sessions and codes', async () => {
  let clock = Date.UTC(2026, 0, 1);
  const project = createDemoProject({ clock: () => clock, seed: [{ email, password, factors: [{ type: 'totp' }] }] });
  const { body } = await signIn(project);
  const isKnown = async () => {
    const headers = { authorization: `Bearer ${body.access_token}` };
    return (await project.fetch(`${project.url}/auth/v1/user`, { headers })).status;
  };
  const code = await project.code(email);
  project.advance(3_599_000);
  expect(await isKnown()).toBe(200);
  project.advance('1s');
  expect(await isKnown()).toBe(403);
  clock += 60_000;
  expect(project.now()).toBe(Date.UTC(2026, 0, 1, 1, 1));
  expect(await project.code(email)).not.toBe(code);
});

test.each([-1, Number.NaN, Number.POSITIVE_INFINITY, 'soon', '5', '-1h', ''])('advance(%j) is refused', (duration) => {
  const project = createDemoProject({ clock: () => 0 });
  expect(() => project.advance(duration)).toThrow(
    new Error(`advance() takes milliseconds or a duration such as "1h", not ${JSON.stringify(duration)}.`),
  );
  expect(project.now()).toBe(0);
});

test('a snapshot continues where it was taken, and another format is refused', async () => {
  const project = createDemoProject({ clock: () => 0, seed: [{ email, password }] });
  project.advance('2h');
  await call(project, 'POST /auth/v1/recover', { email });
  const snapshot = JSON.parse(JSON.stringify(project.snapshot()));
  const again = createDemoProject({ clock: () => 0, snapshot });
  expect(again.mails()).toEqual(project.mails());
  expect(again.now()).toBe(7_200_000);
  expect(() => createDemoProject({ snapshot: { ...snapshot, format: 2 } })).toThrow(
    new Error('This snapshot has format 2, and this version reads format 1 only. Start without it.'),
  );
});

test('changed settings are in a snapshot, keep what there is, and end with a reset', async () => {
  const project = createDemoProject({ seed: [{ email, password }], config: { auth: { jwt_expiry: 60 } } });
  await call(project, 'POST /auth/v1/recover', { email });
  project.configure({ auth: { email: { template: { recovery: { content: 'Your code: {{ .Token }}' } } } } });
  const again = createDemoProject({ snapshot: JSON.parse(JSON.stringify(project.snapshot())) });
  again.advance('1m');
  await call(again, 'POST /auth/v1/recover', { email });
  expect(again.mails().map(({ html }) => html.slice(0, 11))).toEqual(['Your code: ', '<h2>Reset y']);
  expect(() => again.configure({ auth: { jwt_expiry: -1 } })).toThrow('config.auth.jwt_expiry');

  again.reset([{ email, password }]);
  await call(again, 'POST /auth/v1/recover', { email });
  expect(again.mails().map(({ html }) => html.slice(0, 11))).toEqual(['<h2>Reset y']);
});

/** A project on each of the package's hosts, with one user each. */
const hosts: [host: string, start: () => Promise<{ project: DemoProject; reset(): Promise<unknown> }>][] = [
  [
    'in this process',
    async () => {
      const project = createDemoProject({ seed: [{ email, password }] });
      return { project, reset: async () => project.reset() };
    },
  ],
  [
    'through its fetch, as in a page',
    async () => {
      const project = createDemoProject({ seed: [{ email, password }] });
      return { project, reset: () => project.fetch(`${project.url}/demo-project/reset`, { method: 'POST' }) };
    },
  ],
  [
    'on a port',
    async () => {
      const project = await startDemoProject({ control: true, seed: [{ email, password }] });
      return { project, reset: () => fetch(`${project.url}/demo-project/reset`, { method: 'POST' }) };
    },
  ],
];

test.each(hosts)('reset %s puts back users, emails and the clock', async (_, start) => {
  const { project, reset } = await start();
  project.createUser({ email: 'grace@example.com', password });
  await call(project, 'POST /auth/v1/recover', { email });
  project.advance('1h');
  expect([project.mails().length, await countUsers(project)]).toEqual([1, 2]);
  await reset();
  expect([project.mails().length, await countUsers(project)]).toEqual([0, 1]);
  expect(Math.abs(project.now() - Date.now())).toBeLessThan(60_000);
  if ('close' in project) await (project as Awaited<ReturnType<typeof startDemoProject>>).close();
});

test('on a port, reset and clock stay closed until you open them', async () => {
  await using project = await startDemoProject({ seed: [{ email, password }] });
  for (const path of ['/demo-project/reset', '/demo-project/advance?by=1h']) {
    const answer = await fetch(`${project.url}${path}`, { method: 'POST' });
    expect([answer.status, (await answer.json()).message]).toEqual([
      403,
      'Resetting, moving the clock and changing settings over HTTP is off. Start the demo project with --control to allow it.',
    ]);
  }
});

test('over HTTP, a wrong duration gets the same sentence', async () => {
  const answer = await call(createDemoProject(), 'POST /demo-project/advance?by=soon');
  expect(answer).toEqual({
    status: 400,
    body: { message: 'advance() takes milliseconds or a duration such as "1h", not "soon".' },
  });
});

test('handles() accepts its own origin and paths only', () => {
  const { handles } = createDemoProject({ url: 'https://abc.supabase.co' });
  expect(handles('https://abc.supabase.co/auth/v1/user?x=1')).toBe(true);
  expect(handles('/inbox/api/v1/messages')).toBe(true);
  expect(handles('https://abc.supabase.co/rest/v1/notes')).toBe(false);
  expect(handles('https://abc.supabase.co/auth/v11')).toBe(false);
  expect(handles('https://other.supabase.co/auth/v1/user')).toBe(false);
});
