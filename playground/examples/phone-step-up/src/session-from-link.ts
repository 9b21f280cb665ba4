import { AuthError } from '@supabase/supabase-js';
import { onSubmit } from './form.ts';
import { find, show } from './page.ts';
import { resetPage } from './request-reset.ts';
import { supabase } from './supabase.ts';

// #region out-of-the-address
/** What the link brought: a `token_hash` in the query, or tokens or an error in the fragment. */
let link = new URLSearchParams(`${location.search.slice(1)}&${location.hash.slice(1)}`);

// Take it out of the address first of all, and in this entry of the history, so that Back never shows a token.
// supabase-js would add an entry and leave the tokens in this one, so its `detectSessionInUrl` is off.
if (['token_hash', 'access_token', 'error'].some((name) => link.has(name))) history.replaceState(null, '', resetPage);
// #endregion

/**
 * Starts the session that the link stands for, if a link led here. Throws the `AuthError` when the link is no good, or when
 * Auth can't be reached: the next call then tries again.
 */
export async function sessionFromLink(): Promise<void> {
  const [hash, access_token, refresh_token] = ['token_hash', 'access_token', 'refresh_token'].map((name) =>
    link.get(name),
  );
  if (link.has('error')) {
    throw new AuthError(link.get('error_description') ?? '', undefined, link.get('error_code') ?? undefined);
  }
  // First choice, for projects that can edit their email: `?token_hash={{ .TokenHash }}&type=recovery`. No token is ever in the address.
  if (hash) await confirmLink(hash);
  // What the default email leads to, in every project.
  else if (access_token && refresh_token) {
    const { error } = await supabase.auth.setSession({ access_token, refresh_token });
    if (error) throw error;
  }
  link = new URLSearchParams();
}

/** Waits for a click: scanners of email open links, and a link that's already used is no good. Throws the `AuthError` when it is. */
function confirmLink(token_hash: string): Promise<void> {
  const form = find<HTMLFormElement>(show('confirm-link'), 'form');
  return new Promise((resolve, reject) => {
    onSubmit(form, async () => {
      const { error } = await supabase.auth.verifyOtp({ type: 'recovery', token_hash });
      if (error?.code === 'otp_expired') reject(error);
      else if (error) return error;
      else resolve();
      return null;
    });
  });
}
