/**
 * What no sequence of calls brings about, whoever makes them. Each property judges from outside: by calls and answers, by the claims of tokens, and
 * by what an admin is shown. A failure names its seed and the shortest sequence that was found.
 */
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { served } from '../src/endpoints.ts';
import { createDemoProject, type DemoProject, type PartialConfig, type Seed } from '../src/index.ts';
import { Client, type Received, type Session } from './client.ts';
import { demoTarget } from './demo-target.ts';
import { claimsOf, parametersOf } from './given.ts';
import { profiles } from './profiles.ts';
import { type Made, passwords, sequences, type Turn, Walk, walk } from './sequences.ts';
import type { Keys } from './target.ts';

const settings = fc
  .constantFrom('default' as const, 'unhurried' as const, 'unhurried-strict' as const)
  .map((name) => profiles[name].config);

/** Random sequences, each on a demo project of its own; `judge` gets every step, takes it, and throws when it should not have been possible. */
async function always(numRuns: number, judge: (walk: Walk) => (step: Turn) => Promise<void>): Promise<void> {
  const property = fc.asyncProperty(settings, sequences(6, 12), async (config, steps) => {
    const walk = new Walk(await Client.start(demoTarget(config)));
    const take = judge(walk);
    for (const step of steps) await take(step);
  });
  await fc.assert(property, { numRuns });
}

const sessionIdOf = (session: Session) => claimsOf(session)['session_id'] as string;
const userIdOf = (session: Session) => claimsOf(session)['sub'] as string;

/** The session that makes a call, if one does. */
function callerOf({ call: { as } }: Made): Session | undefined {
  return typeof as === 'object' ? as : undefined;
}

/** A user as an admin sees them. */
interface Account {
  id: string;
  email: string;
  new_email?: string;
  phone: string;
  new_phone?: string;
  factors?: { id: string; status: string }[];
}

async function accountsOf({ project, users }: Walk): Promise<Account[]> {
  const answers = users.map((id) => project.call<Account>(`GET /admin/users/${id}`, { as: 'service' }));
  return (await Promise.all(answers)).filter(({ status }) => status === 200).map(({ body }) => body);
}

const verifiedFactors = ({ factors = [] }: Account) =>
  factors.filter(({ status }) => status === 'verified').map(({ id }) => id);

/** Which sessions are aal2: those that were lifted by a factor which is still there. */
class Lifted {
  readonly #factors = new Map<string, string>();

  note({ route, answer }: Made): void {
    const [, factor = ''] = /^POST \/factors\/(.*)\/verify$/.exec(route) ?? [];
    if (factor === '' || answer.status !== 200) return;
    const { access_token: accessToken } = answer.body as { access_token: string };
    this.#factors.set(sessionIdOf({ accessToken, refreshToken: '' }), factor);
  }

  has(session: Session, accounts: Account[]): boolean {
    const factor = this.#factors.get(sessionIdOf(session)) ?? '';
    return accounts.flatMap(verifiedFactors).includes(factor);
  }
}

/** Those of the passwords with which a user can sign in. */
async function passwordsOf({ project }: Walk, { email, phone }: Account): Promise<string[]> {
  const good: string[] = [];
  for (const password of passwords) {
    const body = { password, ...(email ? { email } : { phone }) };
    if ((await project.call('POST /token?grant_type=password', { body })).status === 200) good.push(password);
  }
  return good;
}

test('a session that is not aal2 changes no password, e-mail or phone of a user with a verified factor', async () => {
  await always(450, (walk) => {
    const lifted = new Lifted();
    const guarded = async (name: Turn[0], accounts: Account[]) => {
      const safe = accounts.map(async (account) => {
        const { id, email, new_email, phone, new_phone } = account;
        return {
          id,
          email,
          new_email,
          phone,
          new_phone,
          passwords: name === 'changePassword' && (await passwordsOf(walk, account)),
        };
      });
      return await Promise.all(safe);
    };
    return async (step) => {
      if (walk.factors.length === 0) return void (await walk.take(step));
      const accounts = await accountsOf(walk);
      const before = await guarded(
        step[0],
        accounts.filter((account) => verifiedFactors(account).length > 0),
      );
      const made = await walk.take(step);
      const caller = made && callerOf(made);
      if (caller && !lifted.has(caller, accounts)) {
        const after = await guarded(step[0], await accountsOf(walk));
        expect(after).toEqual(expect.arrayContaining(before));
      }
      if (made) lifted.note(made);
    };
  });
});

