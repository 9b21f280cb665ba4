import type { AuthError } from '@supabase/supabase-js';
import { onSubmit } from './form.ts';
import { find } from './page.ts';
import { supabase } from './supabase.ts';

/** Makes the form sign in with email and password, then calls `afterwards`, which returns what went wrong. */
export function signIn(form: HTMLFormElement, afterwards?: () => Promise<AuthError | null>): void {
  const status = find(form, '[role="status"]');
  onSubmit(form, async (fields) => {
    status.textContent = '';
    const { error } = await supabase.auth.signInWithPassword({
      email: String(fields.get('email')),
      password: String(fields.get('password')),
    });
    if (error) return error;

    const { data: level, error: levelError } = await supabase.auth.mfa.getAuthenticatorAssuranceLevel();
    if (levelError) return levelError;
    status.textContent =
      level.nextLevel === level.currentLevel
        ? `You are signed in (${level.currentLevel}).`
        : `You are signed in (${level.currentLevel}). This account has a second factor: a real app would now ask for it.`;
    return (await afterwards?.()) ?? null;
  });
}
