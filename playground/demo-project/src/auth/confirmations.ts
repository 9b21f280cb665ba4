/** What a code or a link does, once it is found to be right. */

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
import { checkUnique, confirmEmail } from './users.ts';

/** A new account is confirmed. Who was invited gets a password that nobody knows, for the app to have it changed. */
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

/** A recovery or magic link is used up, every other link of the user with it, and the address counts as confirmed. No password changes. */
export function useRecovery(call: Call, user: User): void {
  const { store } = call.project;
  store.users.update(user, { recoveryToken: '' });
  dropTokens(store, user);
  if (user.emailConfirmedAt !== undefined) return audit(call, user, 'login');
  audit(call, user, 'user_signedup', { provider: 'email' });
  confirmEmail(call.project, user);
}

/**
 * The first of two links of a secure email change is used up; `false` where one is enough, or the first was used before. `token` is what was sent
 * beside or instead of the hash: Auth takes none for the right one of a user who has none, so that the other link lives on.
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

/** The user's address is the new one from now on. Returns what the answer shows otherwise: the identity without the time of this change. */
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

/** A code sent by text message confirms a new account. */
export function confirmBySms(call: Call, user: User): void {
  audit(call, user, 'user_signedup', { provider: 'phone' });
  confirmPhone(call.project, user);
  if (user.isAnonymous) call.project.store.users.update(user, { isAnonymous: false });
}

/** The user's number is the new one from now on; `phone` is what was verified. */
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

/** The phone number counts as confirmed from now on. All links of the user are dead. */
export function confirmPhone({ store, now }: Project, user: User): void {
  store.users.update(user, { confirmationToken: '', phoneConfirmedAt: now() });
  dropTokens(store, user);
}
