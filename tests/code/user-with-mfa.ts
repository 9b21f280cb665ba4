import type { SupabaseClient } from '@supabase/supabase-js';
import { TOTP } from 'otpauth';

/**
 * Signs up a user of the test's own, with a verified authenticator. The project has to confirm addresses by itself,
 * and to have TOTP switched on. Throws what Auth refuses.
 */
export async function userWithMfa(supabase: SupabaseClient) {
  const user = { email: `${crypto.randomUUID()}@example.com`, password: 'the old password' };
  dataOf(await supabase.auth.signUp(user));
  const factor = dataOf(await supabase.auth.mfa.enroll({ factorType: 'totp' }));
  const totp = new TOTP({ secret: factor.totp.secret });
  dataOf(await supabase.auth.mfa.challengeAndVerify({ factorId: factor.id, code: totp.generate() }));
  return { ...user, factorId: factor.id, code: () => totp.generate() };
}

/** What supabase-js answered. Throws the error it answered. */
export function dataOf<Answer extends { data: unknown; error: unknown }>(answer: Answer) {
  if (answer.error) throw answer.error;
  return answer.data as Extract<Answer, { error: null }>['data'];
}
