import { createServerClient } from '@supabase/ssr';
import { type NextRequest, NextResponse } from 'next/server';
import { cookieOptions } from './lib/supabase';

// #region proxy
/**
 * Refreshes the session before a page runs. A page can't set cookies, so it would lose the new access token
 * and, with it, the refresh token.
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
  await supabase.auth.getClaims(); // refreshes an expired access token
  return response;
}

export const config = { matcher: ['/enter-code', '/new-password', '/password-changed'] };
// #endregion
