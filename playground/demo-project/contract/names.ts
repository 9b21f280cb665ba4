/**
 * Normalizes a server's responses, so that two runs can be compared. What differs from run to run gets a name;
 * everything else stays. A user, session, factor, or token has the same name throughout a scenario. Times keep their
 * type and their distance from now. Access tokens appear as their header and claims, and links as their parts.
 */
import type { Json } from './json.ts';
import { nameOf, tokenNameOf } from './recording.ts';

type Fields = { [key: string]: Json };

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const nil = '00000000-0000-0000-0000-000000000000';
const jwt = /^[\w-]+\.[\w-]+\.[\w-]+$/;
const rfc3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/;
const unixTimes = ['exp', 'iat', 'expires_at', 'timestamp'];

/** Numbers that depend on the machine, or on everything else in the mailbox. */
const otherNumbers = ['duration', 'Size', 'total', 'unread'];

/** What a value is, by its key. */
const kinds: Record<string, string> = {
  sub: 'user',
  user_id: 'user',
  actor_id: 'user',
  users: 'user',
  session_id: 'session',
  identity_id: 'identity',
  identities: 'identity',
  factor_id: 'factor',
  factors: 'factor',
  challenge_id: 'challenge',
  passkey_id: 'passkey',
  passkeys: 'passkey',
  code: 'auth code',
  auth_code: 'auth code',
  error_id: 'error id',
  request_id: 'request id',
  audit_log_id: 'audit log entry',
  refresh_token: 'refresh token',
  hashed_token: 'token hash',
  token: 'token hash',
  token_hash: 'token hash',
  secret: 'totp secret',
  ID: 'mail',
  MessageID: 'message id',
  email_otp: 'code',
  otp: 'code',
};

/** What WebAuthn's binary values are, by their key. Values with `many` are numbered; the others depend on random keys. */
const binaries: { [key: string]: { kind: string; many?: true } } = {
  challenge: { kind: 'webauthn challenge', many: true },
  id: { kind: 'credential', many: true },
  ID: { kind: 'credential', many: true },
  rawId: { kind: 'credential', many: true },
  credential_id: { kind: 'credential', many: true },
  allowed_credentials: { kind: 'credential', many: true },
  attestationObject: { kind: 'attestation object' },
  authData: { kind: 'authenticator data' },
  authenticatorData: { kind: 'authenticator data' },
  public_key: { kind: 'public key' },
  sig: { kind: 'signature' },
  signature: { kind: 'signature' },
  Signature: { kind: 'signature' },
  // The obscured addresses of a softly deleted user.
  email: { kind: 'hashed address', many: true },
  new_email: { kind: 'hashed address', many: true },
};

/** Returns what an object with an `id` is, based on its other keys. */
function kindOfObject(object: Fields): string {
  if ('aud' in object) return 'user';
  if ('identity_data' in object) return 'user';
  if ('expires_at' in object && 'type' in object) return 'challenge';
  if ('factor_type' in object || ('friendly_name' in object && 'type' in object)) return 'factor';
  if ('friendly_name' in object) return 'passkey';
  return 'id';
}

export class Names {
  readonly #names = new Map<string, string>();
  /** The same names, longest value first, with how to find each in a text. Rebuilt on first use after a name is added. */
  #longestFirst: [find: string | RegExp, name: string][] | undefined;
  readonly #counts = new Map<string, number>();
  readonly #run: string;
  readonly #origin: string;
  readonly #now: () => number;

  /**
   * `run` is the number in this run's email addresses and phone numbers, `origin` is the project's, and `now` is its
   * clock.
   */
  constructor(run: string, origin: string, now: () => number) {
    this.#run = run;
    this.#origin = origin;
    this.#now = now;
  }

  /** Names `value` from now on. */
  give(value: string, name: string): void {
    this.#set(value, `<${name}>`);
  }

  /** Returns the name of `value`. If it has none, gives it a new name such as `<session 2>`. */
  of(kind: string, value: string): string {
    const known = this.#names.get(value);
    if (known) return known;
    const count = (this.#counts.get(kind) ?? 0) + 1;
    this.#counts.set(kind, count);
    const name = nameOf({ kind, number: count });
    this.#set(value, name);
    return name;
  }

  #set(value: string, name: string): void {
    this.#names.set(value, name);
    this.#longestFirst = undefined;
  }

