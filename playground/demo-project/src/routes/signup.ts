import { normalizeEmail, normalizePhone } from '../auth/addresses.ts';
import { audit, countSignIn } from '../auth/audit.ts';
import { confirmEmail, confirmPhone } from '../auth/confirmations.ts';
import { mapDatabaseErrors } from '../auth/database-errors.ts';
import { AuthError, invalid } from '../auth/errors.ts';
import { audienceOf, findByPhone, findDuplicate } from '../auth/find-user.ts';
import { checkChallenge, startFlow } from '../auth/flow-states.ts';
import { identityOf, updateProviders } from '../auth/identities.ts';
import { sendConfirmation } from '../auth/mails.ts';
import { hashPassword } from '../auth/password-hashes.ts';
import { checkStrength } from '../auth/passwords.ts';
import { type Call, newId } from '../auth/project.ts';
import { confirmedAt, serializeUser } from '../auth/serialize.ts';
import { signIn } from '../auth/sessions.ts';
import { sendPhoneCode } from '../auth/texts.ts';
import { createIdentity, createUser, merge } from '../auth/users.ts';
import { readBody } from '../http/json-body.ts';
import type { Identity, JsonObject, User } from '../store.ts';

const struct = {
  name: 'SignupParams',
  fields: {
    email: 'string',
    phone: 'string',
    password: 'string',
    data: 'map[string]interface {}',
    channel: 'string',
    code_challenge_method: 'string',
    code_challenge: 'string',
  },
} as const;

/** The parameters of a sign-up. */
export interface SignUp {
  email?: string;
  phone?: string;
  password: string;
  data?: JsonObject | undefined;
  channel?: string;
  code_challenge?: string;
  code_challenge_method?: string;
}

/**
 * `POST /signup`: responds with a session if no confirmation is needed, and otherwise sends a message and responds with
 * the user. Without email and phone, creates an anonymous user.
 */
export function postSignup(call: Call): Promise<unknown> {
  const params = readBody(call, struct);
  return params.email === '' && params.phone === '' ? signUpAnonymously(call, params.data) : signUp(call, params);
}

async function signUpAnonymously(call: Call, data: JsonObject = {}): Promise<unknown> {
  const { project } = call;
  if (!project.config.auth.enable_anonymous_sign_ins)
    throw new AuthError(422, 'anonymous_provider_disabled', 'Anonymous sign-ins are disabled');
  checkSignUpsAllowed(call);
  const properties = { userMetadata: data, isAnonymous: true, aud: audienceOf(call) };
  const user = mapDatabaseErrors('Database error creating anonymous user', () => createUser(project, properties));
  const answer = await signIn(call, user, 'anonymous');
  countSignIn(call, user, 'anonymous');
  return answer;
}

function checkSignUpsAllowed({ project }: Call): void {
  if (!project.config.auth.enable_signup)
    throw new AuthError(422, 'signup_disabled', 'Signups not allowed for this instance');
}

