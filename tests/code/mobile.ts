import type { AuthError, Session, SupabaseClient, SupportedStorage } from '@supabase/supabase-js';

/** The screen for a session. Asked at the start of the app and after each auth event, whatever its name. */
export async function screenFor(session: Session | null, recovery: Recovery): Promise<'sign-in' | 'reset' | 'home'> {
  if (!session) return 'sign-in';
  return (await recovery.isOn()) ? 'reset' : 'home';
}

/** Remembers that the session is there for a reset. `storage` outlives the app, as AsyncStorage does. */
export class Recovery {
  readonly #supabase: SupabaseClient;
  readonly #storage: SupportedStorage;

  constructor(supabase: SupabaseClient, storage: SupportedStorage) {
    this.#supabase = supabase;
    this.#storage = storage;
  }

  async isOn(): Promise<boolean> {
    return (await this.#storage.getItem('recovery')) === 'on';
  }

  /** Trades the typed code for the session. It is noted before: the events come before `verifyOtp()` returns. */
  async start(email: string, token: string): Promise<AuthError | null> {
    await this.#storage.setItem('recovery', 'on');
    const { error } = await this.#supabase.auth.verifyOtp({ type: 'recovery', email, token });
    if (error) await this.#storage.removeItem('recovery');
    return error;
  }

  /** The password is saved. */
  async finish(): Promise<void> {
    await this.#storage.removeItem('recovery');
  }

  /** The user gives up. The session could do all that an aal1 session may, so it ends. */
  async cancel(): Promise<void> {
    await this.#supabase.auth.signOut({ scope: 'local' });
    await this.#storage.removeItem('recovery');
  }
}
