/** Serializes users, identities, and factors for responses. Keys are in Auth's order, and missing values have no key. */

import { timestamp } from '../go/time.ts';
import type { Factor, Identity, User } from '../store.ts';
import type { Project } from './project.ts';

/**
 * Returns when the user's first address was confirmed. In Auth, Postgres computes this column, so a handler sees the
 * value from when it read the row.
 */
export function confirmedAt({ emailConfirmedAt, phoneConfirmedAt }: User): number | undefined {
  const times = [emailConfirmedAt, phoneConfirmedAt].filter((at) => at !== undefined);
  return times.length > 0 ? Math.min(...times) : undefined;
}

/** Where a response differs from the tables. */
export interface Shown {
  confirmedAt?: number | undefined;
  identities?: Identity[] | null;
  factors?: Factor[];
}

/** Serializes a user. Keys are in Auth's order, and missing values have no key. */
export function serializeUser(project: Project, user: User, shown: Shown = {}): { [key: string]: unknown } {
  const { store } = project;
  const time = (at: number | undefined) => (at === undefined ? undefined : timestamp(at));
  const factors = shown.factors ?? factorsOf(project, user);
  const identities = shown.identities === undefined ? store.identities.where('user', user.id) : shown.identities;
  return {
    id: user.id,
    aud: user.aud,
    role: user.role,
    email: user.email,
    email_confirmed_at: time(user.emailConfirmedAt),
    invited_at: time(user.invitedAt),
    phone: user.phone,
    phone_confirmed_at: time(user.phoneConfirmedAt),
    confirmation_sent_at: time(user.confirmationSentAt),
    confirmed_at: time('confirmedAt' in shown ? shown.confirmedAt : confirmedAt(user)),
    recovery_sent_at: time(user.recoverySentAt),
    new_email: user.emailChange || undefined,
    email_change_sent_at: time(user.emailChangeSentAt),
    new_phone: user.phoneChange || undefined,
    phone_change_sent_at: time(user.phoneChangeSentAt),
    reauthentication_sent_at: time(user.reauthenticationSentAt),
    last_sign_in_at: time(user.lastSignInAt),
    app_metadata: user.appMetadata,
    user_metadata: user.userMetadata,
    factors: factors.length > 0 ? factors.map(serializeFactor) : undefined,
    identities: identities?.map(serializeIdentity) ?? null,
    created_at: timestamp(user.createdAt),
    updated_at: timestamp(user.updatedAt),
    banned_until: time(user.bannedUntil),
    deleted_at: time(user.deletedAt),
    is_anonymous: user.isAnonymous,
  };
}

function serializeIdentity({ id, providerId, userId, data, provider, ...times }: Identity): { [key: string]: unknown } {
  return {
    identity_id: id,
    id: providerId,
    user_id: userId,
    identity_data: Object.keys(data).length > 0 ? data : undefined,
    provider,
    last_sign_in_at: timestamp(times.lastSignInAt),
    created_at: timestamp(times.createdAt),
    updated_at: timestamp(times.updatedAt),
    email: typeof data['email'] === 'string' ? data['email'].toLowerCase() : undefined,
  };
}

/** Returns the factors of a user. Recently changed ones come last, because Postgres moves changed rows to the end. */
export function factorsOf({ store }: Project, user: User): Factor[] {
  return store.factors.where('user', user.id).sort((a, b) => a.updatedAt - b.updatedAt);
}

/** Serializes a factor without its secret. */
export function serializeFactor(factor: Factor): { [key: string]: unknown } {
  return {
    id: factor.id,
    created_at: timestamp(factor.createdAt),
    updated_at: timestamp(factor.updatedAt),
    status: factor.status,
    friendly_name: factor.friendlyName || undefined,
    factor_type: factor.type,
    phone: factor.phone,
    last_challenged_at: factor.lastChallengedAt === undefined ? null : timestamp(factor.lastChallengedAt),
    web_authn_aaguid: factor.credential?.aaguid,
    last_webauthn_challenge_data: factor.lastWebAuthnChallenge,
  };
}
