import { onSubmit } from './form.ts';
import { find } from './page.ts';
import { supabase } from './supabase.ts';

/**
 * Where a recovery link leads. supabase-js doesn't remember beyond a reload that a session came from such a link, and
 * says PASSWORD_RECOVERY only when it reads the link itself; the URL does remember.
 */
export const resetPage = '?reset-password';

/** Whether this is the page that a recovery link leads to. */
export function isResetPage(): boolean {
  return location.search === resetPage;
}

/** Makes the form send a recovery link. */
export function requestReset(form: HTMLFormElement): void {
  const status = find(form, '[role="status"]');
  onSubmit(form, async (fields) => {
    status.textContent = '';
    // #region request
    const { error } = await supabase.auth.resetPasswordForEmail(String(fields.get('email')), {
      // Must be on the project's allow list, and without "#…": the tokens come back in the fragment.
      redirectTo: new URL(resetPage, location.href).href,
    });
    // Auth was out of reach, or refused before it looked for an account. Every other error comes only where there is an
    // account: too many emails, an address the project may not write to, an email that can't be sent. So everybody then
    // reads the same. (How long Auth takes to answer still differs.)
    const { status: httpStatus, code } = error ?? {};
    if (httpStatus === 0 || code === 'validation_failed' || code === 'over_request_rate_limit') return error;
    status.textContent =
      'If there is an account with this address, we sent an email with a link to it. ' +
      'If none comes within a few minutes, check the address and your spam folder, then ask again.';
    // #endregion
    return null;
  });
}
