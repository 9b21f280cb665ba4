/**
 * Settings that scenarios run with. `config` is what the demo project gets, named as in the Supabase CLI's config.toml;
 * `server` says the same in the variables of Supabase Auth, for the real server that real-server.ts starts.
 * `<origin>` stands for the server's own address. Both are changes of the defaults: those of a local Supabase project, with every MFA factor on.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PartialConfig } from '../src/index.ts';
import { ES256, RS256, samlKey } from './signing-keys.ts';

interface Profile {
  config: PartialConfig;
  server: { [variable: string]: string };
  /** What the server's database needs besides. */
  sql?: string;
  /** It turns on something that the demo project leaves out: its scenarios are recorded, and the demo project isn't held to them. */
  leftOut?: true;
}

const webauthn = {
  config: {
    auth: {
      passkey: { enabled: true },
      webauthn: { rp_id: 'localhost', rp_display_name: 'Demo', rp_origins: ['http://localhost:4200'] },
    },
  },
  server: {
    GOTRUE_PASSKEY_ENABLED: 'true',
    GOTRUE_WEBAUTHN_RP_ID: 'localhost',
    GOTRUE_WEBAUTHN_RP_DISPLAY_NAME: 'Demo',
    GOTRUE_WEBAUTHN_RP_ORIGINS: 'http://localhost:4200',
  },
} satisfies Profile;

const unhurried = {
  config: {
    auth: {
      refresh_token_reuse_interval: 30,
      email: { max_frequency: '1m' },
      sms: { max_frequency: '1m' },
      mfa: { phone: { max_frequency: '1m' } },
    },
  },
  server: {
    GOTRUE_SECURITY_REFRESH_TOKEN_REUSE_INTERVAL: '30',
    GOTRUE_SMTP_MAX_FREQUENCY: '1m',
    GOTRUE_SMS_MAX_FREQUENCY: '1m',
    GOTRUE_MFA_PHONE_MAX_FREQUENCY: '1m',
  },
} satisfies Profile;

/**
 * Recovery mails made from a file of this repository. Auth fetches it from the origin that real-server.ts puts in front of it.
 */
function recoveryMail(path: string, subject: string): Profile {
  const content = readFileSync(join(import.meta.dirname, '../../..', path), 'utf8');
  return {
    config: {
      auth: { additional_redirect_urls: ['myapp://*'], email: { template: { recovery: { subject, content } } } },
    },
    server: {
      GOTRUE_URI_ALLOW_LIST: 'myapp://*',
      GOTRUE_MAILER_SUBJECTS_RECOVERY: subject,
      GOTRUE_MAILER_TEMPLATES_RECOVERY: `<origin>/files/${path}`,
    },
  };
}

