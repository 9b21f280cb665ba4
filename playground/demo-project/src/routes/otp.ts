import { normalizeEmail, normalizePhone } from '../auth/addresses.ts';
import { audit } from '../auth/audit.ts';
import { AuthError, invalid, UnhandledError } from '../auth/errors.ts';
import { findByEmail, findByPhone } from '../auth/find-user.ts';
import { checkChallenge, startFlow } from '../auth/flow-states.ts';
import { sendRecovery } from '../auth/mails.ts';
import { randomPassword } from '../auth/passwords.ts';
import type { Call } from '../auth/project.ts';
import { sendPhoneCode } from '../auth/texts.ts';
import type { Params } from '../go/json.ts';
import { readBody, readFirst } from '../http/json-body.ts';
import { type SignUp, signUp } from './signup.ts';

const struct = {
  name: 'OtpParams',
  fields: {
    email: 'string',
    phone: 'string',
    create_user: 'bool',
    data: 'map[string]interface {}',
    channel: 'string',
    code_challenge_method: 'string',
    code_challenge: 'string',
  },
} as const;

type OtpParams = Params<typeof struct>;

/**
 * `POST /otp`: sends a magic link by email or a code by text message. Creates an account if there is none, unless
 * `create_user` is false.
 */
export async function postOtp(call: Call): Promise<unknown> {
  const params = readBody(call, struct);
  if (params.email !== '' && params.phone !== '')
    throw invalid('Only an email address or phone number should be provided');
  if (params.email !== '' && params.channel !== '') throw invalid('Channel should only be specified with Phone OTP');
  checkChallenge(params.code_challenge, params.code_challenge_method);
  if (params.create_user === false && !isKnown(call, params))
    throw new AuthError(422, 'otp_disabled', 'Signups not allowed for otp');
  if (params.email !== '') {
    checkMagicLinks(call);
    return sendMagicLink(call, { ...params, email: normalizeEmail(params.email) });
  }
  if (params.phone !== '') return sendCode(call, params);
  throw invalid('One of email or phone must be set');
}

/** For an invalid address, Auth responds as if it had no account. */
function isKnown(call: Call, { email, phone }: OtpParams): boolean {
  try {
    if (email !== '') return findByEmail(call, normalizeEmail(email)) !== undefined;
    return phone === '' || findByPhone(call, normalizePhone(phone)) !== undefined;
  } catch (error) {
    if (error instanceof AuthError) return false;
    throw error;
  }
}

const magicLinkStruct = {
  name: 'MagicLinkParams',
  fields: {
    email: 'string',
    data: 'map[string]interface {}',
    code_challenge_method: 'string',
    code_challenge: 'string',
  },
} as const;

/** `POST /magiclink`: the older endpoint for magic links. */
export async function postMagicLink(call: Call): Promise<unknown> {
  checkMagicLinks(call);
  const params = readFirst(call, magicLinkStruct);
  if (params.email === '') throw new AuthError(422, 'validation_failed', 'Password recovery requires an email');
  const email = normalizeEmail(params.email);
  checkChallenge(params.code_challenge, params.code_challenge_method);
  return sendMagicLink(call, { ...params, email });
}

function checkMagicLinks({ project }: Call): void {
  if (!project.config.auth.email.enable_signup)
    throw new AuthError(422, 'email_provider_disabled', 'Email logins are disabled');
}

async function sendMagicLink(call: Call, params: Params<typeof magicLinkStruct>): Promise<unknown> {
  const { email, data, code_challenge, code_challenge_method } = params;
  const { project } = call;
  const { enable_confirmations: confirms } = project.config.auth.email;
  if (findByEmail(call, email)?.emailConfirmedAt === undefined) {
    await signUpUnseen(call, { email, data, code_challenge, code_challenge_method });
    // The confirmation email also signs the user in.
    if (confirms) return {};
  }
  const user = findByEmail(call, email);
  if (!user) throw new UnhandledError('User not found');
  if (code_challenge !== '') startFlow(project, user, 'magiclink', code_challenge, code_challenge_method);
  project.store.commit();
  audit(call, user, 'user_recovery_requested');
  sendRecovery(call, user, 'magiclink', code_challenge !== '');
  return {};
}

async function sendCode(call: Call, { phone: number, data, channel: wanted }: OtpParams): Promise<unknown> {
  const { enable_signup: enabled, enable_confirmations: confirms } = call.project.config.auth.sms;
  if (!enabled) throw new AuthError(400, 'phone_provider_disabled', 'Unsupported phone provider');
  const phone = normalizePhone(number);
  const channel = wanted || 'sms';
  if (findByPhone(call, phone)?.phoneConfirmedAt === undefined) {
    await signUpUnseen(call, { phone, data, channel });
    if (confirms) return {};
  }
  const user = findByPhone(call, phone);
  if (!user) throw new UnhandledError('User not found');
  audit(call, user, 'user_recovery_requested', { channel });
  return sendPhoneCode(call, user, phone, 'confirmation');
}

/**
 * Signs the user up but discards the response and its headers. If no confirmation is needed, this leaves a session
 * behind.
 */
async function signUpUnseen(call: Call, params: Omit<SignUp, 'password'>): Promise<void> {
  await signUp({ ...call, headers: new Headers() }, { ...params, password: randomPassword() });
  call.project.store.commit();
}
