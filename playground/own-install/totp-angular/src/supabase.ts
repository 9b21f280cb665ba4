import { createClient } from '@supabase/supabase-js';

/**
 * The app's only client: it keeps the session. link.ts starts a session, because supabase-js would leave the
 * tokens in the history. Put your project's URL and publishable key here. `ng serve` passes `/auth/v1` on to the
 * demo project: see proxy.conf.json.
 */
export const supabase = createClient(location.origin, 'demo-key', { auth: { detectSessionInUrl: false } });
