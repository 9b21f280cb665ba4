/** What happens after a code or link turns out to be right. */

import type { User } from '../store.ts';
import { audit } from './audit.ts';
import { mapDatabaseErrors } from './database-errors.ts';
import { identityOf, setIdentity, touchIdentity } from './identities.ts';
import { notify } from './mails.ts';
import { dropToken, dropTokens, findToken } from './one-time-tokens.ts';
import { hashPassword } from './password-hashes.ts';
import { randomPassword, storePassword } from './passwords.ts';
import type { Call, Project } from './project.ts';
import type { Shown } from './serialize.ts';
import { checkUnique, merge } from './users.ts';

/** Confirms the email address and invalidates all links of the user. */
export function confirmEmail({ store, now }: Project, user: User): void {
  store.users.update(user, { confirmationToken: '', emailConfirmedAt: now() });
  store.users.update(user, { userMetadata: merge(user.userMetadata, { email_verified: true }) });
  dropTokens(store, user);
}

/** Confirms a new account. Invited users get a random password that nobody knows, which the app should have them change. */
export async function confirmSignup(call: Call, user: User): Promise<void> {
  const { project } = call;
  const { store } = project;
  if (user.passwordHash === '' && user.invitedAt !== undefined)
    storePassword(project, user, hashPassword(randomPassword()));
  audit(call, user, 'user_signedup', { provider: 'email' });
  confirmEmail(project, user);
  for (const identity of store.identities.where('user', user.id)) {
    if (user.email !== '' && identity.data['email'] === user.email)
      store.identities.patch(identity, { data: { ...identity.data, email_verified: true } });
  }
}

/**
 * Uses up a recovery link or magic link, invalidates all other links of the user, and confirms the address. Doesn't
 * change the password.
 */
export function useRecovery(call: Call, user: User): void {
  const { store } = call.project;
  store.users.update(user, { recoveryToken: '' });
  dropTokens(store, user);
  if (user.emailConfirmedAt !== undefined) return audit(call, user, 'login');
  audit(call, user, 'user_signedup', { provider: 'email' });
  confirmEmail(call.project, user);
}

/**
 * Uses up the first of the two links of a secure email change. Returns `false` if one link is enough, or if the first
 * was used before. `token` is what the request sent with or instead of the hash. For a user without a token, Auth
 * treats an empty token as right, so the other link stays valid.
 */
export function useFirstLink({ project }: Call, user: User, hash: string, token: string): boolean {
  const { store, config } = project;
  const { enable_confirmations: confirms, double_confirm_changes: isDouble } = config.auth.email;
  if (!confirms || !isDouble || user.emailChangeConfirmStatus !== 0 || user.email === '') return false;
  const is = (kept: string, type: 'email_change_token_current' | 'email_change_token_new') =>
    token === kept || hash === kept || findToken(store, hash, type) !== undefined;
  store.users.update(user, { emailChangeConfirmStatus: 1 });
  if (is(user.emailChangeTokenCurrent, 'email_change_token_current')) {
    store.users.update(user, { emailChangeTokenCurrent: '' });
    dropToken(store, user, 'email_change_token_current');
  } else if (is(user.emailChangeTokenNew, 'email_change_token_new')) {
    store.users.update(user, { emailChangeTokenNew: '' });
    dropToken(store, user, 'email_change_token_new');
  }
  return true;
}

/**
 * Sets the user's new address. Returns how the response differs from the tables: it shows the identity as it was before
 * its time was updated.
 */
export function confirmEmailChange(call: Call, user: User): Shown {
  const { project } = call;
  const { email: oldEmail, emailChange: email } = user;
  audit(call, user, 'user_modified');
  setIdentity(project, user, 'email', { email, email_verified: true });
  mapDatabaseErrors('Error confirm email', () => checkUnique(project, user, email, ''));
  project.store.users.update(user, {
    isAnonymous: false,
    email,
    emailChange: '',
    emailChangeTokenCurrent: '',
    emailChangeTokenNew: '',
    emailChangeConfirmStatus: 0,
  });
  dropTokens(project.store, user);
  if (user.emailConfirmedAt === undefined) confirmEmail(project, user);
  const identities = project.store.identities.where('user', user.id).map((identity) => ({ ...identity }));
  touchIdentity(project, user, 'email', { email });
  if (oldEmail !== email) notify(call, oldEmail, 'email_changed', { OldEmail: oldEmail, Email: email });
  return { identities };
}

/** Confirms a new account after the code from a text message was entered. */
export function confirmBySms(call: Call, user: User): void {
  audit(call, user, 'user_signedup', { provider: 'phone' });
  confirmPhone(call.project, user);
  if (user.isAnonymous) call.project.store.users.update(user, { isAnonymous: false });
}

/** Sets the user's new number. `phone` is the number that was verified. */
export function confirmPhoneChange(call: Call, user: User, phone: string): void {
  const { project } = call;
  const { phone: oldPhone, phoneChange: newPhone } = user;
  const isNew = !identityOf(project, user, 'phone');
  audit(call, user, 'user_modified');
  setIdentity(project, user, 'phone', { phone, phone_verified: true });
  mapDatabaseErrors('Error confirming user', () => checkUnique(project, user, '', newPhone));
  project.store.users.update(user, {
    isAnonymous: false,
    phone: newPhone,
    phoneChange: '',
    phoneChangeToken: '',
    phoneConfirmedAt: project.now(),
  });
  dropTokens(project.store, user);
  touchIdentity(project, user, 'phone', { phone: newPhone });
  if (oldPhone !== '' && newPhone !== '' && oldPhone !== newPhone)
    notify(call, user.email, 'phone_changed', { OldPhone: oldPhone, Phone: newPhone });
  if (isNew) notify(call, user.email, 'identity_linked', { Provider: 'phone', Email: user.email });
}

/** Confirms the phone number and invalidates all links of the user. */
export function confirmPhone({ store, now }: Project, user: User): void {
  store.users.update(user, { confirmationToken: '', phoneConfirmedAt: now() });
  dropTokens(store, user);
}
