/** A signed-in user changes the password: what Auth may ask for first, in the order in which it asks. */
import type { SupabaseClient } from '@supabase/supabase-js';

// #region change-password
export interface Change {
  password: string;
  /** Asked for only where the project requires the current password. */
  current_password?: string;
  /** The code of the mail that `reauthenticate()` sends. */
  nonce?: string;
}

/**
 * Changes the password, or says what to ask the user for before the next try: a second factor, the code of the mail
 * that has just been sent, or the current password. Throws the `AuthError` of everything else, as of a weak password.
 */
export async function changePassword(supabase: SupabaseClient, change: Change) {
  const { error } = await supabase.auth.updateUser(change);
  switch (error?.code) {
    case undefined:
      if (error) throw error;
      return 'changed';
    case 'insufficient_aal':
      return 'ask for a second factor';
    case 'reauthentication_needed':
    case 'reauthentication_not_valid': {
      const { error } = await supabase.auth.reauthenticate(); // mails a new code
      if (error) throw error;
      return 'ask for the code in the mail';
    }
    case 'current_password_required':
    case 'current_password_invalid':
      return 'ask for the current password';
    default:
      throw error;
  }
}
// #endregion
