import { createClient } from '@supabase/supabase-js';

/**
 * The app's only client: it keeps the session. link.ts starts a session, because supabase-js would
 * leave the tokens in the history.
 */
export const supabase = createClient(
  import.meta.env.VITE_SUPABASE_URL ?? location.origin,
  import.meta.env.VITE_SUPABASE_PUBLISHABLE_KEY ?? 'demo-key',
  { auth: { detectSessionInUrl: false } },
);
