import { AuthError, invalid, unexpected } from '../auth/errors.ts';
import { issueAuthCode } from '../auth/flow-states.ts';
import { parseParams } from '../auth/json.ts';
import { audit, countSignIn, writeLog } from '../auth/log.ts';
import { dropTokens, findToken, isExpired, isLive, pkcePrefix, tokenHash } from '../auth/one-time-tokens.ts';
import type { Call } from '../auth/project.ts';
import { useRecovery } from '../auth/recovery.ts';
import { signIn } from '../auth/sessions.ts';
import { checkEmail, checkPhone, confirmEmail, isBanned } from '../auth/users.ts';
import type { User } from '../store.ts';

const params = {
  name: 'VerifyParams',
  fields: {
    type: 'string',
    token: 'string',
    token_hash: 'string',
    email: 'string',
    phone: 'string',
    redirect_to: 'string',
  },
} as const;

const linkExpired = (reason: string) =>
  new AuthError(403, 'otp_expired', 'Email link is invalid or has expired', { reason });
const codeExpired = () => new AuthError(403, 'otp_expired', 'Token has expired or is invalid');
const banned = () => new AuthError(403, 'user_banned', 'User is banned');

/** The kinds of token that each type of verification takes; `email` is whichever of the two the user has. */
const recovery = ['recovery', 'magiclink'];
const confirmation = ['signup', 'invite'];

/** `POST /verify`: a code with its address, or the hash of a link. Answers with an aal1 session. */
export async function verifyByPost(call: Call): Promise<unknown> {
  const { type, token, token_hash: hash, email, phone, redirect_to: redirectTo } = parseParams(call.body, params);
  if (type === '') throw invalid('Verify requires a verification type');
  if ((token === '') === (hash === '')) throw invalid('Verify requires either a token or a token hash');

  let found: { user: User; type: string };
  if (hash !== '') {
    if (email !== '' || phone !== '' || redirectTo !== '')
      throw invalid('Only the token_hash and type should be provided');
    found = findByHash(call, type, hash);
  } else {
    if ((email === '') === (phone === ''))
      throw invalid('Only an email address or phone number should be provided on verify');
    found =
      email === ''
        ? findByCode(call, type, token, { phone: checkPhone(phone) })
        : findByCode(call, type, token, { email: mailAddress(email) });
  }
  use(call, found.user, found.type);
  const answer = await signIn(call, found.user, 'otp');
  countSignIn(call, found.user, 'otp', phone === '' ? 'email' : 'phone');
  return answer;
}

/** The form of an address says 422 here, and 400 everywhere else. */
function mailAddress(email: string): string {
  try {
    return checkEmail(email);
  } catch (error) {
    if (error instanceof AuthError) throw new AuthError(422, 'validation_failed', 'Invalid email format');
    throw error;
  }
}

function findByHash(call: Call, type: string, hash: string): { user: User; type: string } {
  const { project } = call;
  if (!['email', ...recovery, ...confirmation].includes(type)) throw invalid('Invalid email verification type');
  const token =
    type === 'email'
      ? findToken(project, hash, 'confirmation_token', 'recovery_token')
      : findToken(project, hash, recovery.includes(type) ? 'recovery_token' : 'confirmation_token');
  const user = token && project.store.users.get(token.userId);
  if (!token || !user) throw linkExpired('One-time token not found');
  if (isBanned(project, user)) throw banned();
  const isRecoveryToken = token.type === 'recovery_token';
  const sentAt = isRecoveryToken ? user.recoverySentAt : user.confirmationSentAt;
  if (isExpired(project, sentAt, project.config.auth.email.otp_expiry)) throw linkExpired('email link has expired');
  return { user, type: type === 'email' ? (isRecoveryToken ? 'magiclink' : 'signup') : type };
}

function findByCode(
  call: Call,
  type: string,
  code: string,
  { email, phone }: { email?: string; phone?: string },
): { user: User; type: string } {
  const { project } = call;
  const { users } = project.store;
  const user = email !== undefined ? users.where('email', email)[0] : users.where('phone', phone ?? '')[0];
  if (!user) throw codeExpired();
  if (isBanned(project, user)) throw banned();
  const hash = tokenHash(email ?? phone ?? '', code);
  const { otp_expiry: expiry } = project.config.auth.email;
  const confirms = isLive(project, user, 'confirmation_token', hash, user.confirmationSentAt, expiry);
  const recovers = isLive(project, user, 'recovery_token', hash, user.recoverySentAt, expiry);
  if (type === 'email' && confirms) return { user, type: 'signup' };
  if (type === 'email' && recovers) return { user, type: 'magiclink' };
  if (confirmation.includes(type) && confirms) return { user, type };
  if (recovery.includes(type) && recovers) return { user, type };
  throw codeExpired();
}

