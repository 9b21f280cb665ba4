/** The function on the home page: a whole reset, from the link to the new password. */
// #region reset
import type { AuthError, Factor, SupabaseClient } from '@supabase/supabase-js';

/** Run this on the page that the reset link opens. */
export async function resetPassword(supabase: SupabaseClient, ask: Forms) {
  const { mfa } = supabase.auth;

  // 1. supabase-js turns the link into a session. Wait until it has.
  const { error: linkError } = await supabase.auth.initialize();
  if (linkError) throw linkError; // used or expired: offer a new link

  // 2. Ask the server for the user's verified factors.
  const { data: factors, error } = await mfa.listFactors();
  if (error) throw error; // AuthSessionMissingError: the page wasn't opened by a link
  const choices = [...factors.totp, ...factors.phone];

  // 3. Check a code in this same session. That raises it from aal1 to aal2.
  if (choices.length > 0) {
    const factorId = await ask.factor(choices);
    const challenge = await mfa.challenge({ factorId }); // sends the text message if it's a phone
    if (challenge.error) throw challenge.error;
    const { id: challengeId } = challenge.data;
    let problem: AuthError | null = null;
    do {
      const code: string = await ask.code(problem);
      ({ error: problem } = await mfa.verify({ factorId, challengeId, code }));
    } while (problem?.code === 'mfa_verification_failed'); // wrong code: ask again
    if (problem) throw problem;
  }

  // 4. Now the password can change.
  const password = await ask.password();
  const { error: saveError } = await supabase.auth.updateUser({ password });
  if (saveError) throw saveError;
}

/** Your forms. Each function resolves to what the user chose or typed. */
interface Forms {
  factor(choices: Factor[]): Promise<string>; // the id of the chosen factor
  code(problem: AuthError | null): Promise<string>;
  password(): Promise<string>;
}
// #endregion