/** The sessions that a call has ended, if it was granted. */
function endedBy(
  { route, call, answer }: Made,
  caller: Session | undefined,
  isAal2: (session: Session) => boolean,
): (session: Session) => boolean {
  const none = () => false;
  if (answer.status >= 400) return none;
  const [path = '', query] = route.split('?');
  const isCaller = (session: Session) => caller !== undefined && sessionIdOf(session) === sessionIdOf(caller);
  const isOfUser = (session: Session) => caller !== undefined && userIdOf(session) === userIdOf(caller);
  const changesPassword = Object.hasOwn((call.body ?? {}) as object, 'password');
  if (path === 'POST /logout') {
    if (query === 'scope=local') return isCaller;
    return query === 'scope=global' ? isOfUser : (session) => isOfUser(session) && !isCaller(session);
  }
  if (path === 'PUT /user' && changesPassword) return (session) => isOfUser(session) && !isCaller(session);
  if (/^POST \/factors\/.*\/verify$/.test(path))
    return (session) => isOfUser(session) && !isCaller(session) && !isAal2(session);
  const [, method, user] = /^(DELETE|PUT) \/admin\/users\/([^/]*)$/.exec(path) ?? [];
  if (method === 'DELETE' || (method === 'PUT' && changesPassword)) return (session) => userIdOf(session) === user;
  return none;
}

test('no token works after its session has ended', async () => {
  await always(450, (walk) => {
    const lifted = new Lifted();
    const ended = new Set<string>();
    return async (step) => {
      const accounts = await accountsOf(walk);
      const sessions = [...walk.sessions];
      const made = await walk.take(step);
      if (!made) return;
      const ends = endedBy(made, callerOf(made), (session) => lifted.has(session, accounts));
      for (const session of sessions.filter(ends)) ended.add(sessionIdOf(session));
      lifted.note(made);
      for (const session of walk.sessions.filter((session) => ended.has(sessionIdOf(session)))) {
        const shown = await walk.project.call('GET /user', { as: session });
        const body = { refresh_token: session.refreshToken };
        const refreshed = await walk.project.call('POST /token?grant_type=refresh_token', { body });
        expect([shown.status, refreshed.status]).toEqual([403, 400]);
      }
    };
  });
});

/** The one-time token that a call uses, whichever way: a link, its hash or its code, an auth code, a challenge. */
function oneTimeTokenOf({ route, call: { body } }: Made): string | undefined {
  const sent = (body ?? {}) as { [key: string]: string };
  if (route.startsWith('GET http')) return withoutPrefix(new URL(route.slice('GET '.length)).searchParams.get('token'));
  if (route === 'POST /verify')
    return sent['token_hash'] === undefined
      ? createHash('sha224')
          .update(`${sent['email'] ?? sent['phone']}${sent['token']}`)
          .digest('hex')
      : withoutPrefix(sent['token_hash']);
  return sent['auth_code'] ?? sent['challenge_id'];
}

const withoutPrefix = (hash: string | null) => hash?.replace(/^pkce_/, '');

/** Did it sign in, or lead to an auth code that will? The first of two links of an e-mail change does neither. */
function hasSignedIn({ status, headers, body }: Received): boolean {
  const redirect = parametersOf({ status, headers, body });
  return redirect.has('access_token') || redirect.has('code') || Object.hasOwn(body as object, 'access_token');
}

/** The nonce of a password change changes no other password. Where none is asked for, it is not used. */
async function checkNonce({ project }: Walk, { route, call, answer }: Made): Promise<void> {
  const { nonce, password: current } = (call.body ?? {}) as { nonce?: string; password?: string };
  if (!nonce || !current || answer.status !== 200) return;
  const password = passwords.find((other) => other !== current) ?? '';
  const change = (more: { nonce?: string }) =>
    project.call<{ code?: string }>(route, { ...call, body: { password, current_password: current, ...more } });
  if ((await change({})).body.code !== 'reauthentication_needed') return;
  expect((await change({ nonce })).body.code).toBe('reauthentication_not_valid');
}

test('every one-time token works at most once', async () => {
  await always(450, (walk) => {
    const used = new Set<string>();
    return async (step) => {
      const made = await walk.take(step);
      if (made) await checkNonce(walk, made);
      const token = made && oneTimeTokenOf(made);
      if (!token || !hasSignedIn(made.answer)) return;
      expect(used, 'tokens used before').not.toContain(token);
      used.add(token);
      expect(hasSignedIn(await walk.project.call(made.route, made.call)), 'the same call signs in again').toBe(false);
    };
  });
});

test('nothing is lost by a restart from a snapshot, at any step', async () => {
  const property = fc.asyncProperty(settings, sequences(6, 12), async (config, steps) => {
    const exchanges = async (restarts: boolean) => {
      const project = await Client.start(demoTarget(config, { restarts }));
      await walk(steps)(project);
      return project.exchanges;
    };
    expect(await exchanges(true)).toEqual(await exchanges(false));
  });
  await fc.assert(property, { numRuns: 200 });
});

const origin = 'http://127.0.0.1:54321';
const password = passwords[0] ?? '';
const factor = { type: 'totp', friendlyName: 'app', secret: 'A'.repeat(32), status: 'verified' } as const;
const seed: Seed = [{ email: 'ada@example.com', password, factors: [factor] }];

