// #region client
import { createServerClient, parseCookieHeader, serializeCookieHeader } from '@supabase/ssr';
import type { SupabaseClient } from '@supabase/supabase-js';

/** A client for one request: it has the session of the request's cookies, and what changes goes into the answer's. */
export function clientFor(request: Request, answer: Headers): SupabaseClient {
  const { SUPABASE_URL = '', SUPABASE_PUBLISHABLE_KEY = '' } = process.env;
  return createServerClient(SUPABASE_URL, SUPABASE_PUBLISHABLE_KEY, {
    cookies: {
      getAll: () => parseCookieHeader(request.headers.get('cookie') ?? ''),
      setAll(cookies, headers) {
        for (const { name, value, options } of cookies) {
          answer.append('set-cookie', serializeCookieHeader(name, value, { ...options, httpOnly: true, secure: true }));
        }
        for (const [name, value] of Object.entries(headers)) answer.set(name, value); // keeps sessions out of caches
      },
    },
  });
}

/** Answers a form: `act` does its work and says where to go next. */
function onPost(act: (supabase: SupabaseClient, form: FormData) => Promise<string>) {
  return async (request: Request): Promise<Response> => {
    const headers = new Headers();
    headers.set('location', await act(clientFor(request, headers), await request.formData()));
    return new Response(null, { status: 303, headers });
  };
}
// #endregion

// #region start
/** POST /reset-password: the button on the page that the mail links to. */
export const startReset = onPost(async (supabase, form) => {
  const { error } = await supabase.auth.verifyOtp({ type: 'recovery', token_hash: String(form.get('token_hash')) });
  return error ? '/forgot-password?again' : '/new-password';
});
// #endregion

// #region guard
/** GET /new-password: where this visitor has to go before the form for the password, if anywhere. */
export async function stopBefore(supabase: SupabaseClient): Promise<'/forgot-password' | '/enter-code' | null> {
  const { data: factors, error } = await supabase.auth.mfa.listFactors(); // asks Auth
  if (error) return '/forgot-password';
  const { data: token } = await supabase.auth.getClaims(); // checks the token's signature
  const hasVerifiedFactor = factors.all.some(({ status }) => status === 'verified');
  return hasVerifiedFactor && token?.claims.aal !== 'aal2' ? '/enter-code' : null;
}
// #endregion

// #region step-up
/** POST /enter-code: challenge and verify, both in this one call, from this one machine. */
export const enterCode = onPost(async (supabase, form) => {
  const { error } = await supabase.auth.mfa.challengeAndVerify({
    factorId: String(form.get('factor')),
    code: String(form.get('code')),
  });
  return error ? `/enter-code?error=${error.code}` : '/new-password';
});

/** POST /new-password */
export const savePassword = onPost(async (supabase, form) => {
  const { error } = await supabase.auth.updateUser({ password: String(form.get('password')) });
  if (!error) return '/account';
  return error.code === 'insufficient_aal' ? '/enter-code' : `/new-password?error=${error.code}`;
});
// #endregion
