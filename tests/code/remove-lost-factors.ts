/** What an administrator runs for a user who has lost every factor. It needs the service key: users must not reach it. */
import type { SupabaseClient } from '@supabase/supabase-js';

// #region remove-lost-factors
/** How long the user has to say "that was not me". */
const delay = 72 * 60 * 60 * 1000;

export interface Removal {
  userId: string;
  /** When the user asked, which is when the first notice was sent to every address and number you have. */
  askedAt: Date;
  /** Who compared the person with something that a mailbox does not have. Another one than who runs this. */
  identityCheckedBy: string;
}

/**
 * Ends every session of a user and removes their verified factors. Resolves with those. Throws while the delay runs,
 * and the `AuthError` of a call that fails; it may be run again then.
 */
export async function removeLostFactors(admin: SupabaseClient, { userId, askedAt, identityCheckedBy }: Removal) {
  if (!identityCheckedBy) throw new Error('Say who has checked the identity of this user.');
  const due = new Date(askedAt.getTime() + delay);
  if (due > new Date()) throw new Error(`Wait until ${due.toISOString()}: the user may still object.`);

  const { data, error } = await admin.auth.admin.mfa.listFactors({ userId });
  if (error) throw error;
  // A password that nobody knows ends every session, and whoever has stolen the old one gains nothing.
  const { error: lockError } = await admin.auth.admin.updateUserById(userId, { password: unknownPassword() });
  if (lockError) throw lockError;

  const lost = data.factors.filter((factor) => factor.status === 'verified');
  for (const { id } of lost) {
    const { error } = await admin.auth.admin.mfa.deleteFactor({ userId, id });
    if (error) throw error;
  }
  return lost;
}

/** Has characters of every kind that a project can ask for, and fewer than the 72 bytes that Auth takes. */
function unknownPassword(): string {
  return `Aa1!${crypto.randomUUID()}`;
}
// #endregion
