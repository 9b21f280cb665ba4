import { createClient } from '@supabase/supabase-js';

/**
 * The one client of this app: it keeps the session. link.ts starts one. If supabase-js did, the tokens would stay in the history.
 * Put your project's URL and publishable key here. `ng serve` passes `/auth/v1` on to the demo project: see proxy.conf.json.
 */
export const supabase = createClient(location.origin, 'demo-key', { auth: { detectSessionInUrl: false } });
