import type { AuthError } from '@supabase/supabase-js';
import { showError } from './form.ts';
import { newPassword } from './new-password.ts';
import { find, show } from './page.ts';
import { isResetPage, requestReset } from './request-reset.ts';
import { signIn } from './sign-in.ts';
import { supabase } from './supabase.ts';
import './style.css';

function showStart(error: AuthError | null): void {
  const start = show('start');
  const resetForm = find<HTMLFormElement>(start, '#request-reset');
  requestReset(resetForm);
  signIn(find(start, '#sign-in'));
  if (error) showError(resetForm, error);
}

const { error } = await supabase.auth.initialize(); // takes the session, or the error, out of the URL
const { data } = await supabase.auth.getSession();
if (isResetPage() && !error && data.session) newPassword();
else showStart(error);