  /** Replaces the beginning of a named value. */
  beginning(value: string): string {
    const whole = [...this.#names].find(([known]) => known.startsWith(value));
    return whole ? `<first ${value.length} of ${whole[1].slice(1, -1)}>` : value;
  }

  /** Replaces everything in free text that has a name, or that must be an id or token. */
  text(text: string): string {
    this.#longestFirst ??= [...this.#names]
      .toSorted(([a], [b]) => b.length - a.length)
      .map(([value, name]) => [/^\d+$/.test(value) ? new RegExp(`\\b${value}\\b`, 'g') : value, name]);
    let result = text;
    for (const [find, name] of this.#longestFirst) result = result.replaceAll(find, name);
    return (
      result
        .replaceAll(this.#origin, '<project>')
        .replaceAll(encodeURIComponent(this.#origin), encodeURIComponent('<project>'))
        .replaceAll(`.${this.#run}`, '')
        .replaceAll(this.#run, '00000000')
        .replace(/\beyJ[\w-]+\.[\w-]+\.[\w-]+/g, (token) => this.#tokenName(token))
        .replace(/(?<![0-9a-f])[0-9a-f]{56}(?![0-9a-f])/g, (hash) => this.of('token hash', hash))
        .replace(/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g, (id) =>
          id === nil ? id : this.of('id', id),
        )
        .replace(/\(\\x([0-9a-f]{60})\)/g, (_, hex) => {
          const credential = Buffer.from(hex, 'hex').toString('base64url');
          return `(<hex of ${this.of('credential', credential).slice(1)})`;
        })
        .replace(/(Possible abuse attempt: )\d+/g, (_, before) => `${before}<refresh token id>`)
        // Rate limits say how many seconds are left. On a real server, some of them may have passed.
        .replace(
          /\bafter (\d\d+) seconds\b/g,
          (_, seconds) => `after <about ${Math.round(Number(seconds) / 10) * 10}> seconds`,
        )
        .replace(/(expires_at=)\d{10}/g, (_, key) => `${key}<unix time>`)
    );
  }

  /** Replaces everything in a JSON value that has a name. Keeps the order of keys. */
  json(value: Json, key = '', parent: Fields = {}): Json {
    if (Array.isArray(value)) return inOrder(key, value, (item) => this.json(item, key, parent));
    if (typeof value === 'object' && value !== null) {
      return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, this.json(item, name, value)]));
    }
    if (typeof value === 'number') return this.#number(value, key, parent);
    if (typeof value !== 'string') return value;
    return this.#string(value, key, parent);
  }

  #number(value: number, key: string, parent: Fields): Json {
    if (unixTimes.includes(key)) return this.#unix(value, key, parent);
    return otherNumbers.includes(key) ? `<${key}>` : value;
  }

  #string(value: string, key: string, parent: Fields): Json {
    const kind = key === 'id' ? kindOfObject(parent) : kinds[key];
    if (value.startsWith('0001-01-01T')) return value;
    if (rfc3339.test(value)) return this.#rfc3339(value);
    if (key === 'access_token' && jwt.test(value)) return this.accessToken(value);
    if (unixTimes.includes(key) && /^\d{10}$/.test(value)) return this.#unix(Number(value), key, parent);
    if (uuid.test(value) && value !== nil) return this.of(kind ?? 'id', value);
    if (key === 'MessageID' || (key === 'ID' && 'MessageID' in parent)) return this.of(kinds[key] ?? 'id', value);
    if (key === 'refresh_token' && /^([a-z0-9]{12}|[\w-]{51})$/.test(value)) return this.of('refresh token', value);
    if (key === 'secret' && /^[A-Z2-7]{32}$/.test(value)) return this.of('totp secret', value);
    if ((key === 'otp' || key === 'email_otp') && /^\d{6,10}$/.test(value)) return this.of('code', value);
    if ((key === 'phone' || key === 'new_phone') && /^(?=.*\D)[\w-]{15}$/.test(value))
      return this.of('hashed number', value);
    if (key === 'version' && /^v\d/.test(value)) return '<version>';
    if (/^[\w+/-]{40,}={0,2}$/.test(value)) return this.#binary(value, key);
    if (key === 'qr_code') return describeQrCode(value);
    if (key === 'action_link') return this.link(value);
    return this.text(value);
  }

  /** A WebAuthn value in any variant of base64. */
  #binary(value: string, key: string): Json {
    const text = Buffer.from(value, 'base64url').toString();
    if (uuid.test(text)) return `<base64 of ${this.of('user', text).slice(1)}`;
    if (key === 'clientDataJSON') return this.json(JSON.parse(text) as Json);
    const binary = binaries[key];
    if (!binary) return this.text(value);
    return binary.many ? this.of(binary.kind, value) : `<${binary.kind}>`;
  }

  /** Returns an access token as its name, header, and claims. */
  accessToken(token: string): Json {
    return { name: this.#tokenName(token), ...this.claims(token) };
  }

  /** Returns the header and claims of a token. */
  claims(token: string): Fields {
    const [header, claims] = decode(token);
    return { header: this.json(header), claims: this.json(claims) };
  }

  /** Names tokens by session and aal. Two tokens made within a second are identical. */
  #tokenName(token: string): string {
    const known = this.#names.get(token);
    if (known) return known;
    const { session_id: session, aal } = decode(token)[1];
    if (typeof session !== 'string') return this.of('token', token);
    const name = tokenNameOf(String(aal), this.of('session', session));
    this.#set(token, name);
    return name;
  }

  /** Returns a link as its parts: the target, and its query and fragment in order. */
  link(link: string): Json {
    const [, to = '', query, fragment] = /^([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/s.exec(link) ?? [];
    return {
      to: this.text(to),
      ...(query === undefined ? {} : { query: this.#parameters(query) }),
      ...(fragment === undefined ? {} : { fragment: this.#parameters(fragment) }),
    };
  }

  #parameters(encoded: string): Json {
    if (!encoded.includes('=')) return this.text(encoded);
    const parameters = [...new URLSearchParams(encoded)];
    const raw = encoded.split('&').map((pair) => pair.slice(pair.indexOf('=') + 1));
    const all = Object.fromEntries(parameters);
    return Object.fromEntries(
      parameters.map(([key, value], index) => {
        const named = this.json(value, key, all);
        // Plain text stays encoded as it was, because servers escape differently.
        return [key, typeof named === 'string' && named === value ? (raw[index] ?? '') : named];
      }),
    );
  }

  /** Shows whether a time has a fraction of a second. */
  #rfc3339(time: string): string {
    return `<${this.#distance(Date.parse(time))}${time.includes('.') ? '' : ', whole seconds'}>`;
  }

  #unix(seconds: number, key: string, parent: Fields): string {
    if (key === 'exp' && typeof parent['iat'] === 'number') return `<iat + ${seconds - parent['iat']} s>`;
    const token = parent['access_token'];
    if (key === 'expires_at' && typeof token === 'string' && decode(token)[1]['exp'] === seconds)
      return '<exp of the access token>';
    return `<unix ${this.#distance(seconds * 1000)}>`;
  }

  /** Returns how far a time is from now, in whole minutes, so that the duration of the run doesn't show. */
  #distance(time: number): string {
    const minutes = Math.round((time - this.#now()) / 60_000);
    return minutes === 0 ? 'now' : `now ${minutes < 0 ? '-' : '+'} ${Math.abs(minutes)} min`;
  }
}

/**
 * Auth returns a user's identities and factors in no particular order, so sort them: by these keys, or by the names of
 * these credentials.
 */
const listOrder: { [list: string]: string[] } = { identities: ['provider', 'email'], factors: ['friendly_name'] };

const credentialLists = ['allowCredentials', 'excludeCredentials', 'allowed_credentials'];

function inOrder(list: string, items: Json[], named: (item: Json) => Json): Json[] {
  if (credentialLists.includes(list)) return sorted(items.map(named), (item) => JSON.stringify(item));
  const by = listOrder[list];
  if (by === undefined) return items.map(named);
  const rank = (item: Json) => by.map((key) => String((item as Fields)[key] ?? '')).join(' ');
  return sorted(items, rank).map(named);
}

function sorted(items: Json[], rank: (item: Json) => string): Json[] {
  return items.toSorted((a, b) => rank(a).localeCompare(rank(b)));
}

function decode(token: string): [Fields, Fields] {
  const [header = '', claims = ''] = token.split('.');
  const parse = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString()) as Fields;
  return [parse(header), parse(claims)];
}

/** Describes a QR code without its modules, which depend on the secret. Returns other text unchanged. */
function describeQrCode(svg: string): Json {
  const [head = '', ...rects] = svg.split(/(?=<rect)/);
  const style =
    /^<rect x="\d+" y="\d+" width="3" height="3" style="fill:(?:black|white);stroke:none" \/>\n(?:<\/svg>\n)?$/;
  if (!rects.every((rect) => style.test(rect))) return svg;
  return { head, modules: rects.length, firstModule: rects[0] ?? '', end: svg.slice(-8) };
}
