/**
 * The settings that scenarios run with, as changes to the defaults. The defaults are those of a local Supabase project,
 * with every MFA factor on. A profile names settings as the Supabase CLI's config.toml does. `variables` below
 * translates them for Supabase Auth.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Config, PartialConfig } from '../src/config.ts';
import { ES256, RS256, samlKey } from './signing-keys.ts';

/** The environment of a Supabase Auth. `<origin>` in a value is replaced with the server's own address. */
export interface Variables {
  [variable: string]: string;
}

interface Declared {
  config?: PartialConfig;
  /** Settings that the demo project doesn't have. */
  server?: Variables;
  /** More SQL for the server's database. */
  sql?: string;
  /**
   * The profile turns on something that the demo project leaves out. Its scenarios are recorded, but the demo project
   * doesn't have to match them.
   */
  leftOut?: true;
  /** The server counts requests for as long as it runs, so each scenario runs on it only once. */
  counts?: true;
}

interface Profile extends Declared {
  /** The demo project's settings. */
  config: PartialConfig;
  /** The same settings for a real server. */
  server: Variables;
}

/** How Supabase Auth gets a setting: the name of the variable for its value, or a function from the value to variables. */
type Variable<Value> = string | ((value: Value) => Variables);
type VariablesOf<Settings> = {
  [Name in keyof Settings]?: Variable<NonNullable<Settings[Name]>> | VariablesOf<NonNullable<Settings[Name]>>;
};

/** A setting that Auth negates. */
const opposite = (variable: string) => (value: boolean) => ({ [variable]: String(!value) });

const list = (variable: string) => (values: readonly string[]) => ({ [variable]: values.join(',') });

/** The CLI's translation of `password_requirements`. */
const requiredCharacters: { [requirement: string]: string } = {
  lower_upper_letters_digits: 'abcdefghijklmnopqrstuvwxyz:ABCDEFGHIJKLMNOPQRSTUVWXYZ:0123456789',
};

const switches = (variable: string, ...names: string[]) =>
  Object.fromEntries(names.map((name) => [name, { enabled: variable.replace('*', name.toUpperCase()) }]));

