import { normalizeEmail, normalizePhone } from '../auth/addresses.ts';
import { audit } from '../auth/audit.ts';
import { AuthError, invalid } from '../auth/errors.ts';
import { findByEmail, findByPhone } from '../auth/find-user.ts';
import { checkChallenge, startFlow } from '../auth/flow-states.ts';
import { sendConfirmation, sendEmailChange } from '../auth/mails.ts';
import type { Call } from '../auth/project.ts';
import { sendPhoneCode } from '../auth/texts.ts';
import { readBody } from '../http/json-body.ts';

const struct = {
  name: 'ResendConfirmationParams',
  fields: {
    type: 'string',
    email: 'string',
    phone: 'string',
    code_challenge: 'string',
    code_challenge_method: 'string',
  },
} as const;

/**
 * `POST /resend`: sends the email or text message for a confirmation or change again. Responds with `{}` and sends
 * nothing if nothing is pending.
 */
export function postResend(call: Call): unknown {
  const { project } = call;
  const { auth } = project.config;
  const { type, email, phone, code_challenge: challenge, code_challenge_method: method } = readBody(call, struct);
  if (type === 'signup' || type === 'email_change') checkChallenge(challenge, method);
  else if (type !== 'sms' && type !== 'phone_change')
    throw invalid('Missing one of these types: signup, email_change, sms, phone_change');
  if (email === '' && type === 'signup') throw invalid('Type provided requires an email address');
  if (phone === '' && type === 'sms') throw invalid('Type provided requires a phone number');
  if (email !== '' && phone !== '') throw invalid('Only an email address or phone number should be provided.');
  if (email === '' && phone === '') throw invalid('Missing email address or phone number');
  if (email !== '' && !auth.email.enable_signup)
    throw new AuthError(400, 'email_provider_disabled', 'Email logins are disabled');
  if (phone !== '' && !auth.sms.enable_signup)
    throw new AuthError(400, 'phone_provider_disabled', 'Phone logins are disabled');
  const user = email !== '' ? findByEmail(call, normalizeEmail(email)) : findByPhone(call, normalizePhone(phone));
  if (!user) return {};

  const isPkce = challenge !== '';
  if (type === 'signup') {
    if (user.emailConfirmedAt !== undefined) return {};
    audit(call, user, 'user_confirmation_requested');
    if (isPkce) startFlow(project, user, 'email/signup', challenge, method);
    sendConfirmation(call, user, isPkce);
  } else if (type === 'sms') {
    if (user.phoneConfirmedAt !== undefined) return {};
    audit(call, user, 'user_recovery_requested');
    return sendPhoneCode(call, user, user.phone, 'confirmation');
  } else if (type === 'email_change') {
    if (user.emailChange === '') return {};
    if (isPkce) startFlow(project, user, 'email_change', challenge, method);
    sendEmailChange(call, user, user.emailChange, isPkce);
  } else if (user.phoneChange !== '') {
    return sendPhoneCode(call, user, user.phoneChange, 'phone_change');
  }
  return {};
}
