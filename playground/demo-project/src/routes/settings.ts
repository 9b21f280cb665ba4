import type { Call } from '../auth/project.ts';

const providers =
  'anonymous_users apple azure bitbucket discord facebook snapchat figma fly github gitlab google keycloak kakao linkedin linkedin_oidc notion spotify slack slack_oidc workos twitch twitter email phone zoom'.split(
    ' ',
  );

/** `GET /settings`: the public settings. They say nothing about MFA. */
export function showSettings({ project }: Call): unknown {
  const { auth } = project.config;
  const on: Record<string, boolean> = {
    anonymous_users: auth.enable_anonymous_sign_ins,
    email: auth.email.enable_signup,
    phone: auth.sms.enable_signup,
  };
  return {
    external: Object.fromEntries(providers.map((name) => [name, on[name] ?? false])),
    disable_signup: !auth.enable_signup,
    mailer_autoconfirm: !auth.email.enable_confirmations,
    phone_autoconfirm: !auth.sms.enable_confirmations,
    sms_provider: '',
    saml_enabled: false,
    saml_private_key_next_configured: true,
    passkeys_enabled: auth.passkey.enabled,
  };
}
