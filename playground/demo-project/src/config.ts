/**
 * All settings that change responses, named and nested as in the Supabase CLI's config.toml. Each is declared once, in
 * `settings`, with its default and its kind. Values are checked against the kind, and types are derived from it.
 */
import { milliseconds } from './go/duration.ts';

/** A kind of value. */
export interface Kind<Value> {
  /** Completes the error message "… has to be …". */
  is: string;
  has(value: unknown): value is Value;
  /** Parses a string, such as the value of an environment variable. Kinds without this use the string as it is. */
  fromText?(text: string): unknown;
}

export const flag: Kind<boolean> = {
  is: 'true or false',
  has: (value) => typeof value === 'boolean',
  fromText: (text) =>
    /^(1|t|T|true|True|TRUE)$/.test(text) || (/^(0|f|F|false|False|FALSE)$/.test(text) ? false : text),
};

export const count: Kind<number> = {
  is: "a whole number that isn't negative",
  has: (value): value is number => Number.isInteger(value) && (value as number) >= 0,
  fromText: (text) => (/^\d+$/.test(text) ? Number(text) : text),
};

export const text: Kind<string> = { is: 'a string', has: (value) => typeof value === 'string' };

export const texts: Kind<string[]> = {
  is: 'an array of strings',
  has: (value): value is string[] => Array.isArray(value) && value.every(text.has),
  fromText: (text) => (text === '' ? [] : text.split(',')),
};

/** In Go's notation: "1s", "1m", "24h". */
export const duration: Kind<string> = { is: 'a duration such as "30s" or "1h30m"', has: isDuration };

/** A time limit. Unset or 0 means no limit. */
export const limit: Kind<string | undefined> = {
  is: duration.is,
  has: (value): value is string | undefined => value === undefined || isDuration(value),
};

export const oneOf = <Word extends string>(...words: Word[]): Kind<Word> => ({
  is: `one of ${words.map((word) => JSON.stringify(word)).join(', ')}`,
  has: (value): value is Word => words.some((word) => word === value),
});

/** A private key, as the CLI writes it to the file at `auth.signing_keys_path`. */
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

export const signingKeys: Kind<SigningKey[]> = {
  is: 'an array of private keys, each with a kid and the alg ES256 or RS256',
  has: (value): value is SigningKey[] => Array.isArray(value) && value.every(isSigningKey),
};

const codes: Kind<Record<string, string>> = {
  is: 'an object whose values are strings',
  has: (value): value is Record<string, string> => isObject(value) && Object.values(value).every(text.has),
};

function isDuration(value: unknown): value is string {
  try {
    return typeof value === 'string' && Number.isFinite(milliseconds(value));
  } catch {
    return false;
  }
}

