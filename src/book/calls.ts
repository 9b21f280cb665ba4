/** Which endpoint of Supabase Auth each method of supabase-js calls. tests/code/calls.spec.ts calls them all and compares. */
import { endpointOf } from '../proof/endpoints.ts';

/** Keyed by the name that pages use. Ids in a path are `{id}`. From a query, only the grant type counts. */
export const calls = {
  'resetPasswordForEmail()': 'POST /recover',
  'the link in an email': 'GET /verify',
  'verifyOtp()': 'POST /verify',
  'exchangeCodeForSession()': 'POST /token?grant_type=pkce',
  'signInWithPassword()': 'POST /token?grant_type=password',
  'refreshSession()': 'POST /token?grant_type=refresh_token',
  'getUser()': 'GET /user',
  'mfa.listFactors()': 'GET /user',
  'updateUser()': 'PUT /user',
  'mfa.enroll()': 'POST /factors',
  'mfa.challenge()': 'POST /factors/{id}/challenge',
  'mfa.verify()': 'POST /factors/{id}/verify',
  'mfa.unenroll()': 'DELETE /factors/{id}',
  'reauthenticate()': 'GET /reauthenticate',
  'signOut()': 'POST /logout',
  'signInWithOtp()': 'POST /otp',
  'resend()': 'POST /resend',
  'signUp()': 'POST /signup',
  'unlinkIdentity()': 'DELETE /user/identities/{id}',
  'linkIdentity()': 'GET /user/identities/authorize',
  'signInWithSSO()': 'POST /sso',
  'signing in with a passkey': 'POST /passkeys/authentication/verify',
  'registering a passkey': 'POST /passkeys/registration/verify',
  'admin.createUser()': 'POST /admin/users',
  'admin.listUsers()': 'GET /admin/users',
  'admin.getUserById()': 'GET /admin/users/{id}',
  'admin.updateUserById()': 'PUT /admin/users/{id}',
  'admin.deleteUser()': 'DELETE /admin/users/{id}',
  'admin.generateLink()': 'POST /admin/generate_link',
  'admin.inviteUserByEmail()': 'POST /invite',
  'admin.mfa.listFactors()': 'GET /admin/users/{id}/factors',
  'admin.mfa.deleteFactor()': 'DELETE /admin/users/{id}/factors/{id}',
} as const satisfies { [call: string]: `${'GET' | 'POST' | 'PUT' | 'DELETE'} /${string}` };

export type MethodName = keyof typeof calls;

/** Returns what calls an endpoint: methods, the link in an email, or nothing if the table doesn't have it. */
export function callsTo(endpoint: string): MethodName[] {
  return (Object.keys(calls) as MethodName[]).filter((call) => calls[call] === endpoint);
}

/**
 * Returns what sends a request, by method and path as in a log line. Without `grantType`, every
 * grant type of `/token` matches.
 */
export function callsOfRequest(method: string, path: string, grantType?: string): MethodName[] {
  const endpoint = endpointOf({ method, path: grantType ? `${path}?grant_type=${grantType}` : path });
  return (Object.keys(calls) as MethodName[]).filter(
    (call) => calls[call] === endpoint || calls[call].startsWith(`${endpoint}?`),
  );
}