/** A demo project, with what names its user in requests. */
async function projectWithUser(
  config: PartialConfig,
): Promise<{ project: DemoProject; names: { [name: string]: string } }> {
  const project = createDemoProject({ config, seed });
  const url = `${origin}/auth/v1/token?grant_type=password`;
  const signIn = new Request(url, { method: 'POST', body: JSON.stringify({ email: 'ada@example.com', password }) });
  const { access_token, user } = (await (await project.fetch(signIn)).json()) as {
    access_token: string;
    user: Account;
  };
  const { service } = (await (await project.fetch(new Request(`${origin}/keys`))).json()) as Keys;
  return {
    project,
    names: {
      '<user>': user.id,
      '<factor>': user.factors?.[0]?.id ?? '',
      '<token>': access_token,
      '<service key>': service,
    },
  };
}

/** Text that means something somewhere, and any other. */
const text = fc.oneof(
  fc.constantFrom(
    'recovery',
    'email',
    'phone',
    'totp',
    'sms',
    's256',
    '123456',
    '1e999',
    'ada@example.com',
    '15550001111',
  ),
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.constantFrom('a', 'ä', ' ', '@.').map((text) => text.repeat(2000)),
);
const field = fc.constantFrom(
  ...[
    'email',
    'phone',
    'password',
    'current_password',
    'nonce',
    'data',
    'app_metadata',
    'user_metadata',
    'type',
    'token',
  ],
  ...['token_hash', 'channel', 'create_user', 'code', 'challenge_id', 'auth_code', 'code_verifier', 'code_challenge'],
  ...['code_challenge_method', 'refresh_token', 'factor_type', 'friendly_name', 'issuer', 'new_email', 'redirect_to'],
  ...[
    'ban_duration',
    'id',
    'aud',
    'role',
    'email_confirm',
    'password_hash',
    'should_soft_delete',
    'grant_type',
    'scope',
  ],
  ...['page', 'per_page', 'filter', 'query', 'start', 'limit', 'webauthn', '__proto__'],
);
const header = fc.constantFrom(
  ...['content-type', 'x-supabase-api-version', 'x-forwarded-for', 'x-jwt-aud', 'redirect_to', 'referer', 'origin'],
  ...['access-control-request-method', 'access-control-request-headers', 'authorization', 'user-agent'],
);
const form = fc.dictionary(field, text).map((fields) => new URLSearchParams(fields).toString());

/** A request of any form. Names in it stand for what there is. */
const request = fc.record({
  method: fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS'),
  path: fc.oneof(
    fc
      .tuple(
        fc.constantFrom(...Object.keys(served)),
        fc.oneof(fc.constantFrom('<user>', '<factor>'), text.map(encodeURIComponent)),
      )
      .map(
        ([endpoint, id]) =>
          `/auth/v1${endpoint.replace(/^\w+ /, '').replace(':user_id', '<user>').replace(/:\w+/, id)}`,
      ),
    fc.constantFrom('/sms', '/keys', '/inbox/api/v1/messages', '/inbox/api/v1/search', '/inbox/api/v1/message/1'),
    fc.string().map((path) => `/auth/v1/${path}`),
  ),
  query: form,
  headers: fc.dictionary(
    header,
    text.map((value) => value.replaceAll(/[^ -~\x80-\xff]/g, '')),
  ),
  token: fc.constantFrom('<token>', '<service key>', undefined),
  body: fc.oneof(
    {
      weight: 3,
      arbitrary: fc.dictionary(field, fc.oneof(text, fc.jsonValue(), fc.boolean())).map((body) => JSON.stringify(body)),
    },
    {
      weight: 1,
      arbitrary: fc.oneof(fc.json(), text, form, fc.constantFrom('['.repeat(20_000), '{"data":'.repeat(20_000))),
    },
  ),
});

test('no request crashes or hangs the demo project', async () => {
  // Where it tells of its own faults.
  const tell = console.error;
  const faults: unknown[] = [];
  console.error = (fault: unknown) => faults.push(fault);
  const property = fc.asyncProperty(
    settings,
    fc.array(request, { minLength: 5, maxLength: 15 }),
    async (config, requests) => {
      faults.length = 0;
      const { project, names } = await projectWithUser(config);
      const fill = (text: string) => text.replaceAll(/<[a-z ]+>/g, (name) => names[name] ?? name);
      for (const { method, path, query, headers, token, body } of requests) {
        const answer = await project.fetch(
          new Request(`${origin}${fill(path)}?${query}`, {
            method,
            headers: { ...headers, ...(token && { authorization: `Bearer ${fill(token)}` }) },
            body: /GET|HEAD/.test(method) ? null : body,
          }),
        );
        await answer.text();
        expect(faults).toEqual([]);
      }
    },
  );
  try {
    await fc.assert(property, { numRuns: 450, timeout: 60_000 });
  } finally {
    console.error = tell;
  }
});
