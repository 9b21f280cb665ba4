/** What an administrator runs for a user who has lost every factor. It needs the secret key: users must not reach it. */
import type { SupabaseClient } from '@supabase/supabase-js';

// #region remove-lost-factors
const hour = 60 * 60 * 1000;
/** How long the user has to say "that wasn't me". */
const delay = 72 * hour;
/** The project's `jwt_expiry`: how long the access token of an ended session still reads data. */
const jwtExpiry = 1 * hour;

/** One request. Keep it in a table that only your server reaches, and read it again before each step. */
export interface Removal {
  userId: string;
  /** When the user asked, and the first notice went to every address and number you have. */
  askedAt: Date;
  /** What came back on the notices. One objection stops the removal. */
  objections: { from: string; at: Date }[];
  /** Who compared the person with something that the mailbox doesn't hold. Somebody else runs this. */
  identityCheckedBy?: string;
  /** What `lockAccount` resolved with. */
  lockedAt?: Date;
}

/** Ends every session and lets nobody in. Resolves with the time, to be stored as `lockedAt`. Throws if it is too soon, or if something speaks against it. */
export async function lockAccount(admin: SupabaseClient, removal: Removal): Promise<Date> {
  if (!removal.identityCheckedBy) throw new Error('Say who has checked the identity of this user.');
  wait(removal.askedAt, delay, 'the user may still object');
  await uncontestedFactors(admin, removal);
  // The password ends every session. The ban keeps the mailbox from opening a new one.
  const lock = { password: unknownPassword(), ban_duration: '87600h' };
  const { error } = await admin.auth.admin.updateUserById(removal.userId, lock);
  if (error) throw error;
  return new Date();
}

/**
 * Deletes every factor of a locked account, unverified ones too, and lifts the ban. Resolves with the factors. Throws as `lockAccount` does,
 * and the `AuthError` of a call that fails. It can run again then.
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

/** The factors of a user if nobody has objected and no factor was used since the request. */
async function uncontestedFactors(admin: SupabaseClient, { userId, askedAt, objections: [objection] }: Removal) {
  if (objection) throw new Error(`Stop: ${objection.from} objected at ${objection.at.toISOString()}.`);
  const { data, error } = await admin.auth.admin.mfa.listFactors({ userId });
  if (error) throw error;
  const used = data.factors.find(({ last_challenged_at: at }) => at && new Date(at) > askedAt);
  if (used) throw new Error(`Stop: factor ${used.id} was challenged at ${used.last_challenged_at}.`);
  return data.factors;
}

/** Has characters of every kind that a project can ask for, and fewer than the 72 bytes that Auth takes. */
function unknownPassword(): string {
  return `Aa1!${crypto.randomUUID()}`;
}
// #endregion
