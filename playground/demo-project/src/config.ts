/** A private key as the CLI writes it into the file at `auth.signing_keys_path`. */
export interface SigningKey {
  kty: string;
  kid: string;
  alg: 'ES256' | 'RS256';
  use?: string;
  key_ops?: string[];
  crv?: string;
  x?: string;
  y?: string;
  n?: string;
  e?: string;
  d?: string;
  p?: string;
  q?: string;
  dp?: string;
  dq?: string;
  qi?: string;
}

interface Switch {
  enabled: boolean;
}

interface FactorSwitch {
  enroll_enabled: boolean;
  verify_enabled: boolean;
}

/**
 * The settings that change answers, named and nested as in the Supabase CLI's config.toml. Durations are written as there: "1s", "1m", "24h".
 * Without any, every MFA factor, sign-up by phone and anonymous sign-in are on; what else differs from a new project of the CLI stands in
 * node/config-file.ts.
 */
export interface Config {
  auth: {
    site_url: string;
    /** Globs: `*` stops at `.` and `/`, `**` does not. */
    additional_redirect_urls: string[];
    /** Seconds. */
    jwt_expiry: number;
    jwt_secret: string;
    /** The keys in the file that config.toml names in `signing_keys_path`. The first signs; without any, the secret does. */
    signing_keys: SigningKey[];
    enable_signup: boolean;
    enable_anonymous_sign_ins: boolean;
    enable_refresh_token_rotation: boolean;
    /** Seconds. */
    refresh_token_reuse_interval: number;
    minimum_password_length: number;
    password_requirements: PasswordRequirements;
    email: {
      enable_signup: boolean;
      enable_confirmations: boolean;
      double_confirm_changes: boolean;
      secure_password_change: boolean;
      /** Not in config.toml: `GOTRUE_SECURITY_UPDATE_PASSWORD_REQUIRE_CURRENT_PASSWORD`. */
      require_current_password: boolean;
      max_frequency: string;
      otp_length: number;
      /** Seconds. */
      otp_expiry: number;
      /** The project's own mail; what is empty is as Auth has it. `content` is the text of the file that config.toml names in `content_path`. */
      template: { recovery: { subject: string; content: string } };
      /** Mails that tell what has been changed. */
      notification: {
        password_changed: Switch;
        email_changed: Switch;
        phone_changed: Switch;
        identity_linked: Switch;
        mfa_factor_enrolled: Switch;
        mfa_factor_unenrolled: Switch;
      };
    };
    sms: {
      enable_signup: boolean;
      enable_confirmations: boolean;
      max_frequency: string;
      /** Codes of numbers that get no message. */
      test_otp: Record<string, string>;
      /** Not in config.toml: `GOTRUE_SMS_OTP_LENGTH`. */
      otp_length: number;
      /** Seconds. Not in config.toml: `GOTRUE_SMS_OTP_EXP`. */
      otp_expiry: number;
    };
    mfa: {
      max_enrolled_factors: number;
      totp: FactorSwitch;
      phone: FactorSwitch & { otp_length: number; max_frequency: string };
      web_authn: FactorSwitch;
    };
    passkey: Switch;
    /** Of passkeys and WebAuthn factors; without them these fail. */
    webauthn: { rp_id: string; rp_display_name: string; rp_origins: string[] };
    sessions: {
      timebox?: string;
      inactivity_timeout?: string;
      /** Not in config.toml: `GOTRUE_SESSIONS_ALLOW_LOW_AAL`, the life of a session that has not passed MFA though its user could. */
      allow_low_aal?: string;
      /** Not in config.toml: `GOTRUE_SESSIONS_SINGLE_PER_USER`. */
      single_per_user: boolean;
    };
  };
}