function isSigningKey(value: unknown): boolean {
  return isObject(value) && text.has(value['kid']) && /^(ES256|RS256)$/.test(String(value['alg']));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A setting: the kind of its values, and its default. */
export interface Setting<Value = unknown> {
  kind: Kind<Value>;
  default: Value;
  /** Auth's environment variable, for a setting without a key in config.toml. */
  variable?: string;
}

const setting = <Value>(kind: Kind<Value>, value: Value, variable?: string): Setting<Value> => ({
  kind,
  default: value,
  ...(variable !== undefined && { variable }),
});

const off = setting(flag, false);
const on = setting(flag, true);
const notification = { enabled: off };
const factor = { enroll_enabled: on, verify_enabled: on };

/** The sets of characters that a password must contain, in the form that Auth takes. */
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

/**
 * By default, every MFA factor, sign-up by phone, and anonymous sign-in are on. node/config-file.ts lists the other
 * differences from a new project of the CLI.
 */
export const settings = {
  auth: {
    site_url: setting(text, 'http://localhost:4200'),
    /** Globs: `*` stops at `.` and `/`, `**` doesn't. */
    additional_redirect_urls: setting(texts, ['http://localhost:*/**', 'http://127.0.0.1:*/**']),
    /** Seconds. */
    jwt_expiry: setting(count, 3600),
    jwt_secret: setting(text, 'super-secret-jwt-token-with-at-least-32-characters-long'),
    /**
     * The keys in the file that config.toml names in `signing_keys_path`. The first one signs. Without keys, the secret
     * signs.
     */
    signing_keys: setting(signingKeys, [], 'GOTRUE_JWT_KEYS'),
    enable_signup: on,
    enable_anonymous_sign_ins: on,
    enable_refresh_token_rotation: on,
    /** Seconds. */
    refresh_token_reuse_interval: setting(count, 10),
    minimum_password_length: setting(count, 6),
    password_requirements: setting(oneOf(...(Object.keys(passwordRequirements) as PasswordRequirements[])), ''),
    email: {
      enable_signup: on,
      enable_confirmations: off,
      double_confirm_changes: on,
      secure_password_change: off,
      require_current_password: setting(flag, false, 'GOTRUE_SECURITY_UPDATE_PASSWORD_REQUIRE_CURRENT_PASSWORD'),
      max_frequency: setting(duration, '1s'),
      otp_length: setting(count, 6),
      /** Seconds. */
      otp_expiry: setting(count, 3600),
      /**
       * Your own email. Auth's default replaces what's empty. `content` is the text of the file that config.toml names
       * in `content_path`.
       */
      template: { recovery: { subject: setting(text, ''), content: setting(text, '') } },
      /** Emails that report a change. */
      notification: {
        password_changed: notification,
        email_changed: notification,
        phone_changed: notification,
        identity_linked: notification,
        mfa_factor_enrolled: notification,
        mfa_factor_unenrolled: notification,
      },
    },
    sms: {
      enable_signup: on,
      enable_confirmations: off,
      max_frequency: setting(duration, '1s'),
      /** Fixed codes by phone number. These numbers get no message. */
      test_otp: setting(codes, {}),
      otp_length: setting(count, 6, 'GOTRUE_SMS_OTP_LENGTH'),
      /** Seconds. */
      otp_expiry: setting(count, 60, 'GOTRUE_SMS_OTP_EXP'),
    },
    mfa: {
      max_enrolled_factors: setting(count, 10),
      totp: factor,
      phone: { ...factor, otp_length: setting(count, 6), max_frequency: setting(duration, '1s') },
      web_authn: factor,
    },
    passkey: { enabled: off },
    /** For passkeys and WebAuthn factors, which fail without these settings. */
    webauthn: { rp_id: setting(text, ''), rp_display_name: setting(text, ''), rp_origins: setting(texts, []) },
    sessions: {
      timebox: setting(limit, undefined),
      inactivity_timeout: setting(limit, undefined),
      /** The lifetime of an aal1 session whose user has a verified factor. */
      allow_low_aal: setting(limit, undefined, 'GOTRUE_SESSIONS_ALLOW_LOW_AAL'),
      single_per_user: setting(flag, false, 'GOTRUE_SESSIONS_SINGLE_PER_USER'),
    },
  },
};

type ValuesOf<Part> = Part extends Setting<infer Value> ? Value : { [Key in keyof Part]: ValuesOf<Part[Key]> };

/** All settings and their values. */
export type Config = ValuesOf<typeof settings>;

/** Some of the settings. The others keep their defaults. */
export type PartialConfig<Part = Config> = {
  [Key in keyof Part]?: Part[Key] extends unknown[]
    ? Part[Key]
    : Part[Key] extends object | undefined
      ? PartialConfig<Part[Key]>
      : Part[Key];
};

export function isSetting(part: unknown): part is Setting {
  return isObject(part) && isObject(part['kind']);
}

/**
 * Returns all settings: the defaults, overridden by `changes`.
 * @throws Error for an unknown setting or a value of the wrong kind
 */
export function withDefaults(changes: PartialConfig = {}, defaults: PartialConfig = {}): Config {
  return chosen(settings, [changes, defaults], ['config']) as Config;
}

/** Returns the first value that is set, or the default. */
function chosen(part: unknown, values: unknown[], at: string[]): unknown {
  const [value, ...others] = values.filter((value) => value !== undefined && value !== null);
  const name = at.join('.');
  if (isSetting(part)) {
    const setting = value === undefined ? part.default : value;
    if (part.kind.has(setting)) return setting;
    throw new Error(`${name} has to be ${part.kind.is}, not ${JSON.stringify(setting)}.`);
  }
  const parts = part as Record<string, unknown>;
  const given = value === undefined ? [] : [value, ...others];
  for (const object of given) {
    if (!isObject(object)) throw new Error(`${name} has to be an object, not ${JSON.stringify(object)}.`);
    const unknown = Object.keys(object).find((key) => !Object.hasOwn(parts, key));
    if (unknown !== undefined) throw new Error(`There is no setting ${name}.${unknown}.`);
  }
  const keys = Object.keys(parts);
  return Object.fromEntries(
    keys.map((key) => [
      key,
      chosen(
        parts[key],
        given.map((object) => (object as typeof parts)[key]),
        [...at, key],
      ),
    ]),
  );
}

export const defaultConfig: Config = withDefaults();
