import { AuthError, invalid, unexpected } from '../auth/errors.ts';
import { checkChallenge, startFlow } from '../auth/flow-states.ts';
import { parseParams } from '../auth/json.ts';
import { audit, countSignIn } from '../auth/log.ts';
import { sendCode } from '../auth/mails.ts';
import { checkStrength, hashPassword } from '../auth/passwords.ts';
import type { Call } from '../auth/project.ts';
import { signIn } from '../auth/sessions.ts';
import { checkEmail, checkPhone, confirmEmail, createUser, userJson } from '../auth/users.ts';

const params = {
  name: 'SignupParams',
  fields: {
    email: 'string',
    phone: 'string',
    password: 'string',
    data: 'map',
    channel: 'string',
    code_challenge: 'string',
    code_challenge_method: 'string',
  },
} as const;

/** `POST /signup`: a session where addresses need no confirmation, else the user and a mail; without e-mail and phone, an anonymous user. */
export async function signUp(call: Call): Promise<unknown> {
  const { project } = call;
  const { auth } = project.config;
  const {
    email: address,
    phone: number,
    password,
    data,
    code_challenge: challenge,
    code_challenge_method: method,
  } = parseParams(call.body, params);
  if (!auth.enable_signup) throw new AuthError(422, 'signup_disabled', 'Signups not allowed for this instance');
  if (address === '' && number === '') return signUpAnonymously(call, data ?? {});

  if (password === '') throw invalid('Signup requires a valid password');
  checkStrength(project, password);
  if (address !== '' && number !== '')
    throw invalid('Only an email address or phone number should be provided on signup.');
  const passwordHash = await hashPassword(password);

  if (number !== '') {
    if (!auth.sms.enable_signup) throw new AuthError(400, 'phone_provider_disabled', 'Phone signups are disabled');
    const phone = checkPhone(number);
    if (project.store.users.where('phone', phone)[0])
      throw new AuthError(422, 'user_already_exists', 'User already registered');
    if (auth.sms.enable_confirmations) throw unexpected();
    const user = createUser(project, { phone, passwordHash, provider: 'phone', data });
    project.store.users.update(user, { phoneConfirmedAt: project.now() });
    audit(call, user, 'user_signedup', { provider: 'phone' });
    return finish();

    async function finish() {
      audit(call, user, 'login', { provider: 'phone' });
      countSignIn(call, user, 'password', 'phone');
      return signIn(call, user, 'password');
    }
  }

  const email = checkEmail(address);
  checkChallenge(challenge, method);
  if (!auth.email.enable_signup) throw new AuthError(400, 'email_provider_disabled', 'Email signups are disabled');
  const known = project.store.users.where('email', email)[0];
  if (known?.emailConfirmedAt !== undefined || (known && !auth.email.enable_confirmations)) {
    if (!auth.email.enable_confirmations) throw new AuthError(422, 'user_already_exists', 'User already registered');
    audit(call, known, 'user_repeated_signup', { provider: 'email' });
    return {
      ...userJson(project, {
        ...known,
        identities: [],
        userMetadata: {},
        emailConfirmedAt: undefined,
        recoverySentAt: undefined,
        lastSignInAt: undefined,
      }),
    };
  }
  const user = known ?? createUser(project, { email, passwordHash, provider: 'email', data });
  if (auth.email.enable_confirmations) {
    audit(call, user, 'user_confirmation_requested', { provider: 'email' });
    if (challenge) startFlow(project, user, 'email/signup', challenge, method);
    sendCode(call, user, 'signup', { pkce: challenge !== '', sentAt: user.confirmationSentAt });
    project.store.users.update(user, { confirmationSentAt: project.now() });
    return userJson(project, user);
  }
  audit(call, user, 'user_signedup', { provider: 'email' });
  confirmEmail(project, user);
  audit(call, user, 'login', { provider: 'email' });
  countSignIn(call, user, 'password', 'email');
  return signIn(call, user, 'password');
}

async function signUpAnonymously(call: Call, data: Record<string, never>): Promise<unknown> {
  const { project } = call;
  if (!project.config.auth.enable_anonymous_sign_ins)
    throw new AuthError(422, 'anonymous_provider_disabled', 'Anonymous sign-ins are disabled');
  const user = createUser(project, { data, isAnonymous: true });
  countSignIn(call, user, 'anonymous');
  return signIn(call, user, 'anonymous');
}
