/** What the app does besides resets. Each function throws the `AuthError` if Auth refuses. */
import { supabase } from './supabase';

/** Signs in. Returns what to tell the user. */
export async function signIn(email: string, password: string): Promise<string> {
  const { error } = await supabase.auth.signInWithPassword({ email, password });
  if (error) throw error;
  const { data: level, error: levelError } = await supabase.auth.mfa.getAuthenticatorAssuranceLevel();
  if (levelError) throw levelError;
  return level.nextLevel === level.currentLevel
    ? `You are signed in (${level.currentLevel}).`
    : `You are signed in (${level.currentLevel}). This account has a second factor: a real app would now ask for it.`;
}

/** Ends this session only. */
export async function signOut(): Promise<void> {
  const { error } = await supabase.auth.signOut({ scope: 'local' });
  if (error) throw error;
}