/** Signs up with email or phone, and a password. Magic links and text message codes use this for unknown users. */
export async function signUp(call: Call, params: SignUp): Promise<unknown> {
  const { project } = call;
  const { email: address = '', phone: number = '', password, data = {}, channel } = params;
  const { code_challenge: challenge = '', code_challenge_method: method = '' } = params;
  const { email: mail, sms } = project.config.auth;
  checkSignUpsAllowed(call);
  if (password === '') throw invalid('Signup requires a valid password');
  checkStrength(project, password);
  if (address !== '' && number !== '')
    throw invalid('Only an email address or phone number should be provided on signup.');
  if (number !== '' && challenge !== '') throw invalid('PKCE not supported for phone signups');
  checkChallenge(challenge, method);

  let provider: Identity['provider'];
  let known: User | undefined;
  let email = '';
  let phone = '';
  if (address !== '') {
    provider = 'email';
    if (!mail.enable_signup) throw new AuthError(400, 'email_provider_disabled', 'Email signups are disabled');
    email = normalizeEmail(address);
    known = mapDatabaseErrors('Database error finding user', () => findDuplicate(call, email));
  } else {
    provider = 'phone';
    if (!sms.enable_signup) throw new AuthError(400, 'phone_provider_disabled', 'Phone signups are disabled');
    phone = normalizePhone(number);
    known = mapDatabaseErrors('Database error finding user', () => findByPhone(call, phone));
  }
  if (known && (provider === 'email' ? known.emailConfirmedAt : known.phoneConfirmedAt) !== undefined)
    return refuse(call, known, provider, params);

  const confirmedBefore = known && confirmedAt(known);
  // A known account stays unchanged, because the caller might not own it.
  const user = known ?? (await create(call, { email, phone, password, data }, provider));
  const former = known && identityOf(project, known, provider);
  const identity = former ?? addIdentity(call, user, provider, data);
  // Auth creates a new identity from the user's metadata, and shows it with them.
  const shown = () => ({
    confirmedAt: confirmedBefore,
    identities: [former ?? { ...identity, data: user.userMetadata }],
  });
  if (provider === 'email') {
    if (!mail.enable_confirmations) {
      audit(call, user, 'user_signedup', { provider });
      confirmEmail(project, user);
    } else {
      audit(call, user, 'user_confirmation_requested', { provider });
      if (challenge !== '') startFlow(project, user, 'email/signup', challenge, method, 'email');
      sendConfirmation(call, user, challenge !== '');
    }
  } else if (!sms.enable_confirmations) {
    audit(call, user, 'user_signedup', { provider, channel: channel || 'sms' });
    confirmPhone(project, user);
  } else {
    audit(call, user, 'user_confirmation_requested', { provider });
    sendPhoneCode(call, user, phone, 'confirmation', shown());
  }

  if (user.emailConfirmedAt !== undefined || user.phoneConfirmedAt !== undefined) {
    audit(call, user, 'login', { provider });
    const answer = await signIn(call, user, 'password', shown());
    countSignIn(call, user, 'password', { provider, immediate_login_after_signup: true });
    return answer;
  }
  if (user.invitedAt === undefined) return serializeUser(project, user, shown());
  return serializeUser(project, { ...user, userMetadata: {} }, { ...shown(), identities: [] });
}

async function create(
  call: Call,
  { email, phone, password, data }: { email: string; phone: string; password: string; data: JsonObject },
  provider: Identity['provider'],
): Promise<User> {
  const properties = {
    email,
    phone,
    passwordHash: hashPassword(password),
    appMetadata: { provider, providers: [provider] },
    userMetadata: data,
    aud: audienceOf(call),
  };
  return mapDatabaseErrors('Database error saving new user', () => createUser(call.project, properties));
}

/** Adds the only identity of an unconfirmed user, and copies its data to the user's metadata. */
function addIdentity({ project }: Call, user: User, provider: Identity['provider'], data: JsonObject): Identity {
  const { store } = project;
  const former = store.identities.where('user', user.id);
  const own = { ...(user.email && { email: user.email }), email_verified: false, phone_verified: false };
  const identity = createIdentity(project, user, provider, { ...data, ...own });
  store.users.update(user, { userMetadata: merge({}, identity.data) });
  for (const other of former) store.identities.delete(other);
  updateProviders(project, user);
  return identity;
}

/**
 * Responds to a sign-up for a confirmed account. If email and phone need confirmation, the response looks like a new
 * account, so it reveals nothing.
 */
function refuse(call: Call, user: User, provider: Identity['provider'], { data = {} }: SignUp): unknown {
  const { project } = call;
  audit(call, user, 'user_repeated_signup', { provider });
  const { email, sms } = project.config.auth;
  if (!email.enable_confirmations || !sms.enable_confirmations)
    throw new AuthError(422, 'user_already_exists', 'User already registered');
  const now = project.now();
  const stranger: User = {
    ...user,
    id: newId(),
    aud: audienceOf(call),
    role: '',
    ...(provider === 'email' ? { phone: '' } : { email: '' }),
    emailChange: '',
    createdAt: now,
    updatedAt: now,
    confirmationSentAt: now,
    lastSignInAt: undefined,
    emailChangeSentAt: undefined,
    emailConfirmedAt: undefined,
    phoneConfirmedAt: undefined,
    appMetadata: { provider, providers: [provider] },
    userMetadata: data,
  };
  const factors = project.store.factors.where('user', user.id);
  return serializeUser(project, stranger, { confirmedAt: undefined, identities: [], factors });
}
