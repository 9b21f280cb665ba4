/**
 * What the demo project answers, and what it leaves out: the routes of Supabase Auth, as data. Nothing is loaded with it,
 * so that a page can show it. The router is typed by it, and tests hold it against Auth's own list of routes.
 */
import type { ErrorCode } from './auth/errors.ts';

/** The version of Supabase Auth that the demo project answers as. */
export const authVersion = '2.196.0';

/** Each endpoint served, with what it does. */
export const served = {
  'GET /health': 'Whether it runs, and as which version',
  'GET /settings': 'Which sign-ins are on',
  'GET /.well-known/jwks.json': 'Public keys to verify access tokens with',
  'GET /.well-known/oauth-authorization-server': 'That the OAuth server is off',
  'POST /signup': 'Sign up with e-mail or phone and a password, or as an anonymous user',
  'POST /token': 'Sign in with a password, refresh a session, exchange an auth code (PKCE)',
  'POST /recover': 'Send a recovery link',
  'POST /otp': 'Send a magic link, or a code by text message',
  'POST /magiclink': 'Send a magic link, under a former name',
  'POST /resend': 'Send a confirmation once more',
  'GET /verify': 'Follow the link of a mail',
  'POST /verify': 'Verify a code or the hash of a link',
  'GET /user': 'Show the signed-in user',
  'PUT /user': 'Change password, e-mail, phone or metadata',
  'GET /reauthenticate': 'Send a code for a secure password change',
  'POST /logout': 'End this session, the others or all',
  'POST /factors': 'Enrol a second factor: TOTP, phone or WebAuthn',
  'DELETE /factors/:factor_id': 'Remove a second factor',
  'POST /factors/:factor_id/challenge': 'Ask for a second factor',
  'POST /factors/:factor_id/verify': 'Verify a second factor, which lifts the session to aal2',
  'POST /passkeys/registration/options': 'Ask for a new passkey',
  'POST /passkeys/registration/verify': 'Register a passkey',
  'POST /passkeys/authentication/options': 'Ask for a passkey to sign in with',
  'POST /passkeys/authentication/verify': 'Sign in with a passkey',
  'GET /passkeys': 'List the passkeys of the signed-in user',
  'PATCH /passkeys/:passkey_id': 'Rename a passkey',
  'DELETE /passkeys/:passkey_id': 'Remove a passkey',
  'POST /invite': 'Invite a user by e-mail (service key)',
  'POST /admin/generate_link': 'Make the link that a mail would carry (service key)',
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
  'GET /admin/custom-providers': "List OAuth providers of one's own, of which there are none (service key)",
} as const;

export type Endpoint = keyof typeof served;

export interface LeftOut {
  /** As Auth's router has them. */
  endpoints: readonly string[];
  reason: string;
  /**
   * Where Auth itself has the feature behind a switch: everything below this path gets what Auth answers while it is off.
   * Other endpoints are answered as a route that Auth does not know.
   */
  off?: { readonly path: string; readonly code: ErrorCode; readonly message: string };
}

/** Each endpoint of Supabase Auth that is left out, with the reason. */
export const leftOut: readonly LeftOut[] = [
  {
    endpoints: ['GET /authorize', 'GET /callback', 'POST /callback'],
    reason: 'Sign-in with other providers (OAuth) needs these providers.',
  },
  {
    endpoints: ['GET /user/identities/authorize', 'DELETE /user/identities/:identity_id'],
    reason: 'Identities of other providers are linked with OAuth.',
    off: { path: '/user/identities', code: 'manual_linking_disabled', message: 'Manual linking is disabled' },
  },
  {
    endpoints: ['POST /sso', 'GET /sso/saml/metadata', 'POST /sso/saml/acs'],
    reason: 'SAML needs an identity provider.',
    off: { path: '/sso', code: 'saml_provider_disabled', message: 'SAML 2.0 is disabled' },
  },
  {
    endpoints: [
      'GET /admin/sso/providers',
      'POST /admin/sso/providers',
      'GET /admin/sso/providers/:idp_id',
      'PUT /admin/sso/providers/:idp_id',
      'DELETE /admin/sso/providers/:idp_id',
    ],
    reason: 'SAML needs an identity provider.',
  },
  {
    endpoints: [
      'POST /oauth/clients/register',
      'POST /oauth/token',
      'GET /oauth/userinfo',
      'GET /oauth/authorize',
      'GET /oauth/authorizations/:authorization_id',
      'POST /oauth/authorizations/:authorization_id/consent',
    ],
    reason: 'Being an OAuth server for other apps has nothing to do with recovery and MFA.',
    off: { path: '/oauth', code: 'feature_disabled', message: 'OAuth server is disabled' },
  },
  {
    endpoints: ['GET /user/oauth/grants', 'DELETE /user/oauth/grants'],
    reason: 'They belong to the OAuth server.',
    off: { path: '/user/oauth/grants', code: 'feature_disabled', message: 'OAuth server is disabled' },
  },
  {
    endpoints: [
      'POST /admin/oauth/clients',
      'GET /admin/oauth/clients',
      'GET /admin/oauth/clients/:client_id',
      'PUT /admin/oauth/clients/:client_id',
      'DELETE /admin/oauth/clients/:client_id',
      'POST /admin/oauth/clients/:client_id/regenerate_secret',
    ],
    reason: 'They belong to the OAuth server.',
    off: { path: '/admin/oauth', code: 'feature_disabled', message: 'OAuth server is disabled' },
  },
  {
    endpoints: ['GET /.well-known/openid-configuration'],
    reason: 'It describes the OAuth server.',
  },
  {
    endpoints: [
      'POST /admin/custom-providers',
      'GET /admin/custom-providers/:identifier',
      'PUT /admin/custom-providers/:identifier',
      'DELETE /admin/custom-providers/:identifier',
    ],
    reason: "OAuth providers of one's own need such providers.",
  },
  {
    endpoints: ['GET /scim/v2/ServiceProviderConfig', 'GET /scim/v2/ResourceTypes', 'GET /scim/v2/Schemas'],
    reason: 'Provisioning by SCIM is an experiment of Auth.',
    off: { path: '/scim/v2', code: 'feature_disabled', message: 'SCIM server is disabled' },
  },
  {
    endpoints: ['GET /admin/audit'],
    reason: 'The audit events stand in the log.',
  },
];
