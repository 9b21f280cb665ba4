/** Two listeners for the page "Reset a password with MFA": one to avoid, and what to write instead. */
import type { SupabaseClient } from '@supabase/supabase-js';

export function waitsInside(supabase: SupabaseClient, newPassword: () => string) {
  // #region wrong
  // Don't: updateUser() waits for the listener, and the listener waits for updateUser().
  supabase.auth.onAuthStateChange(async (event) => {
    if (event === 'PASSWORD_RECOVERY') {
      await supabase.auth.updateUser({ password: newPassword() });
    }
  });
  // #endregion
}

export function looksLater(supabase: SupabaseClient, showResetPage: () => void) {
  // #region right
  // Do: remember what happened, and return. Call supabase.auth later, from your form.
  supabase.auth.onAuthStateChange((event) => {
    if (event === 'PASSWORD_RECOVERY') showResetPage();
  });
  // #endregion
}
