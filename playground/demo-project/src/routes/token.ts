import { AuthError, invalid } from '../auth/errors.ts';
import { findFlow } from '../auth/flow-states.ts';
import { parseParams } from '../auth/json.ts';
import { audit, countSignIn } from '../auth/log.ts';
import { checkStrength, isPassword } from '../auth/passwords.ts';
import type { Call } from '../auth/project.ts';
import {
  activeRefreshToken,
  issueRefreshToken,
  sessionEnd,
  setTokenHeaders,
  signIn,
  tokenResponse,
} from '../auth/sessions.ts';
import { isBanned, isConfirmed } from '../auth/users.ts';

const passwordParams = {
  name: 'PasswordGrantParams',
  fields: { email: 'string', phone: 'string', password: 'string' },
} as const;
const pkceParams = { name: 'PKCEGrantParams', fields: { auth_code: 'string', code_verifier: 'string' } } as const;
const refreshParams = { name: 'RefreshTokenGrantParams', fields: { refresh_token: 'string' } } as const;

/** `POST /token?grant_type=…`: `password`, `pkce` or `refresh_token`. */
export async function grantToken(call: Call): Promise<unknown> {
  const grant = call.url.searchParams.get('grant_type');
  call.logged['grant_type'] = grant ?? '';
  if (grant === 'password') return signInWithPassword(call);
  if (grant === 'pkce') return exchangeCode(call);
  if (grant === 'refresh_token') return refresh(call);
  throw new AuthError(400, 'invalid_credentials', 'unsupported_grant_type');
}

const wrongCredentials = () => new AuthError(400, 'invalid_credentials', 'Invalid login credentials');

/** Gives an aal1 session to MFA users too: the second factor is asked for afterwards. */
async function signInWithPassword(call: Call): Promise<unknown> {
  const { project } = call;
  const { email, phone, password } = parseParams(call.body, passwordParams);
  if (email !== '' && phone !== '') throw invalid('Only an email address or phone number should be provided on login.');
  if (email === '' && phone === '') throw invalid('missing email or phone');
  if (email !== '' && !project.config.auth.email.enable_signup)
    throw new AuthError(422, 'email_provider_disabled', 'Email logins are disabled');
  const provider = email === '' ? 'phone' : 'email';
  const user =
    email === ''
      ? project.store.users.where('phone', phone.replace(/^\+/, ''))[0]
      : project.store.users.where('email', email.toLowerCase())[0];
  if (!user?.passwordHash) throw wrongCredentials();
  if (isBanned(project, user)) throw new AuthError(400, 'user_banned', 'User is banned');
  if (!(await isPassword(password, user.passwordHash))) throw wrongCredentials();
  if (provider === 'email' && !isConfirmed(user))
    throw new AuthError(400, 'email_not_confirmed', 'Email not confirmed');
  if (provider === 'phone' && user.phoneConfirmedAt === undefined)
    throw new AuthError(400, 'phone_not_confirmed', 'Phone not confirmed');
  audit(call, user, 'login', { provider });
  const answer = await signIn(call, user, 'password');
  countSignIn(call, user, 'password', provider);
  return { ...answer, ...weakness(call, password) };
}

/** A password that has become too weak still signs in; the answer says so. */
function weakness(call: Call, password: string): object {
  try {
    checkStrength(call.project, password);
    return {};
  } catch (error) {
    if (!(error instanceof AuthError) || error.code !== 'weak_password') throw error;
    return { weak_password: { message: error.message, ...(error.details['weak_password'] as object) } };
  }
}

async function exchangeCode(call: Call): Promise<unknown> {
  const { store } = call.project;
  const { auth_code: code, code_verifier: verifier } = parseParams(call.body, pkceParams);
  if (code === '' || verifier === '')
    throw invalid('invalid request: both auth code and code verifier should be non-empty');
  const flow = findFlow(call.project, code, verifier);
  const user = store.users.get(flow.userId);
  if (!user) throw new AuthError(404, 'flow_state_not_found', 'invalid flow state, no valid flow state found');
  audit(call, user, 'login', { provider_type: flow.method });
  const answer = await signIn(call, user, flow.method);
  store.flowStates.delete(flow);
  countSignIn(call, user, 'pkce', flow.method);
  return answer;
}

/** Refresh tokens of version 1: each use revokes the token and gives its child. */
async function refresh(call: Call): Promise<unknown> {
  const { project } = call;
  const { store, config } = project;
  const { refresh_token: text } = parseParams(call.body, refreshParams);
  if (!/^[a-z0-9]{12}$/.test(text)) throw invalid('Refresh token is not valid');
  const token = store.refreshTokens.get(text);
  const session = token && store.sessions.get(token.sessionId);
  const user = session && store.users.get(session.userId);
  if (!token || !session || !user)
    throw new AuthError(400, 'refresh_token_not_found', 'Invalid Refresh Token: Refresh Token Not Found');
  if (isBanned(project, user)) throw new AuthError(400, 'user_banned', 'Invalid Refresh Token: User Banned');
  const end = sessionEnd(project, session);
  if (end) throw end;

  let next = token;
  if (token.revoked) {
    const active = activeRefreshToken(project, session);
    const withinInterval = project.now() <= token.updatedAt + config.auth.refresh_token_reuse_interval * 1000;
    if (active?.parent !== token.id && !withinInterval) {
      for (const other of store.refreshTokens.where('session', session.id))
        store.refreshTokens.update(other, { revoked: true });
      throw new AuthError(400, 'refresh_token_already_used', 'Invalid Refresh Token: Already Used');
    }
    // The parent of the active token gets that token again, at any age: the answer to its first use may have been lost.
    if (active?.parent === token.id) next = active;
    else next = issueRefreshToken(project, session, active);
  } else {
    next = issueRefreshToken(project, session, token);
  }
  audit(call, user, 'token_refreshed');
  if (next.parent === token.id && next !== token) audit(call, user, 'token_revoked');
  store.sessions.update(session, { refreshedAt: project.now() });
  setTokenHeaders(call, session, next);
  call.headers.set('sb-auth-refresh-token-reuse', String(token.revoked && next.parent === token.id && false));
  countSignIn(call, user, 'token');
  return tokenResponse(call, user, session, next);
}
