/**
 * The routes of Supabase Auth as data: what the demo project serves, and what it leaves out. This module imports no
 * other code, so a page can show it. It types the router, and tests compare it with Auth's own list of routes. What a
 * page needs right away and what it needs later are in separate files.
 */
export { type LeftOut, leftOut } from './left-out.ts';
export { authVersion } from './version.ts';

/** Each endpoint that is served, and what it does. */
export const served = {
  'GET /health': 'Whether it runs, and as which version',
  'GET /settings': 'Which sign-ins are on',
  'GET /.well-known/jwks.json': 'Public keys to verify access tokens with',
  'GET /.well-known/oauth-authorization-server': 'That the OAuth server is off',
  'POST /signup': 'Sign up with email or phone and a password, or as an anonymous user',
  'POST /token': 'Sign in with a password, refresh a session, exchange an auth code (PKCE)',
  'POST /recover': 'Send a recovery link',
  'POST /otp': 'Send a magic link, or a code by text message',
  'POST /magiclink': 'Send a magic link, under its former name',
  'POST /resend': 'Send a confirmation again',
  'GET /verify': 'Follow the link of an email',
  'POST /verify': 'Verify a code or the hash of a link',
  'GET /user': 'Show the signed-in user',
  'PUT /user': 'Change password, email, phone or metadata',
  'GET /reauthenticate': 'Send a code for a secure password change',
  'POST /logout': 'End this session, the others or all',
  'POST /factors': 'Enroll a second factor: TOTP, phone or WebAuthn',
  'DELETE /factors/:factor_id': 'Remove a second factor',
  'POST /factors/:factor_id/challenge': 'Create a challenge for a second factor',
  'POST /factors/:factor_id/verify': 'Verify a second factor, which raises the session to aal2',
  'POST /passkeys/registration/options': 'Ask for a new passkey',
  'POST /passkeys/registration/verify': 'Register a passkey',
  'POST /passkeys/authentication/options': 'Ask for a passkey to sign in with',
  'POST /passkeys/authentication/verify': 'Sign in with a passkey',
  'GET /passkeys': 'List the passkeys of the signed-in user',
  'PATCH /passkeys/:passkey_id': 'Rename a passkey',
  'DELETE /passkeys/:passkey_id': 'Remove a passkey',
  'POST /invite': 'Invite a user by email (service key)',
  'POST /admin/generate_link': 'Make the link that an email would carry (service key)',
  'GET /admin/users': 'List users (service key)',
  'POST /admin/users': 'Create a user (service key)',
  'GET /admin/users/:user_id': 'Show a user (service key)',
  'PUT /admin/users/:user_id': 'Change a user (service key)',
  'DELETE /admin/users/:user_id': 'Delete a user (service key)',
  'GET /admin/users/:user_id/factors': "List a user's second factors (service key)",
  'PUT /admin/users/:user_id/factors/:factor_id': "Change a user's second factor (service key)",
  'DELETE /admin/users/:user_id/factors/:factor_id': "Remove a user's second factor (service key)",
  'GET /admin/users/:user_id/passkeys': "List a user's passkeys (service key)",
  'DELETE /admin/users/:user_id/passkeys/:passkey_id': "Remove a user's passkey (service key)",
  'GET /admin/custom-providers': 'List custom OAuth providers: there are none (service key)',
} as const;

export type Endpoint = keyof typeof served;
