import { sha256 } from '@noble/hashes/sha2.js';
import { plainPhone } from '../auth/addresses.ts';
import { audit, countSignIn } from '../auth/audit.ts';
import { mapDatabaseErrors } from '../auth/database-errors.ts';
import { AuthError, type ErrorCode, invalid } from '../auth/errors.ts';
import { findByEmail, findByPhone } from '../auth/find-user.ts';
import { findFlow } from '../auth/flow-states.ts';
import { requestFields, writeLog } from '../auth/log.ts';
import { isPassword } from '../auth/password-hashes.ts';
import { type Weakness, weaknessOf } from '../auth/passwords.ts';
import type { Call, Project } from '../auth/project.ts';
import { newestRefreshToken, revokeRefreshTokens, swapRefreshToken } from '../auth/refresh-tokens.ts';
import { endOfSession, isBanned, lastRefreshedAt, signIn, tokenResponse } from '../auth/sessions.ts';
import { fromBase64Url } from '../go/base64.ts';
import { readBody } from '../http/json-body.ts';
import type { RefreshToken, Session, User } from '../store.ts';

const passwordStruct = {
  name: 'PasswordGrantParams',
  fields: { email: 'string', phone: 'string', password: 'string' },
} as const;
const pkceStruct = { name: 'PKCEGrantParams', fields: { auth_code: 'string', code_verifier: 'string' } } as const;
const refreshStruct = { name: 'RefreshTokenGrantParams', fields: { refresh_token: 'string' } } as const;

/** `POST /token?grant_type=…`: `password`, `pkce` or `refresh_token`. */
export async function postToken(call: Call): Promise<unknown> {
  const grant = call.form.get('grant_type');
  if (grant === 'password') return signInWithPassword(call);
  if (grant === 'pkce') return exchangeCode(call);
  if (grant === 'refresh_token') return refresh(call);
  throw new AuthError(400, 'invalid_credentials', 'unsupported_grant_type');
}

const wrongCredentials = () => new AuthError(400, 'invalid_credentials', 'Invalid login credentials');

/** Creates an aal1 session for users with MFA too. The second factor comes later. */
async function signInWithPassword(call: Call): Promise<unknown> {
  const { project } = call;
  const { auth } = project.config;
  const { email, phone, password } = readBody(call, passwordStruct);
  if (email !== '' && phone !== '') throw invalid('Only an email address or phone number should be provided on login.');
  if (email === '' && phone === '') throw invalid('missing email or phone');
  if (email !== '' && !auth.email.enable_signup)
    throw new AuthError(422, 'email_provider_disabled', 'Email logins are disabled');
  if (phone !== '' && !auth.sms.enable_signup)
    throw new AuthError(422, 'phone_provider_disabled', 'Phone logins are disabled');
  const provider = email === '' ? 'phone' : 'email';
  const user = mapDatabaseErrors('Database error querying schema', () =>
    email === '' ? findByPhone(call, plainPhone(phone)) : findByEmail(call, email),
  );
  if (!user || user.passwordHash === '') throw wrongCredentials();
  if (isBanned(project, user)) throw new AuthError(400, 'user_banned', 'User is banned');
  if (!(await isPassword(password, user.passwordHash))) throw wrongCredentials();
  const weakness = weaknessAtSignIn(call, password);
  if (provider === 'email' && user.emailConfirmedAt === undefined)
    throw new AuthError(400, 'email_not_confirmed', 'Email not confirmed');
  if (provider === 'phone' && user.phoneConfirmedAt === undefined)
    throw new AuthError(400, 'phone_not_confirmed', 'Phone not confirmed');
  audit(call, user, 'login', { provider });
  const answer = await signIn(call, user, 'password');
  countSignIn(call, user, 'password', { provider });
  return { ...answer, weak_password: weakness };
}

/** A password that is now too weak still signs in, but the response says so. If it's too long, only the log says so. */
function weaknessAtSignIn(call: Call, password: string): Weakness | null {
  try {
    return weaknessOf(call.project, password) ?? null;
  } catch (error) {
    if (!(error instanceof AuthError)) throw error;
    writeLog(call.project, {
      ...requestFields(call),
      error: `${error.status}: ${error.message}`,
      level: 'warning',
      msg: 'Password strength check on sign-in failed',
    });
    return null;
  }
}

