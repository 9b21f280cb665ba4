/** Sessions: their level (aal), their authentication methods (amr), what ends them, and who is calling. */

import { milliseconds } from '../go/duration.ts';
import { nilUuid, parseUuid } from '../go/uuid.ts';
import type { Aal, Factor, RefreshToken, Session, User } from '../store.ts';
import { AuthError, Panic } from './errors.ts';
import { type Call, type Caller, newId, type Project } from './project.ts';
import { issueRefreshToken } from './refresh-tokens.ts';
import { type Shown, serializeUser } from './serialize.ts';
import { accessTokenClaims, bearerClaims } from './tokens.ts';

/** The `amr` method of each factor type. These methods raise a session to aal2. */
export const factorMethods = {
  totp: 'totp',
  phone: 'mfa/phone',
  webauthn: 'mfa/webauthn',
} as const satisfies Record<Factor['type'], string>;

/** Returns the level for the session's tokens, based on its authentication methods. Auth itself checks `session.aal`. */
export function claimedAal(session: Session): Aal {
  const methods: string[] = Object.values(factorMethods);
  return session.claims.some(({ method }) => methods.includes(method)) ? 'aal2' : 'aal1';
}

/** Returns the highest level that a user can reach. Unverified factors don't count. */
export function highestAal({ store }: Project, user: User): Aal {
  return store.factors.where('user', user.id).some(({ status }) => status === 'verified') ? 'aal2' : 'aal1';
}

/** Returns whether a link or code from an email opened this session. This holds for the session's whole life. */
export function isRecovery(session: Session): boolean {
  return session.claims.some(({ method }) => ['otp', 'magiclink', 'recovery'].includes(method));
}

/** Records an authentication method. Each method is listed once. */
export function addClaim({ store, now }: Project, session: Session, method: string): void {
  const others = session.claims.filter((claim) => claim.method !== method);
  store.sessions.patch(session, { claims: [...others, { method, at: now() }] });
}

type TokenResponse = { [key: string]: unknown };

/**
 * Creates a session at aal1 and returns the response with its tokens. `shown` is where its user differs from the
 * tables.
 */
export async function signIn(call: Call, user: User, method: string, shown?: Shown): Promise<TokenResponse> {
  const { project } = call;
  const { store, now } = project;
  call.headers.set('sb-auth-user-id', user.id);
  const session = store.sessions.insert({ id: newId(), userId: user.id, aal: 'aal1', claims: [], createdAt: now() });
  const token = issueRefreshToken(project, session);
  store.users.update(user, { lastSignInAt: now() });
  call.headers.set('sb-auth-session-id', session.id);
  call.headers.set('sb-auth-refresh-token-prefix', token.id.slice(0, 5));
  addClaim(project, session, method);
  return tokenResponse(project, user, session, token, shown);
}

/** Returns the response body of every sign-in, refresh, and MFA verification. */
export async function tokenResponse(
  project: Project,
  user: User,
  session: Session,
  token: RefreshToken,
  shown?: Shown,
): Promise<TokenResponse> {
  const { jwt_expiry: expiry, sessions } = project.config.auth;
  const { allow_low_aal: limit } = sessions;
  const aal = claimedAal(session);
  const isLimited = limit !== undefined && milliseconds(limit) !== 0 && aal < highestAal(project, user);
  const end = project.now() + expiry * 1000;
  const expiresAt = Math.floor((isLimited ? Math.min(session.createdAt + milliseconds(limit), end) : end) / 1000);
  return {
    access_token: await project.keys.sign(accessTokenClaims(project, user, session, aal, expiresAt)),
    token_type: 'bearer',
    expires_in: expiresAt - Math.floor(project.now() / 1000),
    expires_at: expiresAt,
    refresh_token: token.id,
    user: serializeUser(project, user, shown),
  };
}

