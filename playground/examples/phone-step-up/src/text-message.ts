import { supabase } from './supabase';

/** The challenge that sent a code: the code is good for this one only, until then (in seconds since 1970). */
export interface Message {
  factorId: string;
  challengeId: string;
  expiresAt: number;
}

/** The newest message of this reset. The page's entry in the history keeps it, so that a reload goes on with it. */
export function newestMessage(): Message | null {
  return history.state;
}

// #region fix
/** Sends a code to the phone: the challenge does that. Throws the `AuthError`: an earlier code is still good then. */
export async function sendMessage(factorId: string): Promise<void> {
  const { data, error } = await supabase.auth.mfa.challenge({ factorId, channel: 'sms' });
  if (error) throw error;
  const message: Message = { factorId, challengeId: data.id, expiresAt: data.expires_at };
  history.replaceState(message, '');
}

/** Raises the reset link's session to aal2, by verifying the code in that same session. Throws the `AuthError`. */
export async function verifyMessage({ factorId, challengeId }: Message, code: string): Promise<void> {
  const { error } = await supabase.auth.mfa.verify({ factorId, challengeId, code });
  if (error) throw error;
}
// #endregion
