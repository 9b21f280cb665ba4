/** Sessions: their level (aal), how they were signed in (amr), what ends them, and who is calling with which. */

import { milliseconds } from '../go/duration.ts';
import { nilUuid, parseUuid } from '../go/uuid.ts';
import type { Aal, Factor, RefreshToken, Session, User } from '../store.ts';
import { AuthError, Panic } from './errors.ts';
import { type Call, type Caller, newId, type Project } from './project.ts';
import { issueRefreshToken } from './refresh-tokens.ts';
import { type Shown, serializeUser } from './serialize.ts';
import { accessTokenClaims, bearerClaims } from './tokens.ts';

/** How a factor stands in `amr`: these lift a session. */
export const factorMethods = {
  totp: 'totp',
  phone: 'mfa/phone',
  webauthn: 'mfa/webauthn',
} as const satisfies Record<Factor['type'], string>;

/** The level that a token of this session states, by how it was signed in; the level that Auth itself checks is `session.aal`. */
export function claimedAal(session: Session): Aal {
  const methods: string[] = Object.values(factorMethods);
  return session.claims.some(({ method }) => methods.includes(method)) ? 'aal2' : 'aal1';
}

/** The level that a user can reach. Factors that were never verified do not count. */
export function highestAal({ store }: Project, user: User): Aal {
  return store.factors.where('user', user.id).some(({ status }) => status === 'verified') ? 'aal2' : 'aal1';
}

/** Did a link or a code from a mailbox open this session? It stays so for the session's whole life. */
export function isRecovery(session: Session): boolean {
  return session.claims.some(({ method }) => ['otp', 'magiclink', 'recovery'].includes(method));
}

/** Notes a way of signing in, once per method. */
export function addClaim({ store, now }: Project, session: Session, method: string): void {
  const others = session.claims.filter((claim) => claim.method !== method);
  store.sessions.patch(session, { claims: [...others, { method, at: now() }] });
}

type TokenResponse = { [key: string]: unknown };

/** A new session at aal1, and the answer that carries its tokens. `shown` is what that shows otherwise of the user. */
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

/** The body with which every sign-in, refresh and MFA verification answers. */
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

/** Ends a session, with its refresh tokens. */
export function endSession({ store }: Project, session: Session): void {
  for (const token of store.refreshTokens.where('session', session.id)) store.refreshTokens.delete(token);
  store.sessions.delete(session);
}

/** Ends those sessions of a user for which `ends` says so; without it, all. */
export function endSessions(project: Project, user: User, ends: (session: Session) => boolean = () => true): void {
  for (const session of project.store.sessions.where('user', user.id)) if (ends(session)) endSession(project, session);
}

/** When a session was last used; the time of the refresh token counts until the first refresh. */
export function lastRefreshedAt({ refreshedAt, createdAt }: Session, token?: RefreshToken): number {
  return refreshedAt ?? Math.max(createdAt, token?.updatedAt ?? 0);
}

/** Why a session is no longer valid, in the words of a refused refresh; `undefined` for one that is. */
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
 * The caller of a route that needs a user.
 * @throws AuthError in the order in which Auth checks: token, user, session, ban
 */
export async function authenticate(call: Call): Promise<Caller> {
  if (call.caller) return call.caller;
  call.claims = await bearerClaims(call);
  const caller = findCaller(call);
  if (isBanned(call.project, caller.user)) throw new AuthError(403, 'user_banned', 'User is banned');
  call.caller = caller;
  return caller;
}

/** User and session of the claims. @throws AuthError */
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

/** As `authenticate`, for the MFA routes, which are closed to anonymous users. */
export async function authenticateNamed(call: Call): Promise<Caller> {
  const caller = await authenticate(call);
  if (call.claims?.is_anonymous)
    throw new AuthError(403, 'no_authorization', 'Anonymous user not allowed to perform these actions');
  return caller;
}

/** The session of a caller, where Auth takes it for granted and falls over without one. */
export function sessionOf({ session }: Caller): Session {
  if (!session) throw new Panic('runtime error: invalid memory address or nil pointer dereference');
  return session;
}

export function isBanned(project: Project, user: User): boolean {
  return user.bannedUntil !== undefined && project.now() < user.bannedUntil;
}