/** What the token was for happens now, and the token is used up. */
function use(call: Call, user: User, type: string): void {
  if (recovery.includes(type)) return useRecovery(call, user);
  audit(call, user, 'user_signedup', { provider: 'email' });
  dropTokens(call.project, user);
  confirmEmail(call.project, user);
  for (const identity of user.identities)
    if (identity.data['email'] === user.email) identity.data['email_verified'] = true;
}

/** The word that OAuth has for a status; others have none. */
const oauthWords: Record<number, string> = {
  400: 'invalid_request',
  401: 'unauthorized_client',
  403: 'access_denied',
  500: 'server_error',
  503: 'temporarily_unavailable',
};

/** `GET /verify`, the link in a mail: leads back to the app, with a session in the fragment, an auth code in the query, or what went wrong. */
export async function verifyByGet(call: Call): Promise<Response> {
  const { searchParams } = call.url;
  const type = searchParams.get('type') ?? '';
  const token = searchParams.get('token') ?? '';
  if (type === '') throw invalid('Verify requires a verification type');
  if (token === '') throw invalid('Verify requires a token or a token hash');
  const pkce = token.startsWith(pkcePrefix);
  if (pkce && ![...recovery, ...confirmation, 'email_change'].includes(type)) throw unexpected();
  try {
    return redirect(await destination(call, type, token, pkce));
  } catch (error) {
    if (!(error instanceof AuthError)) throw error;
    writeLog(call.project, {
      component: 'api',
      error: error.reason ?? error.message,
      level: 'info',
      method: 'GET',
      msg: `${error.status}: ${error.message}`,
      path: '/verify',
      referer: call.redirectTo,
      remote_addr: call.ip,
      request_id: call.requestId,
    });
    return redirect(withError(call.redirectTo, error, pkce));
  }
}

async function destination(call: Call, type: string, token: string, pkce: boolean): Promise<string> {
  const { user, type: used } = findByHash(call, type, token);
  if (pkce) {
    const purpose = confirmation.includes(type) ? (type === 'signup' ? 'email/signup' : type) : type;
    let code: string;
    try {
      code = issueAuthCode(call.project, user, purpose);
    } catch (error) {
      if (!(error instanceof AuthError)) throw error;
      throw new AuthError(
        400,
        'flow_state_not_found',
        `No associated flow state found. ${error.status}: ${error.message}`,
      );
    }
    use(call, user, used);
    const target = new URL(call.redirectTo);
    target.searchParams.set('code', code);
    return target.href;
  }
  use(call, user, used);
  const session = await signIn(call, user, 'otp');
  countSignIn(call, user, 'implicit');
  const fragment = new URLSearchParams({
    access_token: String(session['access_token']),
    expires_at: String(session['expires_at']),
    expires_in: String(session['expires_in']),
    refresh_token: String(session['refresh_token']),
    sb: '',
    token_type: 'bearer',
    type,
  });
  return `${call.redirectTo}#${fragment}`;
}

function withError(target: string, error: AuthError, pkce: boolean): string {
  const word = oauthWords[error.status];
  const keys = { ...(word && { error: word }), error_code: error.code, error_description: error.message };
  const url = new URL(target);
  if (pkce) {
    for (const [key, value] of Object.entries(keys)) url.searchParams.set(key, value);
    url.searchParams.sort();
  }
  const fragment = new URLSearchParams({ ...keys, sb: '' }).toString();
  url.hash = '';
  return `${url.href.replace(/#$/, '')}#${pkce ? fragment : fragment.replaceAll('%3A+422%253A', '%3A+422%253A')}`;
}

/** 303, with the one-line page that Go writes. */
function redirect(location: string): Response {
  const escaped = location
    .replaceAll('&', '&amp;')
    .replaceAll("'", '&#39;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&#34;');
  return new Response(`<a href="${escaped}">See Other</a>.\n\n`, {
    status: 303,
    headers: { 'content-type': 'text/html; charset=utf-8', location },
  });
}
