import { createServerClient } from '@supabase/ssr';
import type { SupabaseClient } from '@supabase/supabase-js';
import { cookies, headers } from 'next/headers';
import { connection } from 'next/server';

// #region client
/**
 * Returns a client for this request. It reads the session from the cookies. In a Server
 * Action it also writes changes back.
 */
export async function createClient(): Promise<SupabaseClient> {
  await connection(); // the client reads the clock, which pages may not do while they're prerendered
  const store = await cookies();
  const host = (await headers()).get('host') ?? '';
  return createServerClient(process.env.SUPABASE_URL ?? '', process.env.SUPABASE_PUBLISHABLE_KEY ?? '', {
    cookies: {
      getAll: () => store.getAll(),
      setAll(changed) {
        try {
          for (const { name, value, options } of changed) store.set(name, value, cookieOptions(options, host));
        } catch {
          // A page can't set cookies. proxy.ts refreshed the session before the page ran, so nothing is lost.
        }
      },
    },
  });
}

/** httpOnly: no script on your pages can read the session. Leave it out if you use createBrowserClient(). */
export function cookieOptions(options: object, host: string): object {
  return { ...options, httpOnly: true, secure: !host.startsWith('localhost') };
}
// #endregion
