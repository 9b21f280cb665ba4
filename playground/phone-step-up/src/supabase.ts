import { createClient } from '@supabase/supabase-js';

/** The one client of this app: it keeps the session, and takes a new one out of the URL that a recovery link leads to. */
export const supabase = createClient(
  import.meta.env.VITE_SUPABASE_URL ?? location.origin,
  import.meta.env.VITE_SUPABASE_PUBLISHABLE_KEY ?? 'demo-key',
);
