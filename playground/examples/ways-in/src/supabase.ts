import { createClient } from '@supabase/supabase-js';

const address = new URLSearchParams(location.search);

/** The links that this app asks for and takes. An app of yours has one of the two; `?pkce` lets you compare them here. */
const flowType = address.has('pkce') || address.has('code') ? 'pkce' : 'implicit';

/** The one client of this app: it keeps the session. link.ts starts one. If supabase-js did, the tokens would stay in the history. */
export const supabase = createClient(
  import.meta.env.VITE_SUPABASE_URL ?? location.origin,
  import.meta.env.VITE_SUPABASE_PUBLISHABLE_KEY ?? 'demo-key',
  { auth: { detectSessionInUrl: false, flowType } },
);
