import type { SupabaseClient } from '@supabase/supabase-js';
import { TOTP } from 'otpauth';

/**
 * Signs up a new user with a verified authenticator. The project must confirm addresses automatically and have TOTP
 * turned on. Throws the `AuthError` if Auth refuses something.
 */
export async function userWithMfa(supabase: SupabaseClient) {
  const user = { email: `${crypto.randomUUID()}@example.com`, password: 'the old password' };
  dataOf(await supabase.auth.signUp(user));
  const factor = dataOf(await supabase.auth.mfa.enroll({ factorType: 'totp' }));
  const totp = new TOTP({ secret: factor.totp.secret });
  dataOf(await supabase.auth.mfa.challengeAndVerify({ factorId: factor.id, code: totp.generate() }));
  return { ...user, factorId: factor.id, code: () => totp.generate() };
}

/** Returns the data of an answer from supabase-js. Throws its error, if any. */
export function dataOf<Answer extends { data: unknown; error: unknown }>(answer: Answer) {
  if (answer.error) throw answer.error;
  return answer.data as Extract<Answer, { error: null }>['data'];
}
