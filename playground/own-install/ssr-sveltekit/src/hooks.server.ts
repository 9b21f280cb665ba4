import { createServerClient } from '@supabase/ssr';
import type { Handle } from '@sveltejs/kit';
import { env } from '$env/dynamic/private';

// #region hooks
/** Gives each request its own client. It reads the session from the cookies, and writes changes back. */
export const handle: Handle = async ({ event, resolve }) => {
  const uncached = new Headers();
  event.locals.supabase = createServerClient(env['SUPABASE_URL'] ?? '', env['SUPABASE_PUBLISHABLE_KEY'] ?? '', {
    cookies: {
      getAll: () => event.cookies.getAll(),
      setAll(cookies, headers) {
        for (const { name, value, options } of cookies) {
          // SvelteKit requires a path. It sets `secure` itself, but not on http://localhost.
          event.cookies.set(name, value, { ...options, path: '/', httpOnly: true });
        }
        for (const [name, value] of Object.entries(headers)) uncached.set(name, value);
      },
    },
  });
  const response = await resolve(event);
  for (const [name, value] of uncached) response.headers.set(name, value); // keeps sessions out of caches
  response.headers.set('referrer-policy', 'same-origin'); // keeps the token in the link from other sites
  return response;
};
// #endregion
