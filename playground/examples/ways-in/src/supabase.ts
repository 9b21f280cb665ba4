import { createClient } from '@supabase/supabase-js';

const address = new URLSearchParams(location.search);

/** The kind of links that this app requests and accepts. Your app has one of the two; `?pkce` lets you compare them here. */
const flowType = address.has('pkce') || address.has('code') ? 'pkce' : 'implicit';

/**
 * The app's only client: it keeps the session. link.ts starts a session, because supabase-js would
 * leave the tokens in the history.
 */
export const supabase = createClient(
  import.meta.env.VITE_SUPABASE_URL ?? location.origin,
  import.meta.env.VITE_SUPABASE_PUBLISHABLE_KEY ?? 'demo-key',
  { auth: { detectSessionInUrl: false, flowType } },
);
