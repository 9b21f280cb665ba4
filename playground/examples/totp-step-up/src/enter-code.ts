import type { Factor } from '@supabase/supabase-js';
import { onSubmit } from './form.ts';
import { find, show } from './page.ts';
import { isSessionGone } from './session-gone.ts';
import { verifyCode } from './step-up.ts';

/** Asks for a code until one of the factors is verified. Throws the `AuthError` when the session is gone meanwhile. */
export function enterCode(factors: Factor[]): Promise<void> {
  const form = find<HTMLFormElement>(show('enter-code'), 'form');
  const choice = find<HTMLSelectElement>(form, 'select');
  // Auth lists factors in no particular order: it changes with each challenge.
  for (const factor of factors.toSorted((a, b) => a.created_at.localeCompare(b.created_at))) {
    choice.append(new Option(factor.friendly_name || 'Authenticator without a name', factor.id));
  }
  find(form, '#choice').hidden = factors.length === 1;

  return new Promise((resolve, reject) => {
    onSubmit(form, async (fields) => {
      const factorId = String(fields.get('factor'));
      const code = String(fields.get('code')).replaceAll(' ', '');
      // #region used-challenge
      let error = await verifyCode(factorId, code);
      // Each try has its own challenge. When it was used up already (Auth then speaks of IP addresses) or took too long,
      // the code was not looked at: one more try with a new challenge is worth it.
      if (error?.code === 'mfa_ip_address_mismatch' || error?.code === 'mfa_challenge_expired') {
        error = await verifyCode(factorId, code);
      }
      // #endregion
      if (error && isSessionGone(error)) reject(error);
      else if (error) return error;
      else resolve();
      return null;
    });
  });
}
