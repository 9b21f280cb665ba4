/** A signed-in user changes the password: what Auth may ask for first, in the order in which it asks. */
import type { SupabaseClient } from '@supabase/supabase-js';

// #region change-password
export interface Change {
  password: string;
  /** Only where the project requires the current password. */
  current_password?: string;
  /** The code in the email that `reauthenticate()` sends. To have a new one sent, try again without it. */
  nonce?: string;
}

/**
 * Changes the password, or says what to ask the user for before the next try. Throws the `AuthError` of everything
 * else, such as a weak password.
 */
export async function changePassword(supabase: SupabaseClient, change: Change) {
  const { error } = await supabase.auth.updateUser(change);
  if (!error) return 'changed';
  switch (error.code) {
    case 'insufficient_aal':
      return 'ask for a second factor';
    case 'reauthentication_needed': {
      const { error } = await supabase.auth.reauthenticate(); // emails a code
      // Too soon for another email: the code in the last one is the newest.
      if (error && error.code !== 'over_email_send_rate_limit') throw error;
      return 'ask for the code in the email';
    }
    case 'reauthentication_not_valid':
      return 'ask for the code again'; // the one in the email stays good
    case 'current_password_required':
    case 'current_password_invalid':
      return 'ask for the current password';
    default:
      throw error;
  }
}
// #endregion
