/** Access tokens and API keys: JSON Web Tokens, signed with the project's secret or with signing keys of its own. */
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import type { Config, SigningKey } from '../config.ts';
import type { Json, JsonObject, Session, User } from '../store.ts';
import { fromBase64Url, toBase64Url } from './base64.ts';
import { AuthError } from './errors.ts';
import { GoJsonError, goJson, type Params, parse } from './json.ts';
import type { Call, Project } from './project.ts';

const algorithms = {
  HS256: { name: 'HMAC', hash: 'SHA-256' },
  ES256: { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' },
  RS256: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
} as const;

type Algorithm = keyof typeof algorithms;

interface Key {
  id?: string;
  algorithm: Algorithm;
  sign?: CryptoKey;
  verify: CryptoKey;
}

/** The project's keys, imported when first used. */
export class Keys {
  readonly #config: Config['auth'];
  #imported: Promise<{ secret: Key; all: Key[] }> | undefined;

  constructor({ auth }: Config) {
    this.#config = auth;
  }

  /** A token with these claims, by the first signing key. */
  async sign(claims: JsonObject): Promise<string> {
    const { secret, all } = await this.#keys();
    return signWith(all[0] ?? secret, claims);
  }

  /** The key for a token's header; `undefined` where there is none. Tokens without a `kid` are the secret's. */
  async find(kid: Json | undefined, algorithm: Json | undefined): Promise<Key | undefined> {
    const { secret, all } = await this.#keys();
    return all.find(({ id }) => id === kid) ?? (algorithm === 'HS256' ? secret : undefined);
  }

  /** The algorithms that tokens may be signed with. */
  get allowed(): string[] {
    return this.#config.signing_keys.length > 0 ? Object.keys(algorithms) : ['HS256'];
  }

  /** The public keys, for everybody to verify tokens with. */
  get jwks(): JsonObject[] {
    return this.#config.signing_keys.map((key) => ({ ...publicPart(key), key_ops: ['verify'], use: 'sig' }));
  }

  #keys() {
    this.#imported ??= this.#import();
    return this.#imported;
  }

  async #import() {
    const bytes = utf8ToBytes(this.#config.jwt_secret);
    const key = await crypto.subtle.importKey('raw', bytes, algorithms.HS256, false, ['sign', 'verify']);
    const secret: Key = { algorithm: 'HS256', sign: key, verify: key };
    const all = this.#config.signing_keys.map(async (jwk): Promise<Key> => {
      const { key_ops: _, use: __, ...bare } = jwk;
      const algorithm = algorithms[jwk.alg];
      return {
        id: jwk.kid,
        algorithm: jwk.alg,
        sign: await crypto.subtle.importKey('jwk', bare, algorithm, false, ['sign']),
        verify: await crypto.subtle.importKey('jwk', publicPart(jwk), algorithm, false, ['verify']),
      };
    });
    return { secret, all: await Promise.all(all) };
  }
}

/** What may be known of a key, its parts in order. */
function publicPart(key: SigningKey): { [part: string]: string } {
  const parts = ['alg', 'crv', 'e', 'kid', 'kty', 'n', 'x', 'y'] as const;
  return Object.fromEntries(parts.flatMap((part) => (key[part] === undefined ? [] : [[part, key[part]]])));
}

const unsignedToken = (header: JsonObject, claims: JsonObject) =>
  [header, claims].map((part) => toBase64Url(utf8ToBytes(goJson(part)))).join('.');

async function signWith({ id, algorithm, sign }: Key, claims: JsonObject): Promise<string> {
  const header = { alg: algorithm, ...(id !== undefined && { kid: id }), typ: 'JWT' };
  const unsigned = unsignedToken(header, claims);
  if (!sign) throw new Error('this key cannot sign');
  const signature = await crypto.subtle.sign(algorithms[algorithm], sign, utf8ToBytes(unsigned));
  return `${unsigned}.${toBase64Url(new Uint8Array(signature))}`;
}

/** The session's claims, in Auth's order. `expiresAt` is in seconds. */
export function accessTokenClaims(
  project: Project,
  user: User,
  session: Session,
  aal: string,
  expiresAt: number,
): JsonObject {
  return {
    iss: `${project.url}/auth/v1`,
    sub: user.id,
    aud: user.aud,
    exp: expiresAt,
    iat: Math.floor(project.now() / 1000),
    email: user.email,
    phone: user.phone,
    app_metadata: user.appMetadata,
    user_metadata: user.userMetadata,
    role: user.role,
    aal,
    amr: sortClaims(session).map(({ method, at }) => ({ method, timestamp: Math.floor(at / 1000) })),
    session_id: session.id,
    is_anonymous: user.isAnonymous,
  };
}

/** Newest first by whole seconds; a tie keeps the older order. */
function sortClaims(session: Session) {
  return [...session.claims].sort((a, b) => Math.floor(b.at / 1000) - Math.floor(a.at / 1000));
}

