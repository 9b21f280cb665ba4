/** The parts of Supabase Auth that the demo project leaves out, as data. */
import type { ErrorCode } from './auth/errors.ts';

export interface LeftOut {
  /** Spelled as in Auth's router. */
  endpoints: readonly string[];
  reason: string;
  /**
   * For features that Auth can turn off. All endpoints below this path respond as Auth does while the feature is off.
   * The other endpoints respond like a route that Auth doesn't know.
   */
  off?: { readonly path: string; readonly code: ErrorCode; readonly message: string };
}

/** All endpoints of Supabase Auth that are left out, with the reason. */
export const leftOut: readonly LeftOut[] = [
  {
    endpoints: ['GET /authorize', 'GET /callback', 'POST /callback'],
    reason: 'Signing in with another provider (OAuth) needs that provider.',
  },
  {
    endpoints: ['GET /user/identities/authorize', 'DELETE /user/identities/:identity_id'],
    reason: 'Linking an identity of another provider needs that provider.',
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
    reason: 'The OAuth server signs users in to other apps. It has no part in a password reset.',
    off: { path: '/oauth', code: 'feature_disabled', message: 'OAuth server is disabled' },
  },
  {
    endpoints: ['GET /user/oauth/grants', 'DELETE /user/oauth/grants'],
    reason: "They're part of the OAuth server.",
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
    reason: "They're part of the OAuth server.",
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
    reason: 'Custom OAuth providers need such a provider.',
  },
  {
    endpoints: ['GET /scim/v2/ServiceProviderConfig', 'GET /scim/v2/ResourceTypes', 'GET /scim/v2/Schemas'],
    reason: 'Provisioning by SCIM is still experimental in Auth.',
    off: { path: '/scim/v2', code: 'feature_disabled', message: 'SCIM server is disabled' },
  },
  {
    endpoints: ['GET /admin/audit'],
    reason: 'The log has the same events.',
  },
];
