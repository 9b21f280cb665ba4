import type { AuthError, Session, SupabaseClient, SupportedStorage } from '@supabase/supabase-js';

/** What the phone keeps of a reset. */
interface Mark {
  /** The session that is there for the reset and nothing else. */
  session?: string;
  /** While a code is being traded: the session before it, or "" if there was none. */
  before?: string;
}

/** Knows whether the session is there for a reset. `storage` outlives the app, as AsyncStorage does. */
export class Recovery {
  readonly #supabase: SupabaseClient;
  readonly #storage: SupportedStorage;
  #start: Promise<AuthError | null> | undefined;

  constructor(supabase: SupabaseClient, storage: SupportedStorage) {
    this.#supabase = supabase;
    this.#storage = storage;
  }

  /** The screen for a session. Ask when the app starts and after each auth event, whatever its name. */
  async screenFor(session: Session | null): Promise<'sign-in' | 'reset' | 'home'> {
    const mark = await this.#read();
    const id = session ? idOf(session) : '';
    // A session that wasn't there before the code was sent is the one that the code gave.
    if (session && mark.before !== undefined && mark.before !== id) mark.session = id;
    // Left over from an app that was killed while it waited: after the first look it's of no use.
    if (!this.#start) delete mark.before;
    if (mark.session !== id) delete mark.session; // signed out, or signed in anew
    await this.#write(mark);
    if (!session) return 'sign-in';
    return mark.session ? 'reset' : 'home';
  }

  /** Trades the typed code for the session. A second tap gets the answer of the first. */
  start(email: string, token: string): Promise<AuthError | null> {
    this.#start ??= this.#trade(email, token).finally(() => {
      this.#start = undefined;
    });
    return this.#start;
  }

  async #trade(email: string, token: string): Promise<AuthError | null> {
    const { session: old } = (await this.#supabase.auth.getSession()).data;
    // Noted first: the auth event comes before verifyOtp() returns, and the app may be killed in between.
    await this.#write({ ...(await this.#read()), before: old ? idOf(old) : '' });
    const { data, error } = await this.#supabase.auth.verifyOtp({ type: 'recovery', email, token });
    const { session } = await this.#read();
    // A refused code changes nothing: a reset that was on stays on.
    await this.#write(data.session ? { session: idOf(data.session) } : { ...(session && { session }) });
    return error;
  }

  /** The password is saved. */
  async finish(): Promise<void> {
    await this.#write({});
  }

  /** The user gives up. The session could do whatever an aal1 session may, so it ends. */
  async cancel(): Promise<void> {
    await this.#supabase.auth.signOut({ scope: 'local' });
    await this.#write({});
  }

  async #read(): Promise<Mark> {
    return JSON.parse((await this.#storage.getItem('recovery')) ?? '{}');
  }

  async #write(mark: Mark): Promise<void> {
    await this.#storage.setItem('recovery', JSON.stringify(mark));
  }
}

/** The session's id, which stays the same through refreshes and the step-up. */
function idOf({ access_token }: Session): string {
  const payload = access_token.split('.')[1] ?? '';
  return JSON.parse(atob(payload.replaceAll('-', '+').replaceAll('_', '/'))).session_id;
}
