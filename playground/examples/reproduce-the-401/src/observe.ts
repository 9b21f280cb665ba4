import { find } from './page';
import { supabase } from './supabase';

// #region observations
/** What supabase/auth#2091 reports besides the refusal: a call, and its result. */
const observations: Record<string, (password: string) => Promise<unknown>> = {
  'getSession()': async () => {
    const { data, error } = await supabase.auth.getSession();
    if (!data.session) return { session: null, error };
    const { error: userError } = await supabase.auth.getUser(); // what the server thinks of that session
    return {
      email: data.session.user.email,
      expires: new Date((data.session.expires_at ?? 0) * 1000).toISOString(),
      acceptedByServer: userError ?? true,
    };
  },

  'setSession(), then try again': async (password) => {
    const { data, error } = await supabase.auth.getSession();
    if (!data.session) return { session: null, error };
    const { error: setError } = await supabase.auth.setSession(data.session); // the same tokens
    const { error: updateError } = await supabase.auth.updateUser({ password });
    return { setSession: setError ?? 'no error', updateUser: updateError ?? 'no error' };
  },

  'getAuthenticatorAssuranceLevel()': async () => {
    const { data, error } = await supabase.auth.mfa.getAuthenticatorAssuranceLevel();
    return data ?? error;
  },
};
// #endregion

/** Adds a button for each observation, and shows its result. It uses the password typed in the form. */
export function observe(place: HTMLElement, form: HTMLFormElement): void {
  const result = find(place, 'pre');
  for (const [call, look] of Object.entries(observations)) {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = call;
    button.addEventListener('click', async () => {
      button.disabled = true;
      try {
        const outcome = await look(String(new FormData(form).get('password')));
        result.textContent = JSON.stringify(outcome, null, 2);
      } finally {
        button.disabled = false;
      }
    });
    result.before(button);
  }
}