async function exchangeCode(call: Call): Promise<unknown> {
  const { store } = call.project;
  const { auth_code: code, code_verifier: verifier } = readBody(call, pkceStruct);
  if (code === '' || verifier === '')
    throw invalid('invalid request: both auth code and code verifier should be non-empty');
  const { flow, user } = findFlow(call.project, code, verifier);
  audit(call, user, 'login', { provider_type: flow.providerType });
  const answer = await signIn(call, user, flow.method);
  store.flowStates.delete(flow);
  countSignIn(call, user, 'pkce', { provider: flow.providerType });
  return answer;
}

async function refresh(call: Call): Promise<unknown> {
  const { project } = call;
  const { store } = project;
  const { refresh_token: text } = readBody(call, refreshStruct);
  if (!isRefreshToken(text)) throw invalid('Refresh token is not valid');
  const token = store.refreshTokens.get(text);
  const session = token && store.sessions.get(token.sessionId);
  const user = session && store.users.get(session.userId);
  if (!token || !session || !user) throw refused('refresh_token_not_found', 'Refresh Token Not Found');
  call.headers.set('sb-auth-user-id', user.id);
  if (isBanned(project, user)) throw refused('user_banned', 'User Banned');
  call.headers.set('sb-auth-session-id', session.id);
  const end = endOfSession(project, user, session, token);
  if (end) throw refused('session_expired', end);
  if (project.config.auth.sessions.single_per_user) checkNewest(project, user, session, token);

  const active = token.revoked ? reuse(project, session, token) : undefined;
  audit(call, user, 'token_refreshed');
  let next = active;
  if (!next) {
    audit(call, user, 'token_revoked');
    next = swapRefreshToken(project, user, session, token);
    call.headers.set('sb-auth-refresh-token-reuse', 'false');
  }
  call.headers.set('sb-auth-refresh-token-prefix', next.id.slice(0, 5));
  const answer = await tokenResponse(project, user, session, next);
  store.sessions.patch(session, { refreshedAt: project.now() });
  countSignIn(call, user, 'token');
  return answer;
}

function refused(code: ErrorCode, reason: string): AuthError {
  return new AuthError(400, code, `Invalid Refresh Token: ${reason}`);
}

/**
 * Accepts twelve letters and digits, or a version 2 token. This project never issues version 2, so it won't find a
 * session for one.
 */
function isRefreshToken(text: string): boolean {
  if (/^[a-z0-9]{12}$/.test(text)) return true;
  if (text.length <= 12 || !/^[\w-]+$/.test(text) || text.length % 4 === 1) return false;
  const bytes = fromBase64Url(text);
  const counter = bytes.slice(17).findIndex((byte) => byte < 0x80) + 1;
  const checksum = sha256(bytes.slice(0, -4)).slice(0, 4);
  return bytes.length === 1 + 16 + counter + 16 + 4 && bytes[0] === 0 && checksum.join() === bytes.slice(-4).join();
}

/** With one session per user, only the most recently used session can be refreshed. */
function checkNewest(project: Project, user: User, session: Session, token: RefreshToken): void {
  const isNewer = (other: Session) => lastRefreshedAt(other) > lastRefreshedAt(session, token);
  const others = project.store.sessions.where('user', user.id).filter((other) => other !== session);
  if (others.some((other) => isNewer(other) && !endOfSession(project, user, other)))
    throw refused('session_expired', 'Session Expired (Revoked by Newer Login)');
}

/**
 * Decides what a revoked token still gets. The parent of the active token gets the active token again, at any age,
 * because the first response may have been lost. Within the reuse interval, other tokens get a new one (`undefined`).
 */
function reuse(project: Project, session: Session, token: RefreshToken): RefreshToken | undefined {
  const { refresh_token_reuse_interval: interval, enable_refresh_token_rotation: rotates } = project.config.auth;
  const active = newestRefreshToken(project, session);
  if (active?.parent === token.id) return active;
  if (project.now() <= token.updatedAt + interval * 1000) return undefined;
  if (rotates) revokeRefreshTokens(project, session);
  project.store.commit();
  const reason = `Possible abuse attempt: ${token.serial}`;
  throw new AuthError(400, 'refresh_token_already_used', 'Invalid Refresh Token: Already Used', { reason });
}
