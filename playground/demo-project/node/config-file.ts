/**
 * Reads a project's `supabase/config.toml`, the Supabase CLI's file, for the demo project.
 *
 * What the CLI knows:
 * https://github.com/supabase/cli/blob/1d1e7191268e068fe9cb6aba524d1c619a9c727b/apps/cli-go/pkg/config/auth.go
 * Its defaults are in `templates/config.toml` next to it. `decode_hooks.go` and `config.go` there resolve `env(NAME)`.
 */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { parse, TomlError } from 'smol-toml';
import {
  type Config,
  count,
  flag,
  isSetting,
  type Kind,
  oneOf,
  type PartialConfig,
  type SigningKey,
  settings,
  signingKeys,
  text,
  withDefaults,
} from '../src/config.ts';

/** An error in the file, as one sentence that says where it is. */
export class ConfigFileError extends Error {}

export interface ConfigFile {
  /** All settings. The CLI's defaults fill in what the file leaves out. */
  config: Config;
  /** Settings that are turned on but that the demo project doesn't serve. */
  notServed: string[];
  /** Where the CLI does something other than the file seems to say. */
  notes: string[];
}

/** The CLI's defaults for a new project, where they differ from the demo project's. */
const cliDefaults: PartialConfig = {
  auth: {
    site_url: 'http://127.0.0.1:3000',
    additional_redirect_urls: ['https://127.0.0.1:3000'],
    enable_anonymous_sign_ins: false,
    sms: { enable_signup: false, max_frequency: '5s' },
    mfa: {
      totp: { enroll_enabled: false, verify_enabled: false },
      phone: { enroll_enabled: false, verify_enabled: false, max_frequency: '5s' },
      web_authn: { enroll_enabled: false, verify_enabled: false },
    },
  },
};

/** A setting of the file. The demo project serves it, names it as not served if it's on, or ignores it. */
interface Key {
  kind: Kind<unknown>;
  use: 'serve' | 'name' | 'pass over';
}

/** An email in the file. Its text is in a separate file. */
interface MailInFile {
  subject?: string;
  content?: string;
  content_path?: string;
}

/** The keys of a table. `*` matches any key. */
interface KeyTable {
  [key: string]: Key | KeyTable;
}

/** The digits of a code. Without quotes they're a number, which the CLI accepts too. */
const digits: Key = {
  kind: { is: text.is, has: (value): value is unknown => /^(number|string)$/.test(typeof value) },
  use: 'serve',
};

/** Not served, but named if it's on or set. */
const onlyNamed = (kind: Kind<unknown>): Key => ({ kind, use: 'name' });
/** Has no effect here, or only with a switch that's named. */
const passedOver = (kind: Kind<unknown>): Key => ({ kind, use: 'pass over' });

/** Returns the settings of src/config.ts that have a key in config.toml. */
function served(part: object): KeyTable {
  const keys = Object.entries(part).flatMap(([key, value]: [string, object]): [string, Key | KeyTable][] => {
    if (!isSetting(value)) return [[key, served(value)]];
    return value.variable === undefined ? [[key, { kind: value.kind, use: 'serve' }]] : [];
  });
  return Object.fromEntries(keys);
}

/** Merges two tables recursively. */
function joined(a: KeyTable, b: KeyTable): KeyTable {
  const both = Object.entries(b).map(([key, value]) => {
    const other = a[key];
    return [key, other === undefined || isKey(other) || isKey(value) ? value : joined(other, value)] as const;
  });
  return { ...a, ...Object.fromEntries(both) };
}

const on = onlyNamed(flag);
const detail = passedOver(text);
const template = { subject: onlyNamed(text), content: onlyNamed(text), content_path: onlyNamed(text) };
const hook = { enabled: on, uri: detail, secrets: detail };
const twilio = { enabled: on, account_sid: detail, message_service_sid: detail, auth_token: detail };
const smsProviders = {
  twilio,
  twilio_verify: twilio,
  messagebird: { enabled: on, originator: detail, access_key: detail },
  textlocal: { enabled: on, sender: detail, api_key: detail },
  vonage: { enabled: on, from: detail, api_key: detail, api_secret: detail },
};

