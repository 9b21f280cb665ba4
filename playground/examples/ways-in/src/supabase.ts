import { createClient } from '@supabase/supabase-js';

/** The links that this app asks for. An app chooses one of the two; `?pkce` in the address lets you compare them here. */
const flowType = location.search === '?pkce' ? 'pkce' : 'implicit';

/** The one client of this app: it keeps the session. link.ts starts one. If supabase-js did, the tokens would stay in the history. */
export const supabase = createClient(
  import.meta.env.VITE_SUPABASE_URL ?? location.origin,
  import.meta.env.VITE_SUPABASE_PUBLISHABLE_KEY ?? 'demo-key',
  { auth: { detectSessionInUrl: false, flowType } },
);
