import type { Factor } from '@supabase/supabase-js';
import { supabase } from './supabase';

const types: Record<string, string> = { totp: 'authenticator', phone: 'phone', webauthn: 'security key' };

/**
 * Returns the user's unverified second factors of every type. Verifying another type leaves them in place, and the
 * person who started enrolling one can still finish it. Throws the `AuthError`.
 */
export async function leftoverFactors(): Promise<Factor[]> {
  const { data, error } = await supabase.auth.mfa.listFactors(); // `data.all`: other lists have only verified factors
  if (error) throw error;
  return data.all.filter(({ status }) => status === 'unverified');
}

/** Returns what to call a factor, for example "Tablet (authenticator)". */
export function describeFactor({ factor_type, friendly_name }: Factor): string {
  return `${friendly_name || 'without a name'} (${types[factor_type] ?? factor_type})`;
}

/** Removes a factor that was never verified. That works at aal1 too. Throws the `AuthError`. */
export async function removeFactor(factorId: string): Promise<void> {
  const { error } = await supabase.auth.mfa.unenroll({ factorId });
  if (error) throw error;
}
