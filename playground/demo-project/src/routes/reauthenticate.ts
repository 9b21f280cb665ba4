import { audit } from '../auth/audit.ts';
import { AuthError, invalid } from '../auth/errors.ts';
import { sendReauthentication } from '../auth/mails.ts';
import type { Call } from '../auth/project.ts';
import { authenticate } from '../auth/sessions.ts';
import { sendPhoneCode } from '../auth/texts.ts';

/** `GET /reauthenticate`: sends a code for the secure password change. It doesn't raise the session to aal2. */
export async function reauthenticate(call: Call): Promise<unknown> {
  const { user } = await authenticate(call);
  if (user.email === '' && user.phone === '')
    throw invalid('Reauthentication requires the user to have an email or a phone number');
  if (user.email !== '' && user.emailConfirmedAt === undefined)
    throw new AuthError(422, 'email_not_confirmed', 'Please verify your email first.');
  if (user.email === '' && user.phoneConfirmedAt === undefined)
    throw new AuthError(422, 'phone_not_confirmed', 'Please verify your phone first.');
  audit(call, user, 'user_reauthenticate_requested');
  if (user.email === '') return sendPhoneCode(call, user, user.phone, 'reauthentication');
  sendReauthentication(call, user);
  return {};
}
