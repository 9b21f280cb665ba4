/**
 * What an administrator runs for a user who has lost every factor. It needs the secret key,
 * so keep it out of users' reach.
 */
import type { SupabaseClient } from '@supabase/supabase-js';
// biome-ignore lint/suspicious/noShadowRestrictedNames: this copy goes by the clock that the reader moves
import { ProjectDate as Date } from '../project-date.ts';

// #region remove-lost-factors
const hour = 60 * 60 * 1000;
/** How long the user has to say "that wasn't me". */
export const delay = 72 * hour;
/** The project's `jwt_expiry`: how long the access token of an ended session can still read data. */
export const jwtExpiry = 1 * hour;

/** One request. Store it in a table that only your server can reach, and read it again before each step. */
export interface Removal {
  userId: string;
  /** When the user asked and the first notice went to every address and number you have. */
  askedAt: Date;
  /** The replies to the notices. One objection stops the removal. */
  objections: { from: string; at: Date }[];
  /** Who checked the person's identity against something that isn't in the mailbox. Somebody else runs this. */
  identityCheckedBy?: string;
  /** The time that `lockAccount` resolved to. */
  lockedAt?: Date;
}

/**
 * Ends every session and blocks new ones. Resolves to the time, which you store as `lockedAt`. Throws if it's too soon,
 * or if anything speaks against the removal.
 */
export async function lockAccount(admin: SupabaseClient, removal: Removal): Promise<Date> {
  if (!removal.identityCheckedBy) throw new Error('Say who has checked the identity of this user.');
  wait(removal.askedAt, delay, 'the user may still object');
  await uncontestedFactors(admin, removal);
  // Changing the password ends every session. The ban keeps anyone with the mailbox from starting a new session.
  const lock = { password: unknownPassword(), ban_duration: '87600h' };
  const { error } = await admin.auth.admin.updateUserById(removal.userId, lock);
  if (error) throw error;
  return new Date();
}

/**
 * Deletes every factor of a locked account, also unverified factors, and lifts the ban. Resolves to the factors. Throws
 * as `lockAccount` does, and throws the `AuthError` of a failed call. You can run it again then.
 */
export async function removeLostFactors(admin: SupabaseClient, removal: Removal) {
  if (!removal.lockedAt) throw new Error('Lock the account first.');
  wait(removal.lockedAt, jwtExpiry, 'access tokens from before the lock are still valid');
  const factors = await uncontestedFactors(admin, removal);
  for (const { id } of factors) {
    const { error } = await admin.auth.admin.mfa.deleteFactor({ userId: removal.userId, id });
    if (error) throw error;
  }
  const { error } = await admin.auth.admin.updateUserById(removal.userId, { ban_duration: 'none' });
  if (error) throw error;
  return factors;
}

function wait(since: Date, milliseconds: number, reason: string): void {
  const due = new Date(since.getTime() + milliseconds);
  if (due > new Date()) throw new Error(`Wait until ${due.toISOString()}: ${reason}.`);
}

/** Returns the user's factors. Throws if anyone has objected, or if a factor was used since the request. */
async function uncontestedFactors(admin: SupabaseClient, { userId, askedAt, objections: [objection] }: Removal) {
  if (objection) throw new Error(`Stop: ${objection.from} objected at ${objection.at.toISOString()}.`);
  const { data, error } = await admin.auth.admin.mfa.listFactors({ userId });
  if (error) throw error;
  const used = data.factors.find(({ last_challenged_at: at }) => at && new Date(at) > askedAt);
  if (used) throw new Error(`Stop: factor ${used.id} was challenged at ${used.last_challenged_at}.`);
  return data.factors;
}

/** Has every kind of character that a project can require, and stays under Auth's limit of 72 bytes. */
function unknownPassword(): string {
  return `Aa1!${crypto.randomUUID()}`;
}
// #endregion
