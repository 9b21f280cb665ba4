import type { AuthError, Factor } from '@supabase/supabase-js';
import { onSubmit } from './form.ts';
import { find } from './page.ts';
import { supabase } from './supabase.ts';

const types: Record<string, string> = { totp: 'authenticator', phone: 'phone', webauthn: 'security key' };

/**
 * Shows the user's second factors of every type that were never verified, each with a button that removes it. Verifying
 * another type leaves them in place, and the person who started one can still finish it. Returns what went wrong.
 */
export async function showLeftoverFactors(): Promise<AuthError | null> {
  const { data, error } = await supabase.auth.mfa.listFactors(); // `data.all`: the lists by type hold verified ones only
  if (error) return error;
  const unverified = data.all.filter(({ status }) => status === 'unverified');
  find(document, '#leftover-factors').replaceChildren(...unverified.map(leftover));
  return null;
}

function leftover({ id, factor_type, friendly_name }: Factor): HTMLFormElement {
  const { content } = find<HTMLTemplateElement>(document, 'template#leftover-factor');
  const form = find<HTMLFormElement>(content.cloneNode(true) as DocumentFragment, 'form');
  const name = `${friendly_name || 'without a name'} (${types[factor_type] ?? factor_type})`;
  form.ariaLabel = name;
  find(form, '[data-name]').textContent = name;
  onSubmit(form, async () => {
    const { error } = await supabase.auth.mfa.unenroll({ factorId: id }); // at aal1 too, as it isn't verified
    if (error) return error;
    form.textContent = `Removed: ${name}`;
    form.focus();
    return null;
  });
  return form;
}
