import { supabase } from './supabase';

/** The challenge that sent a code. The code only works with this challenge, until it expires (in seconds since 1970). */
export interface Message {
  factorId: string;
  challengeId: string;
  expiresAt: number;
}

/** Returns the newest message of this reset. It's stored in the page's history entry, so a reload keeps it. */
export function newestMessage(): Message | null {
  return history.state;
}

// #region fix
/** Sends a code to the phone by creating a challenge. If it throws the `AuthError`, an earlier code still works. */
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