/** Ends a session and deletes its refresh tokens. */
export function endSession({ store }: Project, session: Session): void {
  for (const token of store.refreshTokens.where('session', session.id)) store.refreshTokens.delete(token);
  store.sessions.delete(session);
}

/** Ends the user's sessions for which `ends` returns true. Without `ends`, ends all of them. */
export function endSessions(project: Project, user: User, ends: (session: Session) => boolean = () => true): void {
  for (const session of project.store.sessions.where('user', user.id)) if (ends(session)) endSession(project, session);
}

/** Returns when the session was last used. Until its first refresh, the time of its refresh token counts. */
export function lastRefreshedAt({ refreshedAt, createdAt }: Session, token?: RefreshToken): number {
  return refreshedAt ?? Math.max(createdAt, token?.updatedAt ?? 0);
}

/**
 * Returns why the session is no longer valid, in the words of the error that a refresh gets, or `undefined` if it's
 * valid.
 */
export function endOfSession(project: Project, user: User, session: Session, token?: RefreshToken): string | undefined {
  const { timebox, inactivity_timeout: inactivity, allow_low_aal: lowAal } = project.config.auth.sessions;
  const isOver = (since: number, limit: string | undefined) =>
    limit !== undefined && milliseconds(limit) !== 0 && project.now() > since + milliseconds(limit);
  if (isOver(session.createdAt, timebox)) return 'Session Expired';
  if (isOver(lastRefreshedAt(session, token), inactivity)) return 'Session Expired (Inactivity)';
  if (session.aal < highestAal(project, user) && isOver(session.createdAt, lowAal))
    return 'Session Expired (Low AAL: User Needs MFA Verification)';
  return undefined;
}

/**
 * Returns the caller of a route that needs a user.
 * @throws AuthError, checked in Auth's order: token, user, session, ban
 */
export async function authenticate(call: Call): Promise<Caller> {
  if (call.caller) return call.caller;
  call.claims = await bearerClaims(call);
  const caller = findCaller(call);
  if (isBanned(call.project, caller.user)) throw new AuthError(403, 'user_banned', 'User is banned');
  call.caller = caller;
  return caller;
}

/** Returns the user and session that the claims name. @throws AuthError */
export function findCaller({ project: { store }, claims }: Call): Caller {
  const { sub = '', session_id: sessionId = '' } = claims ?? {};
  if (sub === '') throw new AuthError(403, 'bad_jwt', 'invalid claim: missing sub claim');
  const userId = parseUuid(sub);
  if (!userId) throw new AuthError(400, 'bad_jwt', 'invalid claim: sub claim must be a UUID');
  const user = store.users.get(userId);
  if (!user) throw new AuthError(403, 'user_not_found', 'User from sub claim in JWT does not exist');
  if (sessionId === '' || sessionId === nilUuid) return { user, session: undefined };
  const id = parseUuid(sessionId);
  if (!id) throw new AuthError(403, 'bad_jwt', 'invalid claim: session_id claim must be a UUID');
  const session = store.sessions.get(id);
  if (!session) {
    const message = 'Session from session_id claim in JWT does not exist';
    throw new AuthError(403, 'session_not_found', message, { cause: 'Session not found' });
  }
  return { user, session };
}

/** Like `authenticate`, for the MFA routes, which reject anonymous users. */
export async function authenticateNamed(call: Call): Promise<Caller> {
  const caller = await authenticate(call);
  if (call.claims?.is_anonymous)
    throw new AuthError(403, 'no_authorization', 'Anonymous user not allowed to perform these actions');
  return caller;
}

/** Returns the caller's session. Auth assumes that there is one here and panics otherwise. */
export function sessionOf({ session }: Caller): Session {
  if (!session) throw new Panic('runtime error: invalid memory address or nil pointer dereference');
  return session;
}

export function isBanned(project: Project, user: User): boolean {
  return user.bannedUntil !== undefined && project.now() < user.bannedUntil;
}
