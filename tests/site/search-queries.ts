/**
 * What readers type or paste, and the page that answers it. If two pages answer equally well, both are
 * listed, the better page first.
 */
type Query = [query: string, ...pages: string[]];

const home = '';
const why = 'why-a-recovery-session-is-aal1/';
const reset = 'reset-a-password-with-mfa/';
const lost = 'lost-factor/';
const other = 'other-changes/';
const links = 'links-codes-and-tokens/';
const server = 'server-side/';
const data = 'protect-data/';
const questions = 'questions/';

/** Taken from issues, discussions, and reviews of this guide. The wording of the pages takes these into account. */
export const queries: Query[] = [
  ['AAL2 session is required to update email or password when MFA is enabled.', home],
  ['insufficient_aal', home],
  ['resetPasswordForEmail + MFA: Cannot update password due to AAL2 requirement', home],
  ['401 unauthorized updateUser', home],
  ['AAL1 session', why],
  ['what is aal', why, 'glossary/'],
  ['setSession', why, questions],
  ['why is a recovery session aal1', why],
  ['MFA reset password supabase', reset, home],
  ['reset password with totp', reset],
  ['how to reset a password when mfa is enabled', reset, home],
  ['react', 'react/'],
  ['angular', 'angular/'],
  ['vue', 'vue/'],
  ['svelte', 'svelte/'],
  ['vanilla javascript', 'plain-html/'],
  ['guess the code lockout', reset],
  ['getAuthenticatorAssuranceLevel wrong', reset, questions],
  ['lost authenticator', lost],
  ['lost phone', lost],
  ['recovery codes', lost],
  ['backup codes', lost],
  ['user locked out of mfa', lost],
  ['admin delete factor', lost],
  ['admin updateUserById password bypass mfa', lost, reset],
  ['SMS code', 'sms-factor/'],
  ['sms code not arriving resend', 'sms-factor/'],
  ['phone factor', 'sms-factor/'],
  ['passkey aal1', 'passkeys-and-aal/'],
  ['passkey', 'passkeys-and-aal/'],
  ['webauthn security key', 'passkeys-and-aal/'],
  ['RLS policy aal', data],
  ['rls aal2 policy', data],
  ['42501 permission denied for table mfa_factors', data],
  ['auth.jwt() aal restrictive', data],
  ['access token still valid after sign out', data, 'sessions-and-tokens/'],
  ['change password while signed in', other],
  ['change email mfa', other],
  ['unenroll factor', other],
  ['current_password', other, 'errors/'],
  ['reauthenticate nonce', other],
  ['otp_expired', links, questions],
  ['safe links outlook consumed token', links],
  ['link opened on another device', links],
  ['code_verifier other browser', links],
  ['email template token_hash', links],
  ['magic link', links],
  ['nextjs server action reset password mfa', 'nextjs/', server],
  ['next.js', 'nextjs/'],
  ['sveltekit ssr cookies', 'sveltekit/', server],
  ['mfa_ip_address_mismatch', questions, server, reset, 'errors/'],
  ['httpOnly cookie', server],
  ['csrf', server],
  ['flutter', 'mobile/'],
  ['react native expo', 'mobile/'],
  ['deep link', 'mobile/'],
  ['onAuthStateChange PASSWORD_RECOVERY not fired', 'events/', questions],
  ['PASSWORD_RECOVERY', 'events/', questions],
  ['updateUser hangs', 'events/', questions, 'versions/'],
  ['link opens localhost', questions, links, reset],
  ['redirectTo ignored', reset, links, questions],
  ['how to test', 'test-your-flow/'],
  ['mock supabase auth in tests', 'test-your-flow/', 'the-demo-project/'],
  ['playwright vitest', 'test-your-flow/'],
  ['decode jwt', 'decode/'],
  ['session expired during reset', reset, 'sessions-and-tokens/', questions],
  ['nist owasp', 'is-this-good-design/'],
  ['since which version', 'versions/'],
  ['refresh token reuse', 'sessions-and-tokens/'],
  ['stackblitz', 'playground/'],
  ['config.toml', 'the-demo-project/'],
];

/** Written before the search was tuned, and unchanged since. */
export const untuned: Query[] = [
  ['reset password link mfa 401', home, reset],
  ['change email aal2', other],
  ['user deleted authenticator app', lost],
  ['factor id challenge expired', 'errors/', reset],
  ['verifyOtp type recovery', links],
  ['vue', reset, home],
  ['sveltekit', 'sveltekit/'],
  ['expo deep link', 'mobile/'],
  ['jwt aal claim', why, data, 'decode/'],
  ['sign out other devices', 'sessions-and-tokens/', reset],
  ['brute force totp', reset, server],
  ['supabase mock auth for tests', 'the-demo-project/', 'test-your-flow/'],
  ['email not arriving', links, questions],
  ['getAuthenticatorAssuranceLevel', reset, questions],
  ['magic link mfa', links, why],
  ['policy restrictive', data],
  ['when was this rule introduced', 'versions/', why],
  ['nonce reauthenticate', other],
  ['invite user set password', links, questions, reset],
  ['what is a challenge', 'glossary/', reset],
];
