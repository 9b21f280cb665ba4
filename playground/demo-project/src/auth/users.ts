/** Users and their identities: how they come to be, and how they are shown. */
import type { Factor, Identity, Json, User } from '../store.ts';
import { AuthError, invalid } from './errors.ts';
import { newId, type Project, timestamp } from './project.ts';

/**
 * The address in lower case, as Auth keeps it; not trimmed.
 * @throws AuthError 400 `validation_failed`
 */
export function checkEmail(email: string, missing = 'An email address is required'): string {
  if (email === '') throw invalid(missing);
  if (email.length > 255) throw invalid('An email address is too long');
  if (
    !/^[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]+@[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)*$/.test(
      email,
    )
  ) {
    throw invalid('Unable to validate email address: invalid format');
  }
  return email.toLowerCase();
}

/**
 * The number as Auth keeps it: without "+" and spaces.
 * @throws AuthError 400 `validation_failed`
 */
export function checkPhone(phone: string): string {
  const digits = phone.replace(/^\+/, '').replaceAll(' ', '');
  if (!/^[1-9][0-9]{1,14}$/.test(digits)) throw invalid('Invalid phone number format (E.164 required)');
  return digits;
}

export interface NewUser {
  email?: string | undefined;
  phone?: string | undefined;
  passwordHash?: string | undefined;
  provider?: 'email' | 'phone' | undefined;
  data?: { [key: string]: Json } | undefined;
  isAnonymous?: boolean;
}

/** Adds a user, with the identity that their provider gives. */
export function createUser(
  project: Project,
  { email, phone, passwordHash, provider, data, isAnonymous = false }: NewUser,
): User {
  const now = project.now();
  const user: User = {
    id: newId(),
    role: 'authenticated',
    ...(email !== undefined && { email }),
    ...(phone !== undefined && { phone }),
    ...(passwordHash !== undefined && { passwordHash }),
    appMetadata: provider ? { provider, providers: [provider] } : {},
    userMetadata: { ...data },
    identities: [],
    isAnonymous,
    createdAt: now,
    updatedAt: now,
  };
  if (provider) addIdentity(project, user, provider);
  return project.store.users.insert(user);
}

/** Adds an identity, and its data to the user's metadata. */
export function addIdentity(project: Project, user: User, provider: 'email' | 'phone', verified = false): Identity {
  const now = project.now();
  const identity: Identity = {
    identityId: newId(),
    providerId: user.id,
    provider,
    data: {
      ...user.userMetadata,
      ...(provider === 'email' ? { email: user.email ?? '' } : { phone: user.phone ?? '' }),
      email_verified: provider === 'email' && verified,
      phone_verified: provider === 'phone' && verified,
      sub: user.id,
    },
    lastSignInAt: now,
    createdAt: now,
    updatedAt: now,
  };
  user.identities.push(identity);
  user.userMetadata = sorted({ ...user.userMetadata, ...identity.data });
  return identity;
}

/** Postgres sorts the keys of `jsonb` by length first, Go those of a map by name; what a client sees was sorted by Go. */
function sorted(data: { [key: string]: Json }): { [key: string]: Json } {
  return Object.fromEntries(Object.entries(data).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Merges into the user's own metadata; `null` removes a key. */
export function mergeMetadata(
  data: { [key: string]: Json },
  changes: { [key: string]: Json },
): { [key: string]: Json } {
  return sorted(Object.fromEntries(Object.entries({ ...data, ...changes }).filter(([, value]) => value !== null)));
}

/** The e-mail address is confirmed from now on. */
export function confirmEmail(project: Project, user: User): void {
  if (user.emailConfirmedAt === undefined) project.store.users.update(user, { emailConfirmedAt: project.now() });
  user.userMetadata = mergeMetadata(user.userMetadata, { email_verified: true });
}

export function isBanned(project: Project, user: User): boolean {
  return user.bannedUntil !== undefined && user.bannedUntil > project.now();
}

export function isConfirmed(user: User): boolean {
  return user.emailConfirmedAt !== undefined;
}

/** A user as Auth shows it: this order of keys, and no key for what is not there. */
export function userJson(project: Project, user: User): { [key: string]: unknown } {
  const optional = (key: string, at: number | undefined) => (at === undefined ? {} : { [key]: timestamp(at) });
  const confirmed = [user.emailConfirmedAt, user.phoneConfirmedAt].filter((at) => at !== undefined);
  const factors = project.store.factors.where('user', user.id);
  return {
    id: user.id,
    aud: 'authenticated',
    role: user.role,
    email: user.email ?? '',
    ...optional('email_confirmed_at', user.emailConfirmedAt),
    ...optional('invited_at', user.invitedAt),
    phone: user.phone ?? '',
    ...optional('phone_confirmed_at', user.phoneConfirmedAt),
    ...optional('confirmation_sent_at', user.confirmationSentAt),
    ...optional('confirmed_at', confirmed.length > 0 ? Math.min(...confirmed) : undefined),
    ...optional('recovery_sent_at', user.recoverySentAt),
    ...(user.emailChange ? { new_email: user.emailChange } : {}),
    ...optional('email_change_sent_at', user.emailChangeSentAt),
    ...(user.phoneChange ? { new_phone: user.phoneChange } : {}),
    ...optional('phone_change_sent_at', user.phoneChangeSentAt),
    ...optional('reauthentication_sent_at', user.reauthenticationSentAt),
    ...optional('last_sign_in_at', user.lastSignInAt),
    app_metadata: user.appMetadata,
    user_metadata: user.userMetadata,
    ...(factors.length > 0 && { factors: factors.map(factorJson) }),
    identities: user.identities.map((identity) => ({
      identity_id: identity.identityId,
      id: identity.providerId,
      user_id: user.id,
      identity_data: sorted(identity.data),
      provider: identity.provider,
      last_sign_in_at: timestamp(identity.lastSignInAt),
      created_at: timestamp(identity.createdAt),
      updated_at: timestamp(identity.updatedAt),
      ...(typeof identity.data['email'] === 'string' && { email: identity.data['email'] }),
    })),
    created_at: timestamp(user.createdAt),
    updated_at: timestamp(user.updatedAt),
    ...optional('banned_until', user.bannedUntil),
    ...optional('deleted_at', user.deletedAt),
    is_anonymous: user.isAnonymous,
  };
}

/** A factor as Auth shows it; its secret never. */
export function factorJson(factor: Factor): { [key: string]: unknown } {
  return {
    id: factor.id,
    created_at: timestamp(factor.createdAt),
    updated_at: timestamp(factor.updatedAt),
    status: factor.status,
    ...(factor.friendlyName && { friendly_name: factor.friendlyName }),
    factor_type: factor.type,
    phone: factor.phone ?? '',
    last_challenged_at: factor.lastChallengedAt === undefined ? null : timestamp(factor.lastChallengedAt),
  };
}

export const emailTaken = (): AuthError =>
  new AuthError(422, 'email_exists', 'A user with this email address has already been registered');
export const phoneTaken = (): AuthError =>
  new AuthError(422, 'phone_exists', 'A user with this phone number has already been registered');
