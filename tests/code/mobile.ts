import type { AuthError, Session, SupabaseClient, SupportedStorage } from '@supabase/supabase-js';

/** What the app stores about a reset in progress. */
interface Flag {
  /** The id of the session that exists only for the reset. */
  session?: string;
  /** While a code is being verified: the id of the session before it, or "" if there was none. */
  before?: string;
}

/** Knows whether a session is for a reset. `storage` has to survive a restart, as AsyncStorage does. */
export class Recovery {
  readonly #supabase: SupabaseClient;
  readonly #storage: SupportedStorage;
  #start: Promise<AuthError | null> | undefined;

  constructor(supabase: SupabaseClient, storage: SupportedStorage) {
    this.#supabase = supabase;
    this.#storage = storage;
  }

  /** Returns the screen to show for a session. Call it when the app starts and after every auth event. */
  async screenFor(session: Session | null): Promise<'sign-in' | 'reset' | 'home'> {
    const flag = await this.#read();
    const id = session ? idOf(session) : '';
    // This session wasn't there before the code was sent, so the code created it.
    if (session && flag.before !== undefined && flag.before !== id) flag.session = id;
    // If no code is being verified now, the app was killed while it waited for the answer.
    if (!this.#start) delete flag.before;
    if (flag.session !== id) delete flag.session; // signed out, or signed in again
    await this.#write(flag);
    if (!session) return 'sign-in';
    return flag.session ? 'reset' : 'home';
  }

  /** Verifies the typed code, which creates the session. A second tap gets the result of the first. */
  start(email: string, token: string): Promise<AuthError | null> {
    this.#start ??= this.#verify(email, token).finally(() => {
      this.#start = undefined;
    });
    return this.#start;
  }

  async #verify(email: string, token: string): Promise<AuthError | null> {
    const { session: old } = (await this.#supabase.auth.getSession()).data;
    // Store this first: the auth event fires before verifyOtp() returns, and the app may be killed in between.
    await this.#write({ ...(await this.#read()), before: old ? idOf(old) : '' });
    const { data, error } = await this.#supabase.auth.verifyOtp({ type: 'recovery', email, token });
    const { session } = await this.#read();
    // A refused code changes nothing: a reset in progress continues.
    await this.#write(data.session ? { session: idOf(data.session) } : { ...(session && { session }) });
    return error;
  }

  /** Call this after the password is saved. */
  async finish(): Promise<void> {
    await this.#write({});
  }

  /** Call this when the user cancels. It ends the session, which could still do whatever your policies allow at aal1. */
  async cancel(): Promise<void> {
    await this.#supabase.auth.signOut({ scope: 'local' });
    await this.#write({});
  }

  async #read(): Promise<Flag> {
    return JSON.parse((await this.#storage.getItem('recovery')) ?? '{}');
  }

  async #write(flag: Flag): Promise<void> {
    await this.#storage.setItem('recovery', JSON.stringify(flag));
  }
}

/** Returns the session's id, which stays the same through refreshes and the step-up. */
function idOf({ access_token }: Session): string {
  const payload = access_token.split('.')[1] ?? '';
  return JSON.parse(atob(payload.replaceAll('-', '+').replaceAll('_', '/'))).session_id;
}
