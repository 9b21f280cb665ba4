/**
 * The settings that change answers, named and nested as in the Supabase CLI's config.toml. Durations are written as there: "1s", "1m", "24h".
 * Without any, they are what the CLI sets for a local project, with TOTP and phone factors switched on.
 */
export interface Config {
  auth: {
    site_url: string;
    /** Globs: `*` stops at `.` and `/`, `**` does not. */
    additional_redirect_urls: string[];
    /** Seconds. */
    jwt_expiry: number;
    jwt_secret: string;
    enable_signup: boolean;
    enable_anonymous_sign_ins: boolean;
    enable_refresh_token_rotation: boolean;
    /** Seconds. */
    refresh_token_reuse_interval: number;
    minimum_password_length: number;
    email: {
      enable_signup: boolean;
      enable_confirmations: boolean;
      double_confirm_changes: boolean;
      secure_password_change: boolean;
      max_frequency: string;
      otp_length: number;
      /** Seconds. */
      otp_expiry: number;
    };
    sms: {
      enable_signup: boolean;
      enable_confirmations: boolean;
      max_frequency: string;
      /** Of the text message; the CLI's default. */
      template: string;
    };
    mfa: {
      max_enrolled_factors: number;
      totp: { enroll_enabled: boolean; verify_enabled: boolean };
      phone: {
        enroll_enabled: boolean;
        verify_enabled: boolean;
        otp_length: number;
        max_frequency: string;
        template: string;
      };
    };
    sessions: { timebox?: string; inactivity_timeout?: string };
  };
}

export const defaultConfig: Config = {
  auth: {
    site_url: 'http://localhost:4200',
    additional_redirect_urls: ['http://localhost:*/**', 'http://127.0.0.1:*/**'],
    jwt_expiry: 3600,
    jwt_secret: 'super-secret-jwt-token-with-at-least-32-characters-long',
    enable_signup: true,
    enable_anonymous_sign_ins: true,
    enable_refresh_token_rotation: true,
    refresh_token_reuse_interval: 10,
    minimum_password_length: 6,
    email: {
      enable_signup: true,
      enable_confirmations: false,
      double_confirm_changes: true,
      secure_password_change: false,
      max_frequency: '1s',
      otp_length: 6,
      otp_expiry: 3600,
    },
    sms: {
      enable_signup: true,
      enable_confirmations: false,
      max_frequency: '1s',
      template: 'Your code is {{ .Code }}',
    },
    mfa: {
      max_enrolled_factors: 10,
      totp: { enroll_enabled: true, verify_enabled: true },
      phone: {
        enroll_enabled: true,
        verify_enabled: true,
        otp_length: 6,
        max_frequency: '1s',
        template: 'Your code is {{ .Code }}',
      },
    },
    sessions: {},
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
export function withDefaults(changes: PartialConfig = {}): Config {
  return merge(defaultConfig, changes) as Config;
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

const units: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** Milliseconds of a duration such as "1s" or "1h30m". Throws an `Error` for anything else. */
export function milliseconds(duration: string): number {
  const parts = [...duration.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)];
  if (parts.length === 0 || parts.map(([part]) => part).join('') !== duration)
    throw new Error(`"${duration}" is not a duration such as "10s"`);
  return parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * (units[unit ?? ''] ?? 0), 0);
}