/** The variable for each setting that a profile changes. */
const variables: VariablesOf<Config['auth']> = {
  site_url: 'GOTRUE_SITE_URL',
  additional_redirect_urls: list('GOTRUE_URI_ALLOW_LIST'),
  jwt_expiry: 'GOTRUE_JWT_EXP',
  enable_signup: opposite('GOTRUE_DISABLE_SIGNUP'),
  enable_anonymous_sign_ins: 'GOTRUE_EXTERNAL_ANONYMOUS_USERS_ENABLED',
  enable_refresh_token_rotation: 'GOTRUE_SECURITY_REFRESH_TOKEN_ROTATION_ENABLED',
  refresh_token_reuse_interval: 'GOTRUE_SECURITY_REFRESH_TOKEN_REUSE_INTERVAL',
  minimum_password_length: 'GOTRUE_PASSWORD_MIN_LENGTH',
  password_requirements: (requirement) => ({
    GOTRUE_PASSWORD_REQUIRED_CHARACTERS: requiredCharacters[requirement] ?? '',
  }),
  signing_keys: (keys) => ({
    GOTRUE_JWT_KEYS: JSON.stringify(keys),
    GOTRUE_JWT_VALID_METHODS: 'HS256,RS256,ES256',
  }),
  email: {
    enable_signup: 'GOTRUE_EXTERNAL_EMAIL_ENABLED',
    enable_confirmations: opposite('GOTRUE_MAILER_AUTOCONFIRM'),
    double_confirm_changes: 'GOTRUE_MAILER_SECURE_EMAIL_CHANGE_ENABLED',
    secure_password_change: 'GOTRUE_SECURITY_UPDATE_PASSWORD_REQUIRE_REAUTHENTICATION',
    require_current_password: 'GOTRUE_SECURITY_UPDATE_PASSWORD_REQUIRE_CURRENT_PASSWORD',
    max_frequency: 'GOTRUE_SMTP_MAX_FREQUENCY',
    otp_length: 'GOTRUE_MAILER_OTP_LENGTH',
    otp_expiry: 'GOTRUE_MAILER_OTP_EXP',
    notification: switches(
      'GOTRUE_MAILER_NOTIFICATIONS_*_ENABLED',
      'password_changed',
      'email_changed',
      'phone_changed',
      'identity_linked',
      'mfa_factor_enrolled',
      'mfa_factor_unenrolled',
    ),
    template: {
      recovery: {
        subject: 'GOTRUE_MAILER_SUBJECTS_RECOVERY',
        // Auth fetches the text from the origin that real-server.ts puts in front of it.
        content: () => ({ GOTRUE_MAILER_TEMPLATES_RECOVERY: '<origin>/templates/recovery' }),
      },
    },
  },
  sms: {
    enable_signup: 'GOTRUE_EXTERNAL_PHONE_ENABLED',
    enable_confirmations: opposite('GOTRUE_SMS_AUTOCONFIRM'),
    max_frequency: 'GOTRUE_SMS_MAX_FREQUENCY',
    otp_length: 'GOTRUE_SMS_OTP_LENGTH',
    test_otp: (codes) => ({
      GOTRUE_SMS_TEST_OTP: Object.entries(codes)
        .map((pair) => pair.join(':'))
        .join(','),
    }),
  },
  mfa: {
    max_enrolled_factors: 'GOTRUE_MFA_MAX_ENROLLED_FACTORS',
    totp: { enroll_enabled: 'GOTRUE_MFA_TOTP_ENROLL_ENABLED', verify_enabled: 'GOTRUE_MFA_TOTP_VERIFY_ENABLED' },
    phone: {
      enroll_enabled: 'GOTRUE_MFA_PHONE_ENROLL_ENABLED',
      verify_enabled: 'GOTRUE_MFA_PHONE_VERIFY_ENABLED',
      max_frequency: 'GOTRUE_MFA_PHONE_MAX_FREQUENCY',
      otp_length: 'GOTRUE_MFA_PHONE_OTP_LENGTH',
    },
    web_authn: {
      enroll_enabled: 'GOTRUE_MFA_WEB_AUTHN_ENROLL_ENABLED',
      verify_enabled: 'GOTRUE_MFA_WEB_AUTHN_VERIFY_ENABLED',
    },
  },
  passkey: { enabled: 'GOTRUE_PASSKEY_ENABLED' },
  webauthn: {
    rp_id: 'GOTRUE_WEBAUTHN_RP_ID',
    rp_display_name: 'GOTRUE_WEBAUTHN_RP_DISPLAY_NAME',
    rp_origins: list('GOTRUE_WEBAUTHN_RP_ORIGINS'),
  },
  sessions: {
    timebox: 'GOTRUE_SESSIONS_TIMEBOX',
    inactivity_timeout: 'GOTRUE_SESSIONS_INACTIVITY_TIMEOUT',
    allow_low_aal: 'GOTRUE_SESSIONS_ALLOW_LOW_AAL',
    single_per_user: 'GOTRUE_SESSIONS_SINGLE_PER_USER',
  },
};

type Table = { [name: string]: Variable<never> | Table };

/** Returns the variables for these settings. Throws for a setting that doesn't have one yet. */
function variablesFor(settings: object, table: Table, path: string): Variables {
  const all = Object.entries(settings).map(([name, value]): Variables => {
    const variable = table[name];
    if (variable === undefined) throw new Error(`profiles.ts names no variable of Supabase Auth for ${path}.${name}`);
    if (typeof variable === 'string') return { [variable]: String(value) };
    return typeof variable === 'function' ? variable(value as never) : variablesFor(value, variable, `${path}.${name}`);
  });
  return Object.assign({}, ...all);
}

const webauthn = {
  config: {
    auth: {
      passkey: { enabled: true },
      webauthn: { rp_id: 'localhost', rp_display_name: 'Demo', rp_origins: ['http://localhost:4200'] },
    },
  },
} satisfies Declared;

