/**
 * All routes. A server doesn't list them, but if you call a path with an unsupported method, the response names the
 * supported ones.
 */
import { scenario } from '../scenario.ts';

/**
 * Every path of Supabase Auth 2.196, in the order of its router:
 * https://github.com/supabase/auth/blob/v2.196.0/internal/api/api.go
 */
export const paths = [
  '/health',
  '/.well-known/jwks.json',
  '/.well-known/openid-configuration',
  '/.well-known/oauth-authorization-server',
  '/callback',
  '/settings',
  '/authorize',
  '/invite',
  '/signup',
  '/recover',
  '/resend',
  '/magiclink',
  '/otp',
  '/token',
  '/verify',
  '/logout',
  '/reauthenticate',
  '/user',
  '/user/identities/authorize',
  '/user/identities/:identity_id',
  '/user/oauth/grants',
  '/factors',
  '/factors/:factor_id/verify',
  '/factors/:factor_id/challenge',
  '/factors/:factor_id',
  '/passkeys/authentication/options',
  '/passkeys/authentication/verify',
  '/passkeys/registration/options',
  '/passkeys/registration/verify',
  '/passkeys',
  '/passkeys/:passkey_id',
  '/sso',
  '/sso/saml/metadata',
  '/sso/saml/acs',
  '/admin/audit',
  '/admin/users',
  '/admin/users/:user_id/factors',
  '/admin/users/:user_id/factors/:factor_id',
  '/admin/users/:user_id/passkeys',
  '/admin/users/:user_id/passkeys/:passkey_id',
  '/admin/users/:user_id',
  '/admin/generate_link',
  '/admin/sso/providers',
  '/admin/sso/providers/:idp_id',
  '/admin/oauth/clients',
  '/admin/oauth/clients/:client_id',
  '/admin/oauth/clients/:client_id/regenerate_secret',
  '/admin/custom-providers',
  '/admin/custom-providers/:identifier',
  '/oauth/clients/register',
  '/oauth/token',
  '/oauth/userinfo',
  '/oauth/authorize',
  '/oauth/authorizations/:authorization_id',
  '/oauth/authorizations/:authorization_id/consent',
  '/scim/v2/ServiceProviderConfig',
  '/scim/v2/ResourceTypes',
  '/scim/v2/Schemas',
];

/** The smallest identity provider metadata that Auth accepts. */
const metadata = (
  entityId: string,
) => `<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="${entityId}">
  <IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
    <SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="${entityId}"/>
  </IDPSSODescriptor>
</EntityDescriptor>`;

export const heading = 'Endpoints and their methods';

export const scenarios = [
  scenario(
    'routes',
    'Each path lists its methods when called with the wrong method, with all features on',
    async (project) => {
      const ada = await project.given.userWithFactor();
      const provider = await project.given.call<{ id: string }>('POST /admin/sso/providers', {
        as: 'service',
        body: { type: 'saml', metadata_xml: metadata(`https://idp.example.com/${project.run}`) },
      });
      const client = await project.given.call<{ client_id: string }>('POST /admin/oauth/clients', {
        as: 'service',
        body: { client_name: 'app', redirect_uris: ['https://app.example.com/callback'] },
      });
      project.note('an identity provider and an OAuth client have been added');
      const ids: Record<string, string> = {
        ':user_id': ada.id,
        ':factor_id': ada.factor.id,
        ':idp_id': provider.body.id,
        ':client_id': client.body.client_id,
        ':identifier': 'custom:x',
      };
      for (const path of paths) {
        const filled = path.replaceAll(/:\w+/g, (name) => ids[name] ?? '00000000-0000-4000-8000-000000000000');
        await project.send(`HEAD ${filled}`, { as: /^\/(admin|invite)/.test(path) ? 'service' : ada.session });
      }
      await project.given.call(`DELETE /admin/sso/providers/${provider.body.id}`, { as: 'service' });
      await project.given.call(`DELETE /admin/oauth/clients/${client.body.client_id}`, { as: 'service' });
    },
    'every-feature',
  ),
  scenario('features-switched-off', 'Features that are off say so, whatever the request', async (project) => {
    const ada = await project.given.user();
    for (const route of [
      'GET /user/identities/authorize?provider=github',
      'DELETE /user/identities/00000000-0000-4000-8000-000000000000',
      'POST /sso',
      'GET /sso/saml/metadata',
      'POST /sso/saml/acs',
      'GET /sso/nonsense',
      'POST /oauth/clients/register',
      'POST /oauth/token',
      'GET /oauth/userinfo',
      'PATCH /oauth/nonsense',
      'GET /user/oauth/grants',
      'DELETE /user/oauth/grants',
      'GET /.well-known/oauth-authorization-server',
      'POST /.well-known/oauth-authorization-server',
      'GET /scim/v2/ServiceProviderConfig',
      'GET /scim/v2/nonsense',
    ]) {
      await project.send(route, { as: ada.session });
    }
    for (const route of ['GET /admin/oauth/clients', 'POST /admin/oauth/clients', 'GET /admin/oauth/nonsense']) {
      await project.send(route, { as: 'service' });
      await project.send(route, { as: ada.session });
    }
    await project.send('GET /user/identities/authorize');
  }),
];
