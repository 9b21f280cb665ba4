/** A signed-in user changes the password. Shows what Auth may ask for first, in its order. */
import type { SupabaseClient } from '@supabase/supabase-js';

// #region change-password
export interface Change {
  password: string;
  /** Needed only if the project requires the current password. */
  current_password?: string;
  /** The code from the email that `reauthenticate()` sends. To send a new code, try again without it. */
  nonce?: string;
}

/**
 * Changes the password, or returns what to ask the user for before the next try. Throws the `AuthError` for any other
 * problem, such as a weak password.
 */
export async function changePassword(supabase: SupabaseClient, change: Change) {
  const { error } = await supabase.auth.updateUser(change);
  if (!error) return 'changed';
  switch (error.code) {
    case 'insufficient_aal':
      return 'ask for a second factor';
    case 'reauthentication_needed': {
      const { error } = await supabase.auth.reauthenticate(); // emails a code
      // Too soon for another email: the code in the last email is still the newest.
      if (error && error.code !== 'over_email_send_rate_limit') throw error;
      return 'ask for the code in the email';
    }
    case 'reauthentication_not_valid':
      return 'ask for the code again'; // the code in the email stays valid
    case 'current_password_required':
    case 'current_password_invalid':
      return 'ask for the current password';
    default:
      throw error;
  }
}
// #endregion