/** What a password must contain; Auth is told the sets of characters. */
export const passwordRequirements = {
  '': [],
  letters_digits: ['abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ', '0123456789'],
  lower_upper_letters_digits: ['abcdefghijklmnopqrstuvwxyz', 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', '0123456789'],
  lower_upper_letters_digits_symbols: [
    'abcdefghijklmnopqrstuvwxyz',
    'ABCDEFGHIJKLMNOPQRSTUVWXYZ',
    '0123456789',
    '!@#$%^&*()_+-=[]{};\'\\:"|<>?,./`~',
  ],
} as const satisfies Record<string, readonly string[]>;

export type PasswordRequirements = keyof typeof passwordRequirements;

export const defaultConfig: Config = {
  auth: {
    site_url: 'http://localhost:4200',
    additional_redirect_urls: ['http://localhost:*/**', 'http://127.0.0.1:*/**'],
    jwt_expiry: 3600,
    jwt_secret: 'super-secret-jwt-token-with-at-least-32-characters-long',
    signing_keys: [],
    enable_signup: true,
    enable_anonymous_sign_ins: true,
    enable_refresh_token_rotation: true,
    refresh_token_reuse_interval: 10,
    minimum_password_length: 6,
    password_requirements: '',
    email: {
      enable_signup: true,
      enable_confirmations: false,
      double_confirm_changes: true,
      secure_password_change: false,
      require_current_password: false,
      max_frequency: '1s',
      otp_length: 6,
      otp_expiry: 3600,
      template: { recovery: { subject: '', content: '' } },
      notification: {
        password_changed: { enabled: false },
        email_changed: { enabled: false },
        phone_changed: { enabled: false },
        identity_linked: { enabled: false },
        mfa_factor_enrolled: { enabled: false },
        mfa_factor_unenrolled: { enabled: false },
      },
    },
    sms: {
      enable_signup: true,
      enable_confirmations: false,
      max_frequency: '1s',
      test_otp: {},
      otp_length: 6,
      otp_expiry: 60,
    },
    mfa: {
      max_enrolled_factors: 10,
      totp: { enroll_enabled: true, verify_enabled: true },
      phone: { enroll_enabled: true, verify_enabled: true, otp_length: 6, max_frequency: '1s' },
      web_authn: { enroll_enabled: true, verify_enabled: true },
    },
    passkey: { enabled: false },
    webauthn: { rp_id: '', rp_display_name: '', rp_origins: [] },
    sessions: { single_per_user: false },
  },
};

/** Any part of the settings; the rest keeps its default. */
export type PartialConfig<Part = Config> = {
  [Key in keyof Part]?: Part[Key] extends unknown[]
    ? Part[Key]
    : Part[Key] extends object | undefined
      ? PartialConfig<Part[Key]>
      : Part[Key];
};

/** The defaults with `changes` laid over them. */
export function withDefaults(changes: PartialConfig = {}, defaults = defaultConfig): Config {
  return merge(defaults, changes) as Config;
}

function merge(base: unknown, changes: unknown): unknown {
  if (!isObject(base) || !isObject(changes)) return changes ?? base;
  return Object.fromEntries(
    [...new Set([...Object.keys(base), ...Object.keys(changes)])].map((key) => [key, merge(base[key], changes[key])]),
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const units: Record<string, number> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  μs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};

/**
 * Milliseconds of a duration as Go writes it: "1s", "1h30m", "-1.5h".
 * @throws Error in Go's words for anything else
 */
export function milliseconds(duration: string): number {
  const [, sign, parts = ''] = /^([-+]?)(.*)$/s.exec(duration) ?? [];
  if (parts === '0') return 0;
  const quoted = JSON.stringify(duration);
  let rest = parts;
  let sum = 0;
  do {
    const [whole = '', amount = '', unit = ''] = /^(\d+\.?\d*|\.\d+)([^\d.]*)/.exec(rest) ?? [];
    if (amount === '') throw new Error(`time: invalid duration ${quoted}`);
    if (unit === '') throw new Error(`time: missing unit in duration ${quoted}`);
    if (units[unit] === undefined) throw new Error(`time: unknown unit ${JSON.stringify(unit)} in duration ${quoted}`);
    sum += Number(amount) * units[unit];
    // Go counts nanoseconds in 64 bits.
    if (sum > 2 ** 63 / 1e6) throw new Error(`time: invalid duration ${quoted}`);
    rest = rest.slice(whole.length);
  } while (rest !== '');
  return sign === '-' ? -sum : sum;
}