/** The settings that the CLI knows in the table `auth`. */
const authKeys = joined(served(settings.auth), {
  enabled: passedOver(flag),
  external_url: onlyNamed(text),
  jwt_issuer: onlyNamed(text),
  enable_manual_linking: on,
  signing_keys_path: { kind: text, use: 'serve' },
  // The demo project has no hourly limits by address.
  rate_limit: {
    anonymous_users: passedOver(count),
    token_refresh: passedOver(count),
    sign_in_sign_ups: passedOver(count),
    token_verifications: passedOver(count),
    email_sent: passedOver(count),
    sms_sent: passedOver(count),
    web3: passedOver(count),
  },
  captcha: { enabled: on, provider: passedOver(oneOf('hcaptcha', 'turnstile')), secret: detail },
  hook: {
    mfa_verification_attempt: hook,
    password_verification_attempt: hook,
    custom_access_token: hook,
    // Text messages always go to /sms, as payloads of this hook.
    send_sms: { ...hook, enabled: passedOver(flag) },
    send_email: hook,
    before_user_created: hook,
  },
  mfa: { phone: { template: detail } },
  email: {
    template: { recovery: { content_path: { kind: text, use: 'serve' } }, '*': template },
    notification: {
      password_changed: template,
      email_changed: template,
      phone_changed: template,
      identity_linked: template,
      mfa_factor_enrolled: template,
      mfa_factor_unenrolled: template,
      '*': { enabled: on, ...template },
    },
    smtp: {
      enabled: on,
      host: detail,
      port: passedOver(count),
      user: detail,
      pass: detail,
      admin_email: detail,
      sender_name: detail,
    },
  },
  sms: {
    template: detail,
    ...smsProviders,
    test_otp: { '*': digits },
  },
  external: {
    '*': {
      enabled: on,
      client_id: detail,
      secret: detail,
      url: detail,
      redirect_uri: detail,
      skip_nonce_check: passedOver(flag),
      email_optional: passedOver(flag),
    },
  },
  web3: { solana: { enabled: on }, ethereum: { enabled: on } },
  oauth_server: { enabled: on, allow_dynamic_registration: passedOver(flag), authorization_url_path: detail },
  publishable_key: onlyNamed(text),
  secret_key: onlyNamed(text),
  anon_key: onlyNamed(text),
  service_role_key: onlyNamed(text),
  third_party: {
    firebase: { enabled: on, project_id: detail },
    auth0: { enabled: on, tenant: detail, tenant_region: detail },
    aws_cognito: { enabled: on, user_pool_id: detail, user_pool_region: detail },
    clerk: { enabled: on, domain: detail },
    workos: { enabled: on, issuer_url: detail },
  },
});

/**
 * Reads the settings in a `config.toml`. Ignores the tables of other services.
 * @throws ConfigFileError if the file can't be read, for a key that the CLI doesn't know, or for a value of the wrong
 * kind
 */
export function readConfigFile(path: string): ConfigFile {
  const source = readText(path, path);
  const toml = parseToml(path, source);
  const environment = environmentOf(path);
  const notServed: string[] = [];
  const notes: string[] = [];

  const refusal = (at: string[], sentence: string) =>
    new ConfigFileError(`${path}, line ${lineOf(source, at)}: ${sentence}`);

  /** Returns the demo project's settings in a value, or `undefined` if there are none. */
  function read(value: unknown, known: Key | KeyTable | undefined, at: string[]): unknown {
    const name = at.join('.');
    const refuse = (sentence: string) => refusal(at, sentence);
    if (known === undefined) throw refuse(`the Supabase CLI knows no setting ${name}.`);
    if (!isKey(known)) {
      if (!isTable(value)) throw refuse(`${name} has to be a table, not ${JSON.stringify(value)}.`);
      const namedBefore = notServed.length;
      const settings = Object.entries(value)
        .map(([key, item]) => [key, read(item, Object.hasOwn(known, key) ? known[key] : known['*'], [...at, key])])
        .filter(([, setting]) => setting !== undefined);
      // If the table is turned off, nothing in it counts as on.
      if (isOff(value['enabled'])) notServed.length = namedBefore;
      return settings.length > 0 ? Object.fromEntries(settings) : undefined;
    }
    const unset = unsetVariable(value);
    const resolved = resolveVariables(value);
    const { kind, use } = known;
    const setting = readAs(kind, resolved);
    if (setting === undefined) {
      const why = unset === undefined ? '' : ` (the environment has no ${unset})`;
      throw refuse(`${name} has to be ${kind.is}, not ${JSON.stringify(resolved)}${why}.`);
    }
    if (use === 'name' && setting !== false && setting !== '') notServed.push(name.replace(/\.enabled$/, ''));
    if (use !== 'serve') return undefined;
    if (unset !== undefined) notes.push(`${name} is used as written, because the environment has no ${unset}.`);
    return known === digits ? String(setting) : setting;
  }

  /** Replaces each `env(NAME)` with the variable's value. Keeps it if the variable isn't set. */
  function resolveVariables(value: unknown): unknown {
    if (Array.isArray(value)) return value.map(resolveVariables);
    const name = variableIn(value);
    return name === undefined ? value : environment[name] || value;
  }

  function unsetVariable(value: unknown): string | undefined {
    return [value]
      .flat()
      .map(variableIn)
      .find((name) => name !== undefined && !environment[name]);
  }

  function isOff(value: unknown): boolean {
    return readAs(flag, resolveVariables(value)) === false;
  }

  /** Reads an email's text from its file. Like the CLI, resolves the path from the folder that contains `supabase`. */
  function readMail({ content_path, content, ...mail }: MailInFile, at: string[]): MailInFile {
    const name = at.join('.');
    if (content_path) {
      const file = resolve(dirname(path), '..', content_path);
      return { ...mail, content: readText(file, `${name}.content_path: ${file}`) };
    }
    if (content === undefined) return mail;
    throw refusal([...at, 'content'], `${name} has its text in a file: use content_path instead of content.`);
  }

  const auth = (read(toml['auth'] ?? {}, authKeys, ['auth']) ?? {}) as PartialConfig['auth'] & {
    signing_keys_path?: string;
    email?: { template?: { recovery?: MailInFile } };
  };
  const { signing_keys_path: keysPath, ...own } = auth;
  const mails = own.email?.template;
  if (mails?.recovery) mails.recovery = readMail(mails.recovery, ['auth', 'email', 'template', 'recovery']);
  const keys = keysPath ? { signing_keys: readSigningKeys(resolve(dirname(path), keysPath)) } : {};
  const config = withDefaults({ auth: { ...own, ...keys } }, cliDefaults);
  const hasSmsProvider = Object.keys(smsProviders).some((provider) => notServed.includes(`auth.sms.${provider}`));
  if (config.auth.sms.enable_signup && !hasSmsProvider) {
    config.auth.sms.enable_signup = false;
    notes.push('auth.sms.enable_signup is off: enable one of the SMS providers, which the CLI asks for too.');
  }
  return { config, notServed, notes };
}

