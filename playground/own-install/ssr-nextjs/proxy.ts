import { createServerClient } from '@supabase/ssr';
import { type NextRequest, NextResponse } from 'next/server';
import { cookieOptions } from './lib/supabase';

// #region proxy
/**
 * Renews the session before a page runs. A page can't set cookies: a token that it renewed would be lost, and the refresh token with it.
 */
export async function proxy(request: NextRequest): Promise<NextResponse> {
  let response = NextResponse.next({ request });
  const supabase = createServerClient(process.env.SUPABASE_URL ?? '', process.env.SUPABASE_PUBLISHABLE_KEY ?? '', {
    cookies: {
      getAll: () => request.cookies.getAll(),
      setAll(changed, headers) {
        for (const { name, value } of changed) request.cookies.set(name, value); // for the page
        response = NextResponse.next({ request });
        for (const { name, value, options } of changed)
          response.cookies.set(name, value, cookieOptions(options, request.nextUrl.host)); // for the browser
        for (const [name, value] of Object.entries(headers)) response.headers.set(name, value); // keeps sessions out of caches
      },
    },
  });
  await supabase.auth.getClaims(); // renews an access token that is over
  return response;
}

export const config = { matcher: ['/enter-code', '/new-password', '/password-changed'] };
// #endregion
