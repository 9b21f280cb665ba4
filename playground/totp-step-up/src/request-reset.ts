import { onSubmit } from './form.ts';
import { find } from './page.ts';
import { supabase } from './supabase.ts';

/**
 * Marks the URL that a recovery link leads to. supabase-js does not remember beyond a reload that a session came from
 * such a link; the URL does.
 */
const mark = 'reset-password';

/** Is this the page that a recovery link leads to? */
export function isResetPage(): boolean {
  return new URLSearchParams(location.search).has(mark);
}

/** Makes the form send a recovery link. */
export function requestReset(form: HTMLFormElement): void {
  const status = find(form, '[role="status"]');
  onSubmit(form, async (fields) => {
    status.textContent = '';
    // #region request
    const { error } = await supabase.auth.resetPasswordForEmail(String(fields.get('email')), {
      // Must be on the project's allow list, and without "#…": the tokens come back in the fragment.
      redirectTo: new URL(`?${mark}`, location.href).href,
    });
    // Only an address with an account can meet this limit: too many mails. The answer must not tell that there is one,
    // so everybody reads what is good to know then.
    if (error && error.code !== 'over_email_send_rate_limit') return error;
    status.textContent =
      'If there is an account with this address, a mail with a link is on its way to it. ' +
      'Give it a few minutes: asking again too soon sends no other one.';
    // #endregion
    return null;
  });
}
