import { normalizeEmail, normalizePhone } from '../auth/addresses.ts';
import { countSignIn } from '../auth/audit.ts';
import {
  confirmBySms,
  confirmEmailChange,
  confirmPhoneChange,
  confirmSignup,
  useFirstLink,
  useRecovery,
} from '../auth/confirmations.ts';
import { AuthError, failure, invalid, UnhandledError } from '../auth/errors.ts';
import { audienceOf, findByEmail, findByPhone } from '../auth/find-user.ts';
import { issueAuthCode } from '../auth/flow-states.ts';
import { updateProviders } from '../auth/identities.ts';
import { requestFields, writeLog } from '../auth/log.ts';
import { findToken, isExpired, isValid, pkcePrefix, tokenHash } from '../auth/one-time-tokens.ts';
import type { Call } from '../auth/project.ts';
import type { Shown } from '../auth/serialize.ts';
import { isBanned, signIn } from '../auth/sessions.ts';
import { quote } from '../go/quote.ts';
import { escapeHtml } from '../go/template.ts';
import { encodeValues, withValues } from '../go/url-writer.ts';
import { readBody } from '../http/json-body.ts';
import type { OneTimeTokenType, User } from '../store.ts';

const struct = {
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

type Details = ConstructorParameters<typeof AuthError>[3];
const linkExpired = (details: Details) =>
  new AuthError(403, 'otp_expired', 'Email link is invalid or has expired', details);
const codeExpired = (details: Details) => new AuthError(403, 'otp_expired', 'Token has expired or is invalid', details);
const banned = () => new AuthError(403, 'user_banned', 'User is banned');

const halfConfirmed = 'Confirmation link accepted. Please proceed to confirm link sent to the other email';

/** What to verify. */
interface Found {
  user: User;
  /** The type from the request. For `email`, the type that was found. */
  type: string;
  /** The code, or the token in the link. Empty if the request sent a hash. */
  token: string;
  hash: string;
  phone: string;
}

/** `POST /verify`: takes a code and its address, or the hash from a link. Responds with an aal1 session. */
export async function verifyByPost(call: Call): Promise<unknown> {
  const { type, token, token_hash: tokenHash, email, phone, redirect_to: redirectTo } = readBody(call, struct);
  if (type === '') throw invalid('Verify requires a verification type');
  if ((token === '') === (tokenHash === '')) throw invalid('Verify requires either a token or a token hash');
  let found: Found;
  if (token !== '') found = findByCode(call, type, token, email, phone);
  else {
    if (email !== '' || phone !== '' || redirectTo !== '')
      throw invalid('Only the token_hash and type should be provided');
    found = findByHash(call, type, tokenHash, '');
  }
  const shown = await confirm(call, found);
  if (!shown) return { code: '200', msg: halfConfirmed };
  updateProviders(call.project, found.user);
  const answer = await signIn(call, found.user, 'otp', shown);
  countSignIn(call, found.user, 'otp', { provider: /^(sms|phone_change)$/.test(found.type) ? 'phone' : 'email' });
  return answer;
}

/** Auth's token types for each verification type. A link of type `email` can be either of two. */
const tokenTypes: Record<string, OneTimeTokenType[]> = {
  email: ['confirmation_token', 'recovery_token'],
  signup: ['confirmation_token'],
  invite: ['confirmation_token'],
  recovery: ['recovery_token'],
  magiclink: ['recovery_token'],
  email_change: ['email_change_token_current', 'email_change_token_new'],
};

function findByHash({ project }: Call, type: string, hash: string, linkToken = hash): Found {
  const { store, config } = project;
  const types = Object.hasOwn(tokenTypes, type) ? tokenTypes[type] : undefined;
  if (!types) throw invalid('Invalid email verification type');
  if (hash.includes('\0'))
    // Postgres rejects such text.
    throw failure('Database error finding user from email link', {
      cause: 'ERROR: invalid byte sequence for encoding "UTF8": 0x00 (SQLSTATE 22021)',
    });
  const token = findToken(store, hash, ...types);
  const user = token && store.users.get(token.userId);
  if (!user) throw linkExpired({ cause: 'One-time token not found' });
  if (isBanned(project, user)) throw banned();
  const found = type !== 'email' ? type : user.recoveryToken === hash ? 'magiclink' : 'signup';
  const sentAt =
    found === 'email_change'
      ? user.emailChangeSentAt
      : tokenTypes[found]?.[0] === 'recovery_token'
        ? user.recoverySentAt
        : user.confirmationSentAt;
  if (isExpired(store, sentAt, config.auth.email.otp_expiry)) throw linkExpired({ reason: 'email link has expired' });
  return { user, type: found, token: linkToken, hash, phone: '' };
}

function findByCode(call: Call, type: string, code: string, address: string, number: string): Found {
  const { project } = call;
  if ((address === '') === (number === ''))
    throw invalid('Only an email address or phone number should be provided on verify');
  const phone = number === '' ? '' : normalizePhone(number);
  const email = address === '' ? '' : checkTypedEmail(address);
  const hash = tokenHash(phone || email, code);
  const user = findUser(call, type, email, phone, hash);
  if (!user) throw codeExpired({ cause: type === 'email_change' ? 'One-time token not found' : 'User not found' });
  if (isBanned(project, user)) throw banned();
  const found = matchingType(call, type, code, user, phone, hash);
  if (!found) throw codeExpired({ reason: 'token has expired or is invalid' });
  return { user, type: found, token: code, hash, phone };
}

/** An invalid address gets 422 here and 400 everywhere else. */
function checkTypedEmail(email: string): string {
  try {
    return normalizeEmail(email);
  } catch (error) {
    if (!(error instanceof AuthError)) throw error;
    throw new AuthError(422, 'validation_failed', 'Invalid email format', { cause: error.reason });
  }
}

function findUser(call: Call, type: string, email: string, phone: string, hash: string): User | undefined {
  const { store, config } = call.project;
  if (type === 'phone_change') {
    const aud = audienceOf(call);
    return store.users.where('phoneChange', phone).find((user) => user.aud === aud);
  }
  if (type === 'sms') return findByPhone(call, phone);
  if (type !== 'email_change') return findByEmail(call, email);
  // Auth looks up the code's hash, which includes the address.
  const types: OneTimeTokenType[] = [
    ...(config.auth.email.double_confirm_changes ? (['email_change_token_current'] as const) : []),
    'email_change_token_new',
  ];
  const token = types
    .flatMap((kind) => [findToken(store, hash, kind), findToken(store, pkcePrefix + hash, kind)])
    .find((known) => known !== undefined);
  return token && store.users.get(token.userId);
}

/** Returns the verification type that the code is valid for, if any. */
function matchingType(
  { project }: Call,
  type: string,
  code: string,
  user: User,
  phone: string,
  hash: string,
): string | undefined {
  const { store, config } = project;
  const { email, sms } = config.auth;
  const is = (kept: string, sentAt: number | undefined, expiry = email.otp_expiry) =>
    isValid(store, hash, kept, sentAt, expiry);
  const confirms = () => is(user.confirmationToken, user.confirmationSentAt);
  const recovers = () => is(user.recoveryToken, user.recoverySentAt);
  const isTestCode = sms.test_otp[phone] === code;
  const checks: Record<string, () => boolean> = {
    signup: confirms,
    invite: confirms,
    recovery: recovers,
    magiclink: recovers,
    email_change: () =>
      is(user.emailChangeTokenCurrent, user.emailChangeSentAt) || is(user.emailChangeTokenNew, user.emailChangeSentAt),
    sms: () => isTestCode || is(user.confirmationToken, user.confirmationSentAt, sms.otp_expiry),
    phone_change: () => isTestCode || is(user.phoneChangeToken, user.phoneChangeSentAt, sms.otp_expiry),
  };
  const candidates = type === 'email' ? ['signup', 'magiclink'] : [type];
  return candidates.find((candidate) => Object.hasOwn(checks, candidate) && checks[candidate]?.());
}

/**
 * Carries out what was verified. Returns where the user in the response differs from the tables, or `undefined` if a
 * second link is needed.
 */
async function confirm(call: Call, { user, type, token, hash, phone }: Found): Promise<Shown | undefined> {
  if (type === 'email_change')
    return useFirstLink(call, user, hash, token) ? undefined : confirmEmailChange(call, user);
  if (type === 'recovery' || type === 'magiclink') useRecovery(call, user);
  else if (type === 'sms') confirmBySms(call, user);
  else if (type === 'phone_change') confirmPhoneChange(call, user, phone);
  else await confirmSignup(call, user);
  return {};
}

/** The authentication methods that PKCE links can have. */
const authenticationMethods =
  /^(oauth|password|otp|totp|recovery|invite|sso\/saml|magiclink|email_change|token_refresh|mfa\/phone|mfa\/webauthn|web3|oauth_provider\/authorization_code|passkey)$/;

/** The OAuth error for each status. Other statuses have none. */
const oauthWords: Record<number, string> = {
  400: 'invalid_request',
  401: 'unauthorized_client',
  403: 'access_denied',
  500: 'server_error',
  503: 'temporarily_unavailable',
};

/**
 * `GET /verify`, the link in an email: redirects to the app with a session in the fragment, an auth code in the query,
 * or an error.
 */
export async function verifyByGet(call: Call): Promise<Response> {
  const type = call.form.get('type') ?? '';
  const token = call.form.get('token') ?? '';
  if (type === '') throw invalid('Verify requires a verification type');
  if (token === '') throw invalid('Verify requires a token or a token hash');
  const isPkce = token.startsWith(pkcePrefix);
  const method = type.endsWith('signup') ? 'email/signup' : type;
  if (isPkce && method !== 'email/signup' && !authenticationMethods.test(method))
    throw new UnhandledError(`unsupported authentication method ${quote(type)}`);
  try {
    return redirect(await follow(call, type, token, isPkce ? method : undefined));
  } catch (error) {
    if (!(error instanceof AuthError)) throw error;
    call.project.store.rollback();
    writeLog(call.project, {
      ...requestFields(call),
      error: error.cause,
      level: 'info',
      msg: error.reason,
    });
    const word = oauthWords[error.status];
    const values = { ...(word && { error: word }), error_code: error.code, error_description: error.message };
    return redirect(withValues(call.redirectTo, { ...(isPkce && { query: values }), fragment: { ...values, sb: '' } }));
  }
}

/** Returns the URL that a valid link redirects to. `method` is set for PKCE. */
async function follow(call: Call, type: string, token: string, method: string | undefined): Promise<string> {
  const { project } = call;
  const found = findByHash(call, type, token);
  const { user } = found;
  if (!(await confirm(call, found))) {
    const message = { message: halfConfirmed };
    return withValues(call.redirectTo, { query: method ? message : {}, fragment: { ...message, sb: '' } });
  }
  updateProviders(project, user);
  if (method !== undefined) return withValues(call.redirectTo, { query: { code: authCode(call, user, method) } });
  const session = await signIn(call, user, 'otp');
  countSignIn(call, user, 'implicit');
  const { user: _, ...tokens } = session;
  const values = Object.entries({ ...tokens, sb: '', type: found.type }).map(([key, value]) => [key, String(value)]);
  return `${call.redirectTo}#${encodeValues(Object.fromEntries(values))}`;
}

function authCode({ project }: Call, user: User, method: string): string {
  try {
    return issueAuthCode(project, user, method);
  } catch (error) {
    if (!(error instanceof AuthError)) throw error;
    throw new AuthError(400, error.code, `No associated flow state found. ${error.reason}`);
  }
}

/** Creates a 303 response with Go's one-line page. */
function redirect(target: string): Response {
  const location = target.replaceAll(/[^\0-\u007f]+/g, (text) => encodeURIComponent(text).toLowerCase());
  return new Response(`<a href="${escapeHtml(target).replaceAll('&#43;', '+')}">See Other</a>.\n\n`, {
    status: 303,
    headers: { 'content-type': 'text/html; charset=utf-8', location },
  });
}