const unhurried = {
  config: {
    auth: {
      refresh_token_reuse_interval: 30,
      email: { max_frequency: '1m' },
      sms: { max_frequency: '1m' },
      mfa: { phone: { max_frequency: '1m' } },
    },
  },
} satisfies Declared;

/** Recovery emails made from a file in this repository. */
function recoveryMail(path: string, subject: string): Declared {
  const content = readFileSync(join(import.meta.dirname, '../../..', path), 'utf8');
  return {
    config: {
      auth: { additional_redirect_urls: ['myapp://*'], email: { template: { recovery: { subject, content } } } },
    },
  };
}

const all = {
  default: {},
  'confirm-email': {
    config: { auth: { email: { enable_confirmations: true } } },
  },
  'confirm-slowly': {
    config: { auth: { email: { enable_confirmations: true, max_frequency: '1m' } } },
  },
  'email-off': {
    config: { auth: { email: { enable_signup: false } } },
  },
  'slow-mail': {
    config: { auth: { email: { max_frequency: '1m' } } },
  },
  'secure-password-change': {
    config: { auth: { email: { secure_password_change: true } } },
  },
  'totp-verify-off': {
    config: { auth: { mfa: { totp: { verify_enabled: false } } } },
  },
  'session-timebox': {
    config: { auth: { sessions: { timebox: '1h' } } },
  },
  'session-inactivity': {
    config: { auth: { sessions: { inactivity_timeout: '30m' } } },
  },
  'aal1-limit': {
    config: { auth: { sessions: { allow_low_aal: '1m' } } },
  },
  'single-session': {
    config: { auth: { sessions: { single_per_user: true } } },
  },
  'totp-enroll-off': {
    config: { auth: { mfa: { totp: { enroll_enabled: false } } } },
  },
  'two-factors': {
    config: { auth: { mfa: { max_enrolled_factors: 2 } } },
  },
  'slow-text': {
    config: { auth: { sms: { max_frequency: '1m' }, mfa: { phone: { max_frequency: '1m' } } } },
  },
  'phone-factors-off': {
    config: { auth: { mfa: { phone: { enroll_enabled: false, verify_enabled: false } } } },
  },
  'phone-verify-off': {
    config: { auth: { mfa: { phone: { verify_enabled: false } } } },
  },
  'signup-off': {
    config: { auth: { enable_signup: false } },
  },
  'anonymous-off': {
    config: { auth: { enable_anonymous_sign_ins: false } },
  },
  'manual-linking': {
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
  },
  'confirm-phone': {
    config: { auth: { sms: { enable_confirmations: true } } },
  },
  'current-password': {
    config: { auth: { email: { require_current_password: true } } },
  },
  'nonce-and-current-password': {
    config: { auth: { email: { secure_password_change: true, require_current_password: true } } },
  },
  'password-requirements': {
    config: { auth: { minimum_password_length: 8, password_requirements: 'lower_upper_letters_digits' } },
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
  },
  'email-changed-notice': {
    config: { auth: { email: { enable_confirmations: true, notification: { email_changed: { enabled: true } } } } },
  },
  webauthn,
  'webauthn-origins-only': {
    config: { auth: { passkey: { enabled: true }, webauthn: { rp_origins: ['http://localhost:4200'] } } },
  },
  'passkeys-only': {
    config: { auth: { passkey: { enabled: true } } },
  },
  'webauthn-verify-off': {
    config: {
      auth: {
        mfa: { web_authn: { verify_enabled: false } },
        webauthn: { rp_id: 'localhost', rp_display_name: 'Demo', rp_origins: ['http://localhost:4200'] },
      },
    },
  },
  'webauthn-factors-off': {
    config: { auth: { mfa: { web_authn: { enroll_enabled: false, verify_enabled: false } } } },
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
  },
  'no-rotation': {
    config: { auth: { enable_refresh_token_rotation: false } },
  },
  'any-redirect': {
    config: { auth: { additional_redirect_urls: ['**'] } },
  },
  'many-factors': {
    config: { auth: { mfa: { max_enrolled_factors: 20 } } },
  },
  'single-confirm': {
    config: { auth: { email: { enable_confirmations: true, double_confirm_changes: false } } },
  },
  'test-numbers': {
    config: { auth: { sms: { test_otp: { '15550001111': '123456' } } } },
  },
  'recovery-link-mail': recoveryMail('tests/code/recovery-link.html', 'Reset your password'),
  'recovery-code-mail': recoveryMail('tests/code/recovery-code.html', '{{ .Token }} resets your password'),
  'mail-with-redirect': recoveryMail(
    'playground/demo-project/contract/mail-with-redirect.html',
    'Reset {{ .Email }} at {{ .RedirectTo }}',
  ),
  'signing-key-es256': {
    config: { auth: { signing_keys: [ES256] } },
  },
  'signing-key-rs256': {
    config: { auth: { signing_keys: [RS256] } },
  },
  'refresh-tokens-v2': {
    server: { GOTRUE_SECURITY_REFRESH_TOKEN_ALGORITHM_VERSION: '2' },
    leftOut: true,
  },
  captcha: {
    server: {
      GOTRUE_SECURITY_CAPTCHA_ENABLED: 'true',
      GOTRUE_SECURITY_CAPTCHA_PROVIDER: 'hcaptcha',
      GOTRUE_SECURITY_CAPTCHA_SECRET: '0x0000000000000000000000000000000000000000',
    },
    leftOut: true,
  },
  'team-addresses-only': {
    server: { GOTRUE_EXTERNAL_EMAIL_AUTHORIZED_ADDRESSES: 'team@example.com' },
    leftOut: true,
  },
  'extended-address-check': {
    server: { GOTRUE_MAILER_EMAIL_VALIDATION_EXTENDED: 'true' },
    leftOut: true,
  },
  'no-emails-left': { server: { GOTRUE_RATE_LIMIT_EMAIL_SENT: '0' }, leftOut: true },
  'no-email-server': { server: { GOTRUE_SMTP_PORT: '1' }, leftOut: true },
  'no-email-server-in-the-background': {
    server: { GOTRUE_SMTP_PORT: '1', GOTRUE_MAILER_EMAIL_BACKGROUND_SENDING: 'true' },
    leftOut: true,
  },
  'sb-forwarded-for': { server: { GOTRUE_SECURITY_SB_FORWARDED_FOR_ENABLED: 'true' }, leftOut: true },
  'requests-limited-by-address': {
    server: { GOTRUE_RATE_LIMIT_HEADER: 'X-Forwarded-For' },
    leftOut: true,
    counts: true,
  },
  'verification-hook': {
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
    // endpoints.spec.ts compares the table of endpoints with this profile's recording.
    config: webauthn.config,
    server: {
      GOTRUE_OAUTH_SERVER_ENABLED: 'true',
      GOTRUE_OAUTH_SERVER_ALLOW_DYNAMIC_REGISTRATION: 'true',
      GOTRUE_SECURITY_MANUAL_LINKING_ENABLED: 'true',
      GOTRUE_SAML_ENABLED: 'true',
      GOTRUE_SAML_PRIVATE_KEY: samlKey,
      GOTRUE_EXPERIMENTAL_SCIM_ENABLED: 'true',
    },
    leftOut: true,
  },
  /** No limit can be reached by the seconds that a random sequence takes, only by a step that advances the clock. */
  unhurried,
  /** The same, with all optional checks on: confirmations, the current password, and reauthentication. */
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
  },
} satisfies Record<string, Declared>;

export type ProfileName = keyof typeof all;

export const profiles = Object.fromEntries(
  Object.entries<Declared>(all).map(([name, { config = {}, server, ...more }]): [string, Profile] => [
    name,
    { ...more, config, server: { ...variablesFor(config.auth ?? {}, variables as Table, 'auth'), ...server } },
  ]),
) as Record<ProfileName, Profile>;

/** Returns the name if a profile has it. Throws with the list of names otherwise. */
export function profileNamed(name: string): ProfileName {
  if (!Object.hasOwn(all, name)) throw new Error(`--profile is one of ${Object.keys(all).join(', ')}`);
  return name as ProfileName;
}
