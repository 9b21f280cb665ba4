import { normalizeEmail, normalizePhone } from '../auth/addresses.ts';
import { audit } from '../auth/audit.ts';
import { confirmEmailChange, confirmPhoneChange } from '../auth/confirmations.ts';
import { mapDatabaseErrors } from '../auth/database-errors.ts';
import { AuthError, invalid } from '../auth/errors.ts';
import { hasMfa } from '../auth/factors.ts';
import { audienceOf, emailTaken, findByPhone, findDuplicate, firstAudience, phoneTaken } from '../auth/find-user.ts';
import { startFlow } from '../auth/flow-states.ts';
import { notify, sendEmailChange } from '../auth/mails.ts';
import { dropTokens, isValid, tokenHash } from '../auth/one-time-tokens.ts';
import { hashPassword, isPassword } from '../auth/password-hashes.ts';
import { checkStrength, storePassword } from '../auth/passwords.ts';
import type { Call, Caller } from '../auth/project.ts';
import { confirmedAt, serializeUser } from '../auth/serialize.ts';
import { authenticate, isRecovery, sessionOf } from '../auth/sessions.ts';
import { sendPhoneCode } from '../auth/texts.ts';
import { merge } from '../auth/users.ts';
import type { Params } from '../go/json.ts';
import { readBody } from '../http/json-body.ts';

const struct = {
  name: 'UserUpdateParams',
  fields: {
    email: 'string',
    password: '*string',
    current_password: '*string',
    nonce: 'string',
    data: 'map[string]interface {}',
    app_metadata: 'map[string]interface {}',
    phone: 'string',
    channel: 'string',
    code_challenge: 'string',
    code_challenge_method: 'string',
  },
} as const;

/** `GET /user` */
export async function showUser(call: Call): Promise<unknown> {
  const { user } = await authenticate(call);
  if (!call.claims || firstAudience(call.claims) !== audienceOf(call))
    throw invalid("Token audience doesn't match request audience");
  return serializeUser(call.project, user);
}

/** `PUT /user`: changes password, email, phone, and metadata. Checks are in Auth's order; the MFA check comes fourth. */
export async function changeUser(call: Call): Promise<unknown> {
  const { project } = call;
  const { store, config } = project;
  const caller = await authenticate(call);
  const { user, session } = caller;
  const params = readBody(call, struct);
  const email = params.email === '' ? '' : normalizeEmail(params.email);
  const phone = params.phone === '' ? '' : normalizePhone(params.phone);
  const { password, data, app_metadata: appMetadata } = params;
  if (password !== undefined) checkStrength(project, password);

  if (appMetadata !== undefined && user.role !== 'admin')
    throw new AuthError(403, 'not_admin', 'Updating app_metadata requires admin privileges');
  const changesEmail = email !== '' && email !== user.email;
  const changesPhone = phone !== '' && phone !== user.phone;
  if (
    hasMfa(project, user) &&
    sessionOf(caller).aal !== 'aal2' &&
    (password !== undefined || changesEmail || changesPhone)
  ) {
    const message = 'AAL2 session is required to update email or password when MFA is enabled.';
    throw new AuthError(401, 'insufficient_aal', message);
  }
  if (user.isAnonymous && password !== undefined && email === '' && phone === '') {
    const message = 'Updating password of an anonymous user without an email or phone is not allowed';
    throw new AuthError(422, 'validation_failed', message);
  }
  if (changesEmail && findDuplicate(call, email, user)) throw emailTaken();
  if (changesPhone && findByPhone(call, phone)) throw phoneTaken();
  if (password !== undefined) await checkPasswordChange(call, caller, password, params);

  const shown = { confirmedAt: confirmedAt(user) };
  if (password !== undefined) {
    storePassword(project, user, hashPassword(password), session);
    audit(call, user, 'user_updated_password');
    notify(call, user.email, 'password_changed');
  }
  if (data !== undefined)
    mapDatabaseErrors('Error updating user', () =>
      store.users.update(user, { userMetadata: merge(user.userMetadata, data) }),
    );
  if (appMetadata !== undefined) store.users.update(user, { appMetadata: merge(user.appMetadata, appMetadata) });
  if (changesEmail) {
    if (user.isAnonymous && !config.auth.email.enable_confirmations) {
      store.users.patch(user, { emailChange: email });
      confirmEmailChange(call, user);
    } else {
      const { code_challenge: challenge, code_challenge_method: method } = params;
      if (challenge !== '') startFlow(project, user, 'email_change', challenge, method);
      sendEmailChange(call, user, email, challenge !== '');
    }
  }
  if (changesPhone) {
    if (!config.auth.sms.enable_confirmations) {
      store.users.patch(user, { phoneChange: phone });
      confirmPhoneChange(call, user, phone);
    } else sendPhoneCode(call, user, phone, 'phone_change');
  }
  audit(call, user, 'user_modified');
  return serializeUser(project, user, shown);
}

/**
 * Checks reauthentication, the current password, and that the new password is different. The settings turn the first
 * two on.
 */
async function checkPasswordChange(
  call: Call,
  caller: Caller,
  password: string,
  { nonce, current_password: current = '' }: Params<typeof struct>,
): Promise<void> {
  const { project } = call;
  const { secure_password_change: reauthenticates, require_current_password: asks } = project.config.auth.email;
  const { user, session } = caller;
  const day = 24 * 3_600_000;
  if (reauthenticates && !(session && project.now() <= session.createdAt + day)) useNonce(call, caller, nonce);
  if (user.passwordHash === '') return;
  if (asks && !isRecovery(sessionOf(caller))) {
    const message = 'Current password required when setting new password.';
    if (current === '') throw new AuthError(400, 'current_password_required', message);
    if (!(await isPassword(current, user.passwordHash))) throw new AuthError(400, 'current_password_invalid', message);
  }
  if (await isPassword(password, user.passwordHash))
    throw new AuthError(422, 'same_password', 'New password should be different from the old password.');
}

/** Uses up the reauthentication code, even if a later check fails. */
function useNonce({ project }: Call, { user }: Caller, nonce: string): void {
  const { store, config } = project;
  if (nonce === '') throw new AuthError(400, 'reauthentication_needed', 'Password update requires reauthentication');
  const { reauthenticationToken: kept, reauthenticationSentAt: sentAt } = user;
  const hash = tokenHash(user.email || user.phone, nonce);
  const { otp_expiry: expiry } = user.email === '' ? config.auth.sms : config.auth.email;
  if (!isValid(store, hash, kept, sentAt, expiry))
    throw new AuthError(422, 'reauthentication_not_valid', 'Nonce has expired or is invalid');
  store.users.update(user, { reauthenticationToken: '' });
  dropTokens(store, user);
  store.commit();
}
