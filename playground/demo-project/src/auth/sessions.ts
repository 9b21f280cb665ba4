/** Sessions: their level (aal), how they were signed in (amr), what ends them, and who is calling with which. */
import { milliseconds } from '../config.ts';
import type { Aal, RefreshToken, Session, User } from '../store.ts';
import { AuthError, unexpected } from './errors.ts';
import { isUuid } from './json.ts';
import { type Call, newId, type Project } from './project.ts';
import { accessTokenClaims, bearerClaims, type Claims, checkExpiry, sign } from './tokens.ts';
import { isBanned, userJson } from './users.ts';

/** The methods that lift a session. */
const secondFactors = ['totp', 'mfa/phone', 'mfa/webauthn'];

/** The level that a token of this session states, by how it was signed in; the level that Auth itself checks is `session.aal`. */
export function claimedAal(session: Session): Aal {
  return session.claims.some(({ method }) => secondFactors.includes(method)) ? 'aal2' : 'aal1';
}

/** Did a link or a code from a mailbox open this session? It stays so for the session's whole life. */
export function isRecovery(session: Session): boolean {
  return session.claims.some(({ method }) => ['otp', 'magiclink', 'recovery'].includes(method));
}

export function hasVerifiedFactor(project: Project, userId: string): boolean {
  return project.store.factors.where('user', userId).some((factor) => factor.status === 'verified');
}

/** Notes a way of signing in, once per method. */
export function addClaim(session: Session, method: string, at: number): void {
  const claim = session.claims.find((known) => known.method === method);
  if (claim) claim.at = at;
  else session.claims.push({ method, at });
}

/** A new session at aal1, and the answer that carries its tokens. */
export async function signIn(call: Call, user: User, method: string): Promise<{ [key: string]: unknown }> {
  const { store, now } = call.project;
  const at = now();
  store.users.update(user, { lastSignInAt: at });
  const session = store.sessions.insert({ id: newId(), userId: user.id, aal: 'aal1', claims: [], createdAt: at });
  addClaim(session, method, at);
  const token = issueRefreshToken(call.project, session);
  setTokenHeaders(call, session, token);
  return tokenResponse(call, user, session, token);
}

/** The body with which every sign-in, refresh and MFA verification answers. */
export async function tokenResponse(
  call: Call,
  user: User,
  session: Session,
  token: RefreshToken,
): Promise<{ [key: string]: unknown }> {
  const issuedAt = Math.floor(call.project.now() / 1000);
  const expiresAt = issuedAt + call.project.config.auth.jwt_expiry;
  return {
    access_token: await sign(call.project, accessTokenClaims(call, user, session, claimedAal(session), expiresAt)),
    token_type: 'bearer',
    expires_in: expiresAt - issuedAt,
    expires_at: expiresAt,
    refresh_token: token.id,
    user: userJson(call.project, user),
  };
}

/** The headers that sign-ins and refreshes have, and MFA verification has not. */
export function setTokenHeaders(call: Call, session: Session, token: RefreshToken): void {
  call.headers.set('sb-auth-user-id', session.userId);
  call.headers.set('sb-auth-session-id', session.id);
  call.headers.set('sb-auth-refresh-token-prefix', token.id.slice(0, 5));
}

/** A new refresh token; the one it follows is revoked. */
export function issueRefreshToken(project: Project, session: Session, parent?: RefreshToken): RefreshToken {
  const updatedAt = project.now();
  if (parent) project.store.refreshTokens.update(parent, { revoked: true, updatedAt });
  return project.store.refreshTokens.insert({
    id: [...crypto.getRandomValues(new Uint8Array(12))]
      .map((byte) => 'abcdefghijklmnopqrstuvwxyz234567'.charAt(byte % 32))
      .join(''),
    sessionId: session.id,
    userId: session.userId,
    revoked: false,
    updatedAt,
    ...(parent && { parent: parent.id }),
  });
}

export function activeRefreshToken(project: Project, session: Session): RefreshToken | undefined {
  return project.store.refreshTokens.where('session', session.id).findLast((token) => !token.revoked);
}

/** Ends a session, with its refresh tokens. */
export function endSession(project: Project, session: Session): void {
  for (const token of project.store.refreshTokens.where('session', session.id))
    project.store.refreshTokens.delete(token);
  project.store.sessions.delete(session);
}

/** Ends those sessions of a user for which `ends` says so; without it, all. */
export function endSessions(project: Project, userId: string, ends: (session: Session) => boolean = () => true): void {
  for (const session of project.store.sessions.where('user', userId)) if (ends(session)) endSession(project, session);
}

/** Why a session can no longer be refreshed, if it cannot. */
export function sessionEnd(project: Project, session: Session): AuthError | undefined {
  const { timebox, inactivity_timeout: inactivity } = project.config.auth.sessions;
  const ended = (since: number, limit: string | undefined) =>
    limit !== undefined && project.now() > since + milliseconds(limit);
  if (ended(session.createdAt, timebox))
    return new AuthError(400, 'session_expired', 'Invalid Refresh Token: Session Expired');
  if (ended(session.refreshedAt ?? session.createdAt, inactivity)) {
    return new AuthError(400, 'session_expired', 'Invalid Refresh Token: Session Expired (Inactivity)');
  }
  return undefined;
}

/** Who calls, by the bearer token. `session` is undefined for a token that names none. */
export interface Caller {
  user: User;
  session: Session | undefined;
  claims: Claims;
}

/**
 * The caller of a route that needs a user's session.
 * @throws AuthError in the order in which Auth checks: token, user, session, ban
 */
export async function authenticate(call: Call): Promise<Caller> {
  const { project } = call;
  const claims = await bearerClaims(call);
  checkExpiry(project, claims);
  const { sub, session_id: sessionId } = claims;
  if (typeof sub !== 'string' || sub === '') throw new AuthError(403, 'bad_jwt', 'invalid claim: missing sub claim');
  if (!isUuid(sub)) throw new AuthError(400, 'bad_jwt', 'invalid claim: sub claim must be a UUID');
  const user = project.store.users.get(sub);
  if (!user) throw new AuthError(403, 'user_not_found', 'User from sub claim in JWT does not exist');
  let session: Session | undefined;
  if (typeof sessionId === 'string' && sessionId !== '' && sessionId !== '00000000-0000-0000-0000-000000000000') {
    if (!isUuid(sessionId)) throw new AuthError(403, 'bad_jwt', 'invalid claim: session_id claim must be a UUID');
    session = project.store.sessions.get(sessionId);
    if (!session) throw new AuthError(403, 'session_not_found', 'Session from session_id claim in JWT does not exist');
  }
  if (isBanned(project, user)) throw new AuthError(403, 'user_banned', 'User is banned');
  return { user, session, claims };
}

/** As `authenticate`, for the MFA routes, which are closed to anonymous users. */
export async function authenticateNamed(call: Call): Promise<Caller> {
  const caller = await authenticate(call);
  if (caller.claims['is_anonymous'] === true)
    throw new AuthError(403, 'no_authorization', 'Anonymous user not allowed to perform these actions');
  return caller;
}

/** The session of a caller, where Auth takes it for granted. */
export function sessionOf(caller: Caller): Session {
  if (!caller.session) throw unexpected('Internal Server Error');
  return caller.session;
}