const all = {
  default: { config: {}, server: {} },
  'confirm-email': {
    config: { auth: { email: { enable_confirmations: true } } },
    server: { GOTRUE_MAILER_AUTOCONFIRM: 'false' },
  },
  'confirm-slowly': {
    config: { auth: { email: { enable_confirmations: true, max_frequency: '1m' } } },
    server: { GOTRUE_MAILER_AUTOCONFIRM: 'false', GOTRUE_SMTP_MAX_FREQUENCY: '1m' },
  },
  'email-off': {
    config: { auth: { email: { enable_signup: false } } },
    server: { GOTRUE_EXTERNAL_EMAIL_ENABLED: 'false' },
  },
  'slow-mail': {
    config: { auth: { email: { max_frequency: '1m' } } },
    server: { GOTRUE_SMTP_MAX_FREQUENCY: '1m' },
  },
  'secure-password-change': {
    config: { auth: { email: { secure_password_change: true } } },
    server: { GOTRUE_SECURITY_UPDATE_PASSWORD_REQUIRE_REAUTHENTICATION: 'true' },
  },
  'totp-verify-off': {
    config: { auth: { mfa: { totp: { verify_enabled: false } } } },
    server: { GOTRUE_MFA_TOTP_VERIFY_ENABLED: 'false' },
  },
  'session-timebox': {
    config: { auth: { sessions: { timebox: '1h' } } },
    server: { GOTRUE_SESSIONS_TIMEBOX: '1h' },
  },
  'session-inactivity': {
    config: { auth: { sessions: { inactivity_timeout: '30m' } } },
    server: { GOTRUE_SESSIONS_INACTIVITY_TIMEOUT: '30m' },
  },
  'aal1-limit': {
    config: { auth: { sessions: { allow_low_aal: '1m' } } },
    server: { GOTRUE_SESSIONS_ALLOW_LOW_AAL: '1m' },
  },
  'single-session': {
    config: { auth: { sessions: { single_per_user: true } } },
    server: { GOTRUE_SESSIONS_SINGLE_PER_USER: 'true' },
  },
  'totp-enroll-off': {
    config: { auth: { mfa: { totp: { enroll_enabled: false } } } },
    server: { GOTRUE_MFA_TOTP_ENROLL_ENABLED: 'false' },
  },
  'two-factors': {
    config: { auth: { mfa: { max_enrolled_factors: 2 } } },
    server: { GOTRUE_MFA_MAX_ENROLLED_FACTORS: '2' },
  },
  'slow-text': {
    config: { auth: { sms: { max_frequency: '1m' }, mfa: { phone: { max_frequency: '1m' } } } },
    server: { GOTRUE_SMS_MAX_FREQUENCY: '1m', GOTRUE_MFA_PHONE_MAX_FREQUENCY: '1m' },
  },
  'phone-factors-off': {
    config: { auth: { mfa: { phone: { enroll_enabled: false, verify_enabled: false } } } },
    server: { GOTRUE_MFA_PHONE_ENROLL_ENABLED: 'false', GOTRUE_MFA_PHONE_VERIFY_ENABLED: 'false' },
  },
  'phone-verify-off': {
    config: { auth: { mfa: { phone: { verify_enabled: false } } } },
    server: { GOTRUE_MFA_PHONE_VERIFY_ENABLED: 'false' },
  },
  'signup-off': {
    config: { auth: { enable_signup: false } },
    server: { GOTRUE_DISABLE_SIGNUP: 'true' },
  },
  'anonymous-off': {
    config: { auth: { enable_anonymous_sign_ins: false } },
    server: { GOTRUE_EXTERNAL_ANONYMOUS_USERS_ENABLED: 'false' },
  },
  'manual-linking': {
    config: {},
    server: {
      GOTRUE_SECURITY_MANUAL_LINKING_ENABLED: 'true',
      GOTRUE_EXTERNAL_GITHUB_ENABLED: 'true',
      GOTRUE_EXTERNAL_GITHUB_CLIENT_ID: 'a-client',
      GOTRUE_EXTERNAL_GITHUB_SECRET: 'no-secret',
      GOTRUE_EXTERNAL_GITHUB_REDIRECT_URI: 'http://localhost:4200/callback',
    },
    leftOut: true,
  },
  'phone-off': {
    config: { auth: { sms: { enable_signup: false } } },
    server: { GOTRUE_EXTERNAL_PHONE_ENABLED: 'false' },
  },
  'confirm-phone': {
    config: { auth: { sms: { enable_confirmations: true } } },
    server: { GOTRUE_SMS_AUTOCONFIRM: 'false' },
  },
  'current-password': {
    config: { auth: { email: { require_current_password: true } } },
    server: { GOTRUE_SECURITY_UPDATE_PASSWORD_REQUIRE_CURRENT_PASSWORD: 'true' },
  },
  'nonce-and-current-password': {
    config: { auth: { email: { secure_password_change: true, require_current_password: true } } },
    server: {
      GOTRUE_SECURITY_UPDATE_PASSWORD_REQUIRE_REAUTHENTICATION: 'true',
      GOTRUE_SECURITY_UPDATE_PASSWORD_REQUIRE_CURRENT_PASSWORD: 'true',
    },
  },
  'password-requirements': {
    config: { auth: { minimum_password_length: 8, password_requirements: 'lower_upper_letters_digits' } },
    server: {
      GOTRUE_PASSWORD_MIN_LENGTH: '8',
      GOTRUE_PASSWORD_REQUIRED_CHARACTERS: 'abcdefghijklmnopqrstuvwxyz:ABCDEFGHIJKLMNOPQRSTUVWXYZ:0123456789',
    },
  },
  notifications: {
    config: {
      auth: {
        email: {
          notification: {
            password_changed: { enabled: true },
            phone_changed: { enabled: true },
            identity_linked: { enabled: true },
            mfa_factor_enrolled: { enabled: true },
            mfa_factor_unenrolled: { enabled: true },
          },
        },
      },
    },
    server: {
      GOTRUE_MAILER_NOTIFICATIONS_PASSWORD_CHANGED_ENABLED: 'true',
      GOTRUE_MAILER_NOTIFICATIONS_PHONE_CHANGED_ENABLED: 'true',
      GOTRUE_MAILER_NOTIFICATIONS_IDENTITY_LINKED_ENABLED: 'true',
      GOTRUE_MAILER_NOTIFICATIONS_MFA_FACTOR_ENROLLED_ENABLED: 'true',
      GOTRUE_MAILER_NOTIFICATIONS_MFA_FACTOR_UNENROLLED_ENABLED: 'true',
    },
  },
  'email-changed-notice': {
    config: { auth: { email: { enable_confirmations: true, notification: { email_changed: { enabled: true } } } } },
    server: { GOTRUE_MAILER_AUTOCONFIRM: 'false', GOTRUE_MAILER_NOTIFICATIONS_EMAIL_CHANGED_ENABLED: 'true' },
  },
  webauthn,
  'webauthn-origins-only': {
    config: { auth: { passkey: { enabled: true }, webauthn: { rp_origins: ['http://localhost:4200'] } } },
    server: { GOTRUE_PASSKEY_ENABLED: 'true', GOTRUE_WEBAUTHN_RP_ORIGINS: 'http://localhost:4200' },
  },
  'passkeys-only': {
    config: { auth: { passkey: { enabled: true } } },
    server: { GOTRUE_PASSKEY_ENABLED: 'true' },
  },
  'webauthn-verify-off': {
    config: {
      auth: {
        mfa: { web_authn: { verify_enabled: false } },
        webauthn: { rp_id: 'localhost', rp_display_name: 'Demo', rp_origins: ['http://localhost:4200'] },
      },
    },
    server: {
      GOTRUE_MFA_WEB_AUTHN_VERIFY_ENABLED: 'false',
      GOTRUE_WEBAUTHN_RP_ID: 'localhost',
      GOTRUE_WEBAUTHN_RP_DISPLAY_NAME: 'Demo',
      GOTRUE_WEBAUTHN_RP_ORIGINS: 'http://localhost:4200',
    },
  },
  'webauthn-factors-off': {
    config: { auth: { mfa: { web_authn: { enroll_enabled: false, verify_enabled: false } } } },
    server: { GOTRUE_MFA_WEB_AUTHN_ENROLL_ENABLED: 'false', GOTRUE_MFA_WEB_AUTHN_VERIFY_ENABLED: 'false' },
  },
  'other-values': {
    config: {
      auth: {
        site_url: 'https://app.example.com/base',
        additional_redirect_urls: [
          'https://exact.example.com/reset',
          'https://*.star.example.com/*',
          'https://**.double.example.com/**',
          'https://?.question.example.com/reset',
          'myapp://*',
        ],
        jwt_expiry: 600,
        refresh_token_reuse_interval: 0,
        email: { otp_length: 8, otp_expiry: 300 },
        sms: { otp_length: 7 },
        mfa: { phone: { otp_length: 9 } },
      },
    },
    server: {
      GOTRUE_SITE_URL: 'https://app.example.com/base',
      GOTRUE_URI_ALLOW_LIST:
        'https://exact.example.com/reset,https://*.star.example.com/*,https://**.double.example.com/**,https://?.question.example.com/reset,myapp://*',
      GOTRUE_JWT_EXP: '600',
      GOTRUE_SECURITY_REFRESH_TOKEN_REUSE_INTERVAL: '0',
      GOTRUE_MAILER_OTP_LENGTH: '8',
      GOTRUE_MAILER_OTP_EXP: '300',
      GOTRUE_SMS_OTP_LENGTH: '7',
      GOTRUE_MFA_PHONE_OTP_LENGTH: '9',
    },
  },
  'no-rotation': {
    config: { auth: { enable_refresh_token_rotation: false } },
    server: { GOTRUE_SECURITY_REFRESH_TOKEN_ROTATION_ENABLED: 'false' },
  },
  'any-redirect': {
    config: { auth: { additional_redirect_urls: ['**'] } },
    server: { GOTRUE_URI_ALLOW_LIST: '**' },
  },
  'many-factors': {
    config: { auth: { mfa: { max_enrolled_factors: 20 } } },
    server: { GOTRUE_MFA_MAX_ENROLLED_FACTORS: '20' },
  },
  'single-confirm': {
    config: { auth: { email: { enable_confirmations: true, double_confirm_changes: false } } },
    server: { GOTRUE_MAILER_AUTOCONFIRM: 'false', GOTRUE_MAILER_SECURE_EMAIL_CHANGE_ENABLED: 'false' },
  },
  'test-numbers': {
    config: { auth: { sms: { test_otp: { '15550001111': '123456' } } } },
    server: { GOTRUE_SMS_TEST_OTP: '15550001111:123456' },
  },
  'recovery-link-mail': recoveryMail('tests/code/recovery-link.html', 'Reset your password'),
  'recovery-code-mail': recoveryMail('tests/code/recovery-code.html', '{{ .Token }} resets your password'),
  'mail-with-redirect': recoveryMail(
    'playground/demo-project/contract/mail-with-redirect.html',
    'Reset {{ .Email }} at {{ .RedirectTo }}',
  ),
  'signing-key-es256': {
    config: { auth: { signing_keys: [ES256] } },
    server: { GOTRUE_JWT_KEYS: JSON.stringify([ES256]), GOTRUE_JWT_VALID_METHODS: 'HS256,RS256,ES256' },
  },
  'signing-key-rs256': {
    config: { auth: { signing_keys: [RS256] } },
    server: { GOTRUE_JWT_KEYS: JSON.stringify([RS256]), GOTRUE_JWT_VALID_METHODS: 'HS256,RS256,ES256' },
  },
  'refresh-tokens-v2': {
    config: {},
    server: { GOTRUE_SECURITY_REFRESH_TOKEN_ALGORITHM_VERSION: '2' },
    leftOut: true,
  },
  captcha: {
    config: {},
    server: {
      GOTRUE_SECURITY_CAPTCHA_ENABLED: 'true',
      GOTRUE_SECURITY_CAPTCHA_PROVIDER: 'hcaptcha',
      GOTRUE_SECURITY_CAPTCHA_SECRET: '0x0000000000000000000000000000000000000000',
    },
    leftOut: true,
  },
  'team-addresses-only': {
    config: {},
    server: { GOTRUE_EXTERNAL_EMAIL_AUTHORIZED_ADDRESSES: 'team@example.com' },
    leftOut: true,
  },
  'extended-address-check': {
    config: {},
    server: { GOTRUE_MAILER_EMAIL_VALIDATION_EXTENDED: 'true' },
    leftOut: true,
  },
  'no-emails-left': { config: {}, server: { GOTRUE_RATE_LIMIT_EMAIL_SENT: '0' }, leftOut: true },
  /** The server counts as long as it runs: start it anew for each recording. */
  'requests-limited-by-address': {
    config: {},
    server: { GOTRUE_RATE_LIMIT_HEADER: 'X-Forwarded-For' },
    leftOut: true,
  },
  'verification-hook': {
    config: {},
    server: {
      GOTRUE_HOOK_MFA_VERIFICATION_ATTEMPT_ENABLED: 'true',
      GOTRUE_HOOK_MFA_VERIFICATION_ATTEMPT_URI: 'pg-functions://postgres/public/reject_wrong_codes',
    },
    sql: `create function public.reject_wrong_codes(event jsonb) returns jsonb language sql as $$
      select case when (event ->> 'valid')::boolean then '{"decision":"continue"}'::jsonb
        else '{"decision":"reject","message":"Too many wrong codes."}'::jsonb end
    $$`,
    leftOut: true,
  },
  'every-feature': {
    // The table of endpoints is held against its recording: see endpoints.spec.ts.
    config: webauthn.config,
    server: {
      ...webauthn.server,
      GOTRUE_OAUTH_SERVER_ENABLED: 'true',
      GOTRUE_OAUTH_SERVER_ALLOW_DYNAMIC_REGISTRATION: 'true',
      GOTRUE_SECURITY_MANUAL_LINKING_ENABLED: 'true',
      GOTRUE_SAML_ENABLED: 'true',
      GOTRUE_SAML_PRIVATE_KEY: samlKey,
      GOTRUE_EXPERIMENTAL_SCIM_ENABLED: 'true',
    },
    leftOut: true,
  },
  /** Limits that the seconds which a random sequence takes cannot reach: they pass only when the sequence says so. */
  unhurried,
  /** The same, and everything that can be asked for is: confirmations, the current password, reauthentication. */
  'unhurried-strict': {
    config: {
      auth: {
        ...unhurried.config.auth,
        email: {
          max_frequency: '1m',
          enable_confirmations: true,
          secure_password_change: true,
          require_current_password: true,
        },
        sms: { max_frequency: '1m', enable_confirmations: true },
      },
    },
    server: {
      ...unhurried.server,
      GOTRUE_MAILER_AUTOCONFIRM: 'false',
      GOTRUE_SMS_AUTOCONFIRM: 'false',
      GOTRUE_SECURITY_UPDATE_PASSWORD_REQUIRE_REAUTHENTICATION: 'true',
      GOTRUE_SECURITY_UPDATE_PASSWORD_REQUIRE_CURRENT_PASSWORD: 'true',
    },
  },
} satisfies Record<string, Profile>;

export type ProfileName = keyof typeof all;

export const profiles: Record<ProfileName, Profile> = all;

/** The name, if it is that of a profile. Throws with all names otherwise. */
export function profileNamed(name: string): ProfileName {
  if (!Object.hasOwn(all, name)) throw new Error(`--profile is one of ${Object.keys(all).join(', ')}`);
  return name as ProfileName;
}
