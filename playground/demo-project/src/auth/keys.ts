/** The project's keys, and the tokens that they sign: JSON Web Tokens. */

import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import type { Config, SigningKey } from '../config.ts';
import { toBase64Url } from '../go/base64.ts';
import { goJson, type Params } from '../go/json.ts';
import type { Json, JsonObject } from '../store.ts';

export const jwtAlgorithms = {
  HS256: { name: 'HMAC', hash: 'SHA-256' },
  ES256: { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' },
  RS256: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
} as const;

export type JwtAlgorithm = keyof typeof jwtAlgorithms;

interface Key {
  id?: string;
  algorithm: JwtAlgorithm;
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
    return this.#config.signing_keys.length > 0 ? Object.keys(jwtAlgorithms) : ['HS256'];
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
    const key = await crypto.subtle.importKey('raw', bytes, jwtAlgorithms.HS256, false, ['sign', 'verify']);
    const secret: Key = { algorithm: 'HS256', sign: key, verify: key };
    const all = this.#config.signing_keys.map(async (jwk): Promise<Key> => {
      const { key_ops: _, use: __, ...bare } = jwk;
      const algorithm = jwtAlgorithms[jwk.alg];
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
  const signature = await crypto.subtle.sign(jwtAlgorithms[algorithm], sign, utf8ToBytes(unsigned));
  return `${unsigned}.${toBase64Url(new Uint8Array(signature))}`;
}

/** The key for everybody (`anon`) and the one for servers (`service`), as a local Supabase stack has them. */
export function apiKeys({ auth }: Config): { anon: string; service: string } {
  const sign = (role: string) => {
    const unsigned = unsignedToken({ alg: 'HS256', typ: 'JWT' }, { iss: 'supabase-demo', role, exp: 1983812996 });
    return `${unsigned}.${toBase64Url(hmac(sha256, utf8ToBytes(auth.jwt_secret), utf8ToBytes(unsigned)))}`;
  };
  return { anon: sign('anon'), service: sign('service_role') };
}

/** What a token says, as Go reads it. */
export const claimsStruct = {
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
