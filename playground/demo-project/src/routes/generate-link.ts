import { normalizeEmail } from '../auth/addresses.ts';
import { requireAdmin } from '../auth/admin.ts';
import { audit } from '../auth/audit.ts';
import { AuthError, invalid } from '../auth/errors.ts';
import { emailTaken, findByEmail, findDuplicate } from '../auth/find-user.ts';
import { keepConfirmation, keepEmailChange, keepRecovery, verifyLink } from '../auth/mails.ts';
import { tokenHash } from '../auth/one-time-tokens.ts';
import { hashPassword } from '../auth/password-hashes.ts';
import { checkStrength, randomPassword } from '../auth/passwords.ts';
import { type Call, randomDigits } from '../auth/project.ts';
import { isAllowed } from '../auth/redirects.ts';
import { serializeUser } from '../auth/serialize.ts';
import { merge } from '../auth/users.ts';
import { readBody } from '../http/json-body.ts';
import { createAccount, invite } from './invite.ts';

const struct = {
  name: 'GenerateLinkParams',
  fields: {
    type: 'string',
    email: 'string',
    new_email: 'string',
    password: 'string',
    data: 'map[string]interface {}',
    redirect_to: 'string',
  },
} as const;

/**
 * `POST /admin/generate_link`: responds with the link and code that an email would contain, but sends no email. Never
 * uses PKCE.
 */
export async function generateLink(call: Call): Promise<unknown> {
  const { project } = call;
  const { store, config, now } = project;
  const admin = await requireAdmin(call);
  const params = readBody(call, struct);
  const email = normalizeEmail(params.email);
  const redirectTo = isAllowed(config, params.redirect_to) ? params.redirect_to : call.redirectTo;
  let user = findByEmail(call, email);
  let { type, password } = params;
  if (!user && type === 'magiclink') {
    type = 'signup';
    password = randomPassword();
  }
  if (!user && ['recovery', 'email_change_current', 'email_change_new'].includes(type))
    throw new AuthError(404, 'user_not_found', 'User with this email not found');

  const code = randomDigits(config.auth.email.otp_length);
  let hash = tokenHash(email, code);
  const hashedToken = hash;
  if (type === 'signup') {
    if (user) {
      if (user.emailConfirmedAt !== undefined) throw emailTaken();
      store.users.update(user, { userMetadata: merge(user.userMetadata, params.data ?? {}) });
    } else {
      if (password === '') throw invalid('Signup requires a valid password');
      checkStrength(project, password);
      user = createAccount(call, email, params.data ?? {}, hashPassword(password));
    }
    keepConfirmation(call, user, hash);
  } else if (type === 'invite') {
    user = invite(call, admin, email, user, params.data);
    keepConfirmation(call, user, hash);
    store.users.update(user, { invitedAt: now() });
  } else if (user && (type === 'magiclink' || type === 'recovery')) {
    audit(call, user, 'user_recovery_requested');
    keepRecovery(call, user, hash);
  } else if (user && (type === 'email_change_current' || type === 'email_change_new')) {
    const isCurrent = type === 'email_change_current';
    if (!config.auth.email.double_confirm_changes && isCurrent)
      throw invalid('Enable secure email change to generate link for current email');
    const newEmail = normalizeEmail(params.new_email);
    if (findDuplicate(call, newEmail, user)) throw emailTaken();
    if (!isCurrent) hash = tokenHash(newEmail, code);
    store.users.update(user, {
      emailChangeSentAt: now(),
      emailChange: newEmail,
      emailChangeConfirmStatus: 0,
      ...(isCurrent ? { emailChangeTokenCurrent: hash } : { emailChangeTokenNew: hash }),
    });
    keepEmailChange(call, user);
  } else throw invalid(`Invalid email action link type requested: ${type}`);

  const linkType = type.startsWith('email_change') ? 'email_change' : type;
  return {
    ...serializeUser(project, user),
    action_link: verifyLink(call, linkType, hash, redirectTo),
    email_otp: code,
    hashed_token: hashedToken,
    verification_type: type,
    redirect_to: redirectTo,
  };
}
