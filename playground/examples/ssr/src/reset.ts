// #region client
import { createServerClient, parseCookieHeader, serializeCookieHeader } from '@supabase/ssr';
import { type AuthError, isAuthSessionMissingError, type SupabaseClient } from '@supabase/supabase-js';

/** Returns a client for one request. It reads the session from the request's cookies and writes changes to `answer`. */
export function clientFor(request: Request, answer: Headers): SupabaseClient {
  const { SUPABASE_URL = '', SUPABASE_PUBLISHABLE_KEY = '' } = process.env;
  const secure = new URL(request.url).hostname !== 'localhost';
  return createServerClient(SUPABASE_URL, SUPABASE_PUBLISHABLE_KEY, {
    cookies: {
      getAll: () => parseCookieHeader(request.headers.get('cookie') ?? ''),
      setAll(cookies, headers) {
        for (const { name, value, options } of cookies) {
          // httpOnly: no script on your pages can read the session. Leave it out if you use createBrowserClient().
          answer.append('set-cookie', serializeCookieHeader(name, value, { ...options, httpOnly: true, secure }));
        }
        for (const [name, value] of Object.entries(headers)) answer.set(name, value); // keeps sessions out of caches
      },
    },
  });
}
// #endregion

// #region post
/** Answers a form: `act` does the work and returns where to go next. */
function onPost(act: (supabase: SupabaseClient, form: FormData) => Promise<string>) {
  return async (request: Request): Promise<Response> => {
    if (!isFromOwnPage(request)) return new Response('This form belongs to another site.', { status: 403 });
    const headers = new Headers({ 'cache-control': 'no-store' });
    headers.set('location', await act(clientFor(request, headers), await request.formData()));
    return new Response(null, { status: 303, headers });
  };
}

/** Browsers say which site a form comes from. Old browsers, and all browsers on plain http, send only the origin. */
function isFromOwnPage({ url, headers }: Request): boolean {
  const site = headers.get('sec-fetch-site');
  return site ? site === 'same-origin' : headers.get('origin') === new URL(url).origin;
}

function field(form: FormData, name: string): string {
  return String(form.get(name) ?? '');
}
// #endregion

// #region problems
/** The values of `?problem=`, and the sentence that the page shows for each. */
export const problems = {
  link: 'This link was used already or is too old. Ask for a new one.',
  session: 'This reset took too long or was ended elsewhere. Ask for a new link.',
  locked: 'Too many wrong codes. Wait a while, then ask for a new link.',
  code: 'That code is wrong or too old.',
  challenge: 'We couldn’t check your code. Try again with a new code.',
  'same-password': 'That’s your old password. Choose another one.',
  'weak-password': 'That password is too weak. Choose a longer one, with letters, digits, and symbols.',
  'too-often': 'Too many tries. Wait a minute, then try again.',
  other: 'That didn’t work. Try again.',
};

const problemOf: { [code: string]: keyof typeof problems } = {
  otp_expired: 'link',
  mfa_verification_rejected: 'locked',
  mfa_verification_failed: 'code',
  mfa_ip_address_mismatch: 'challenge',
  mfa_challenge_expired: 'challenge',
  same_password: 'same-password',
  weak_password: 'weak-password',
  over_request_rate_limit: 'too-often',
  over_sms_send_rate_limit: 'too-often',
};

/** Returns where an error leads: back to the form, to the code, or to a new link. Auth's own words never get into the URL. */
function after(error: AuthError, form: string, parameters: { [name: string]: string } = {}): string {
  if (error.code === 'insufficient_aal') return '/enter-code';
  const problem = isSessionGone(error) ? 'session' : (problemOf[error.code ?? ''] ?? 'other');
  if (problem === 'session' || problem === 'locked') return `/forgot-password?problem=${problem}`;
  return `${form}?${new URLSearchParams({ ...parameters, problem })}`;
}

function isSessionGone(error: AuthError): boolean {
  const codes = ['bad_jwt', 'session_expired', 'refresh_token_not_found', 'refresh_token_already_used'];
  return isAuthSessionMissingError(error) || codes.includes(error.code ?? '');
}
// #endregion

// #region ask
/** POST /forgot-password: gives every address the same answer, so it doesn't reveal who has an account. */
export const askForLink = onPost(async (supabase, form) => {
  const { error } = await supabase.auth.resetPasswordForEmail(field(form, 'email'));
  if (error?.code === 'over_request_rate_limit') return '/forgot-password?problem=too-often'; // counted by IP address
  if (error) console.error(error); // it may depend on the account, so only log it
  return '/forgot-password?sent';
});
// #endregion

// #region start
/** POST /reset-password: the button on the page that the email links to. */
export const startReset = onPost(async (supabase, form) => {
  const { error } = await supabase.auth.verifyOtp({ type: 'recovery', token_hash: field(form, 'token_hash') });
  return error ? after(error, '/forgot-password') : (await findStep(supabase)).step;
});
// #endregion

// #region step
/**
 * For GET /enter-code and /new-password. `step` is the page that this session needs now: redirect to it from any other.
 * Show `email` above the form: the link decides whose password this is, not the person who opens it.
 */
export async function findStep(supabase: SupabaseClient) {
  const { data, error } = await supabase.auth.getUser(); // asks Auth
  if (error) return { step: after(error, '/forgot-password'), factors: [] };
  const { data: token } = await supabase.auth.getClaims(); // checks the token's signature
  const factors = (data.user.factors ?? []).filter(({ status }) => status === 'verified');
  const step = factors.length > 0 && token?.claims.aal !== 'aal2' ? '/enter-code' : '/new-password';
  return { step, email: data.user.email, factors };
}
// #endregion

// #region text
/** POST /enter-code/text: sends a code to a phone factor. Passes the challenge to the form for the code. */
export const sendText = onPost(async (supabase, form) => {
  const factor = field(form, 'factor');
  const { data, error } = await supabase.auth.mfa.challenge({ factorId: factor, channel: 'sms' });
  if (error) return after(error, '/enter-code', { factor });
  return `/enter-code?${new URLSearchParams({ factor, challenge: data.id })}`;
});
// #endregion

// #region code
/** POST /enter-code: `challenge` comes from `sendText`. An authenticator app needs none. */
export const enterCode = onPost(async (supabase, form) => {
  const [factorId, challengeId] = [field(form, 'factor'), field(form, 'challenge')];
  const code = field(form, 'code').replace(/\s/g, ''); // apps show "123 456"
  if (!code) return `/enter-code?problem=code`;
  const { mfa } = supabase.auth;
  const verify = () =>
    challengeId ? mfa.verify({ factorId, challengeId, code }) : mfa.challengeAndVerify({ factorId, code });
  let { error } = await verify();
  // The two calls came from different IP addresses, or too late, so Auth didn't look at the code. Try a new challenge.
  if (!challengeId && problemOf[error?.code ?? ''] === 'challenge') ({ error } = await verify());
  if (!error) return '/new-password';
  return after(error, '/enter-code', challengeId ? { factor: factorId, challenge: challengeId } : {});
});
// #endregion

// #region password
/** POST /new-password */
export const savePassword = onPost(async (supabase, form) => {
  const { error } = await supabase.auth.updateUser({ password: field(form, 'password') });
  return error ? after(error, '/new-password') : '/password-changed';
});
// #endregion

// #region sign-out
/** POST /sign-out: ends this browser's session, and no other. */
export const signOut = onPost(async (supabase) => {
  const { error } = await supabase.auth.signOut({ scope: 'local' });
  if (error) console.error(error); // the cookies are gone anyway
  return '/signed-out';
});
// #endregion
