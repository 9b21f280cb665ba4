/**
 * What no sequence of calls can cause, regardless of who makes them. Each property judges from outside: by calls and
 * responses, by the claims of tokens, and by what an admin can see. A failure reports its seed and the shortest
 * sequence found.
 */
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Received, Session } from './calls.ts';
import { Client } from './client.ts';
import { demoTarget } from './demo-target.ts';
import { claimsOf, parametersOf } from './given.ts';
import { type Made, passwords, sequences, settings, type Turn, Walk } from './sequences.ts';

/**
 * Runs random sequences, each on a new demo project. `judge` receives every step, takes it, and throws if its effect
 * shouldn't be possible.
 */
async function always(judge: (walk: Walk) => (step: Turn) => Promise<void>): Promise<void> {
  const property = fc.asyncProperty(settings, sequences(6, 12), async (config, steps) => {
    const walk = new Walk(await Client.start(demoTarget(config), { records: false }));
    const take = judge(walk);
    for (const step of steps) await take(step);
  });
  await fc.assert(property);
}

const sessionIdOf = (session: Session) => claimsOf(session)['session_id'] as string;
const userIdOf = (session: Session) => claimsOf(session)['sub'] as string;

/** Returns the session that makes the call, if any. */
function callerOf({ call: { as } }: Made): Session | undefined {
  return typeof as === 'object' ? as : undefined;
}

/** A user as admins see them. */
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

/** Tracks which sessions are aal2: those raised by a factor that still exists. */
class RaisedSessions {
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

/** Returns the passwords that the user can sign in with. */
async function passwordsOf({ project }: Walk, { email, phone }: Account): Promise<string[]> {
  const good: string[] = [];
  for (const password of passwords) {
    const body = { password, ...(email ? { email } : { phone }) };
    if ((await project.call('POST /token?grant_type=password', { body })).status === 200) good.push(password);
  }
  return good;
}

test("a session below aal2 can't change password, email or phone of a user with a verified factor", async () => {
  await always((walk) => {
    const raised = new RaisedSessions();
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
      if (caller && !raised.has(caller, accounts)) {
        const after = await guarded(step[0], await accountsOf(walk));
        expect(after).toEqual(expect.arrayContaining(before));
      }
      if (made) raised.note(made);
    };
  });
});

/** Returns the sessions that a successful call ended. */
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
  await always((walk) => {
    const raised = new RaisedSessions();
    const ended = new Set<string>();
    return async (step) => {
      const accounts = await accountsOf(walk);
      const sessions = [...walk.sessions];
      const made = await walk.take(step);
      if (!made) return;
      const ends = endedBy(made, callerOf(made), (session) => raised.has(session, accounts));
      for (const session of sessions.filter(ends)) ended.add(sessionIdOf(session));
      raised.note(made);
      for (const session of walk.sessions.filter((session) => ended.has(sessionIdOf(session)))) {
        const shown = await walk.project.call('GET /user', { as: session });
        const body = { refresh_token: session.refreshToken };
        const refreshed = await walk.project.call('POST /token?grant_type=refresh_token', { body });
        expect([shown.status, refreshed.status]).toEqual([403, 400]);
      }
    };
  });
});

/** Returns the one-time token that a call uses, in any form: a link, its hash or code, an auth code, or a challenge. */
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

/**
 * Returns whether the call signed in, or led to an auth code that can. The first of two links of an email change does
 * neither.
 */
function hasSignedIn({ status, headers, body }: Received): boolean {
  const redirect = parametersOf({ status, headers, body });
  return redirect.has('access_token') || redirect.has('code') || Object.hasOwn(body as object, 'access_token');
}

/**
 * Checks that the nonce of a password change can't be used for a second change. If the settings don't require a nonce,
 * it isn't used up.
 */
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
  await always((walk) => {
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