function readText(path: string, name: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new ConfigFileError(`${name} can't be read: ${(error as Error).message}.`);
  }
}

function parseToml(path: string, source: string): Record<string, unknown> {
  try {
    return parse(source);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const [, reason = error.message] = /^Invalid TOML document: (.*)/.exec(error.message) ?? [];
    throw new ConfigFileError(`${path}, line ${error.line}: this isn’t valid TOML: ${reason}.`);
  }
}

/**
 * Returns the line of the statement that first sets this key. It only needs the parser: a prefix of the file is valid
 * TOML wherever a statement ends.
 */
function lineOf(source: string, at: string[]): number {
  const lines = source.split('\n');
  let beginning = 1;
  for (let end = 1; end < lines.length; end++) {
    try {
      let value: unknown = parse(lines.slice(0, end).join('\n'));
      for (const key of at) value = isTable(value) && Object.hasOwn(value, key) ? value[key] : undefined;
      if (value !== undefined) return beginning;
      beginning = end + 1;
    } catch (error) {
      // The statement continues.
      if (!(error instanceof TomlError)) throw error;
    }
  }
  return beginning;
}

/**
 * Returns the variables that `env(NAME)` can use. Like the CLI, reads the process's environment first, then the `.env`
 * files next to the file and in the parent folder.
 */
function environmentOf(path: string): Record<string, string | undefined> {
  const name = process.env['SUPABASE_ENV'] || 'development';
  const files = [`.env.${name}.local`, ...(name === 'test' ? [] : ['.env.local']), `.env.${name}`, '.env'];
  const folder = dirname(resolve(path));
  const paths = [folder, dirname(folder)].flatMap((place) => files.map((file) => join(place, file)));
  const read = paths.filter(existsSync).map((file) => parseEnv(readText(file, file)));
  return Object.assign({}, ...read.reverse(), process.env);
}

function readSigningKeys(path: string): SigningKey[] {
  const source = readText(path, `auth.signing_keys_path: ${path}`);
  const keys = parseJson(source);
  if (!signingKeys.has(keys) || keys.length === 0)
    throw new ConfigFileError(
      `${path} has to be ${signingKeys.is}, as the command supabase gen signing-key writes it.`,
    );
  return keys;
}

/** Parses JSON. Returns `undefined` for invalid text. */
function parseJson(source: string): unknown {
  try {
    return JSON.parse(source);
  } catch {
    return undefined;
  }
}

function variableIn(value: unknown): string | undefined {
  return typeof value === 'string' ? /^env\((.*)\)$/.exec(value)?.[1] : undefined;
}

/**
 * Returns the value, or `undefined` if it has the wrong kind. Like the CLI, parses strings as numbers and booleans too,
 * because env(NAME) always gives a string.
 */
function readAs(kind: Kind<unknown>, value: unknown): unknown {
  const read = typeof value === 'string' && kind.fromText ? kind.fromText(value) : value;
  return kind.has(read) ? read : undefined;
}

function isKey(known: Key | KeyTable): known is Key {
  return typeof known['use'] === 'string';
}

function isTable(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}
