import { AuthError, invalid } from '../auth/errors.ts';
import { parseParams } from '../auth/json.ts';
import { audit } from '../auth/log.ts';
import { checkMailFrequency, sendLink, sendReauthenticationCode } from '../auth/mails.ts';
import { dropTokens, isLive, keepToken, tokenHash } from '../auth/one-time-tokens.ts';
import { checkStrength, hashPassword, isPassword } from '../auth/passwords.ts';
import { type Call, type Project, randomDigits } from '../auth/project.ts';
import { authenticate, endSessions, hasVerifiedFactor, sessionOf } from '../auth/sessions.ts';
import { checkEmail, checkPhone, emailTaken, mergeMetadata, phoneTaken, userJson } from '../auth/users.ts';
import type { Session, User } from '../store.ts';

const params = {
  name: 'UserUpdateParams',
  fields: {
    email: 'string',
    password: '*string',
    current_password: '*string',
    nonce: 'string',
    data: 'map',
    app_metadata: 'map',
    phone: 'string',
    channel: 'string',
    code_challenge: 'string',
    code_challenge_method: 'string',
  },
} as const;

/** `GET /user` */
export async function showUser(call: Call): Promise<unknown> {
  const { user } = await authenticate(call);
  const audience = call.request.headers.get('x-jwt-aud');
  if (audience && audience !== 'authenticated') throw invalid("Token audience doesn't match request audience");
  return userJson(call.project, user);
}

/** `PUT /user`: password, e-mail, phone, metadata. The checks stand in Auth's order; the MFA rule is the seventh. */
export async function changeUser(call: Call): Promise<unknown> {
  const { project } = call;
  const { store, config } = project;
  const caller = await authenticate(call);
  const { user } = caller;
  const wish = parseParams(call.body, params);
  const email = wish.email === '' ? undefined : checkEmail(wish.email);
  const phone = wish.phone === '' ? undefined : checkPhone(wish.phone);
  if (wish.password !== undefined) checkStrength(project, wish.password);
  if (wish.app_metadata !== undefined)
    throw new AuthError(403, 'not_admin', 'Updating app_metadata requires admin privileges');

  const changesEmail = email !== undefined && email !== user.email;
  const changesPhone = phone !== undefined && phone !== user.phone;
  const changesIdentity = wish.password !== undefined || changesEmail || changesPhone;
  if (hasVerifiedFactor(project, user.id) && changesIdentity && sessionOf(caller).aal !== 'aal2') {
    throw new AuthError(
      401,
      'insufficient_aal',
      'AAL2 session is required to update email or password when MFA is enabled.',
    );
  }
  if (user.isAnonymous && wish.password !== undefined && email === undefined && phone === undefined) {
    throw new AuthError(
      422,
      'validation_failed',
      'Updating password of an anonymous user without an email or phone is not allowed',
    );
  }
  if (changesEmail && store.users.where('email', email)[0]) throw emailTaken();
  if (changesPhone && store.users.where('phone', phone)[0]) throw phoneTaken();
  if (wish.password !== undefined) {
    if (config.auth.email.secure_password_change) checkReauthentication(project, user, caller.session, wish.nonce);
    if (await isPassword(wish.password, user.passwordHash)) {
      throw new AuthError(422, 'same_password', 'New password should be different from the old password.');
    }
  }

  const at = project.now();
  if (wish.password !== undefined) {
    store.users.update(user, {
      passwordHash: await hashPassword(wish.password),
      recoverySentAt: undefined,
      confirmationSentAt: undefined,
      reauthenticationSentAt: undefined,
    });
    dropTokens(project, user);
    endSessions(project, user.id, (session) => session !== caller.session);
    audit(call, user, 'user_updated_password');
  }
  if (wish.data !== undefined) store.users.update(user, { userMetadata: mergeMetadata(user.userMetadata, wish.data) });
  if (changesEmail) askForEmailChange(call, user, email);
  if (changesPhone) store.users.update(user, { phone, phoneConfirmedAt: at });
  store.users.update(user, { updatedAt: at });
  audit(call, user, 'user_modified');
  return userJson(project, user);
}

/** Secure password change: a session older than a day needs the code of a reauthentication, which is used up by this check. */
function checkReauthentication(project: Project, user: User, session: Session | undefined, nonce: string): void {
  const day = 24 * 3_600_000;
  if (session && project.now() <= session.createdAt + day) return;
  if (nonce === '') throw new AuthError(400, 'reauthentication_needed', 'Password update requires reauthentication');
  const hash = tokenHash(user.email ?? user.phone ?? '', nonce);
  if (
    !isLive(
      project,
      user,
      'reauthentication_token',
      hash,
      user.reauthenticationSentAt,
      project.config.auth.email.otp_expiry,
    )
  ) {
    throw new AuthError(422, 'reauthentication_not_valid', 'Nonce has expired or is invalid');
  }
  dropTokens(project, user);
}

function askForEmailChange(call: Call, user: User, email: string): void {
  const { project } = call;
  checkMailFrequency(project, user.emailChangeSentAt);
  const code = () => randomDigits(project.config.auth.email.otp_length);
  project.store.users.update(user, { emailChange: email, emailChangeSentAt: project.now() });
  const hash = tokenHash(email, code());
  keepToken(project, user, 'email_change_token_new', hash);
  sendLink(call, user, email, 'email_change', hash);
}

/** `GET /reauthenticate`: mails a code for the secure password change. It does not lift the session. */
export async function reauthenticate(call: Call): Promise<unknown> {
  const { project } = call;
  const { user } = await authenticate(call);
  if (user.email === undefined && user.phone === undefined)
    throw invalid('Reauthentication requires the user to have an email or a phone number');
  if (user.email !== undefined && user.emailConfirmedAt === undefined)
    throw new AuthError(422, 'email_not_confirmed', 'Please verify your email first.');
  checkMailFrequency(project, user.reauthenticationSentAt);
  const code = randomDigits(project.config.auth.email.otp_length);
  keepToken(project, user, 'reauthentication_token', tokenHash(user.email ?? '', code));
  sendReauthenticationCode(project, user, code);
  audit(call, user, 'user_reauthenticate_requested');
  project.store.users.update(user, { reauthenticationSentAt: project.now() });
  return {};
}