/** The key for everybody (`anon`) and the one for servers (`service`), as a local Supabase stack has them. */
export function apiKeys({ auth }: Config): { anon: string; service: string } {
  const sign = (role: string) => {
    const unsigned = unsignedToken({ alg: 'HS256', typ: 'JWT' }, { iss: 'supabase-demo', role, exp: 1983812996 });
    return `${unsigned}.${toBase64Url(hmac(sha256, utf8ToBytes(auth.jwt_secret), utf8ToBytes(unsigned)))}`;
  };
  return { anon: sign('anon'), service: sign('service_role') };
}

const claimsStruct = {
  name: 'tokens.AccessTokenClaims',
  fields: {
    iss: 'string',
    sub: 'string',
    aud: 'any',
    exp: 'any',
    nbf: 'any',
    email: 'string',
    phone: 'string',
    app_metadata: 'map[string]interface {}',
    user_metadata: 'map[string]interface {}',
    role: 'string',
    aal: 'string',
    session_id: 'string',
    is_anonymous: 'bool',
  },
} as const;

export type Claims = Params<typeof claimsStruct>;

/**
 * The claims of the request's bearer token.
 * @throws AuthError 401 `no_authorization` without one, 403 `bad_jwt` for one that is no good, in the words of golang-jwt
 */
export async function bearerClaims({ project, request }: Call): Promise<Claims> {
  const token = /^bearer (\S+)$/i.exec(request.headers.get('authorization') ?? '')?.[1];
  if (!token) throw new AuthError(401, 'no_authorization', 'This endpoint requires a valid Bearer token');
  const [header = '', payload = '', signature, ...more] = token.split('.');
  if (signature === undefined || more.length > 0)
    throw badJwt('token is malformed: token contains an invalid number of segments');
  const { alg, kid } = readHeader(header);
  const claims = readJson('claim', payload, (text) => parse(text, claimsStruct));
  if (typeof alg !== 'string') throw badJwt('token is unverifiable: signing method (alg) is unspecified');
  if (!/^((HS|RS|ES|PS)(256|384|512)|EdDSA|none)$/.test(alg))
    throw badJwt('token is unverifiable: signing method (alg) is unavailable');
  const bytes = decodeSegment('signature', signature);
  if (!project.keys.allowed.includes(alg)) throw badJwt(`token signature is invalid: signing method ${alg} is invalid`);
  const key = await project.keys.find(kid, alg);
  if (!key) {
    const unknown = `unrecognized JWT kid ${kid === undefined ? '<nil>' : String(kid)} for algorithm ${alg}`;
    throw badJwt(`token is unverifiable: error while executing keyfunc: ${unknown}`);
  }
  const signed = utf8ToBytes(`${header}.${payload}`);
  const { wrongKey, badSignature } = problems[alg as Algorithm];
  if (key.algorithm !== alg) throw badJwt(`token signature is invalid: key is of invalid type: ${wrongKey}`);
  if (!(await crypto.subtle.verify(algorithms[alg], key.verify, bytes, signed)))
    throw badJwt(`token signature is invalid: ${badSignature}`);
  checkTimes(project, claims);
  return claims;
}

/** What Go says of a signature. */
const problems: Record<Algorithm, { wrongKey: string; badSignature: string }> = {
  HS256: { wrongKey: 'HMAC verify expects []byte', badSignature: 'signature is invalid' },
  ES256: { wrongKey: 'ECDSA verify expects *ecdsa.PublicKey', badSignature: 'crypto/ecdsa: verification error' },
  RS256: { wrongKey: 'RSA verify expects *rsa.PublicKey', badSignature: 'crypto/rsa: verification error' },
};

function checkTimes(project: Project, { exp, nbf }: Claims): void {
  const found = [
    ...(typeof exp === 'number' && exp * 1000 <= project.now() ? ['token is expired'] : []),
    ...(typeof nbf === 'number' && nbf * 1000 > project.now() ? ['token is not valid yet'] : []),
  ];
  if (found.length > 0) throw badJwt(`token has invalid claims: ${found.join(', ')}`);
}

function badJwt(reason: string): AuthError {
  return new AuthError(403, 'bad_jwt', `invalid JWT: unable to parse or verify signature, ${reason}`, {
    cause: reason,
  });
}

function readHeader(segment: string): { alg?: Json; kid?: Json } {
  return readJson('header', segment, (text) => {
    const struct = { name: 'map[string]interface {}', fields: { alg: 'any', kid: 'any' } } as const;
    return parse(text, struct) as { alg?: Json; kid?: Json };
  });
}

function readJson<Result>(part: string, segment: string, read: (text: string) => Result): Result {
  const text = new TextDecoder().decode(decodeSegment(part, segment));
  try {
    return read(text);
  } catch (error) {
    if (!(error instanceof GoJsonError)) throw error;
    throw badJwt(`token is malformed: could not JSON decode ${part}: ${error.message}`);
  }
}

function decodeSegment(part: string, segment: string): Uint8Array<ArrayBuffer> {
  try {
    return fromBase64Url(segment);
  } catch (error) {
    throw badJwt(`token is malformed: could not base64 decode ${part}: ${(error as Error).message}`);
  }
}
