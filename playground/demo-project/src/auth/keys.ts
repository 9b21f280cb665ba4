/** The project's keys, and the JSON Web Tokens (JWTs) that they sign. */

import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { Config, SigningKey } from '../config.ts';
import { toBase64Url } from '../go/base64.ts';
import type { Params } from '../go/json.ts';
import { goJson } from '../go/json-writer.ts';
import type { Json, JsonObject } from '../store.ts';

const publicKeyAlgorithms = {
  ES256: { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' },
  RS256: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
} as const;

export type JwtAlgorithm = 'HS256' | keyof typeof publicKeyAlgorithms;

type Bytes = Uint8Array<ArrayBuffer>;

interface Key {
  id?: string;
  algorithm: JwtAlgorithm;
  sign(text: Bytes): Promise<Uint8Array>;
  verify(signature: Bytes, text: Bytes): Promise<boolean>;
}

/** The project's keys. Those in `signing_keys` are imported on first use. */
export class Keys {
  readonly #config: Config['auth'];
  readonly #secret: Key;
  #imported: Promise<Key[]> | undefined;

  constructor({ auth }: Config) {
    this.#config = auth;
    const sign = (text: Bytes) => hmac(sha256, utf8ToBytes(auth.jwt_secret), text);
    this.#secret = {
      algorithm: 'HS256',
      sign: async (text) => sign(text),
      verify: async (signature, text) => bytesToHex(sign(text)) === bytesToHex(signature),
    };
  }

  /** Returns a token with these claims, signed by the first signing key. */
  async sign(claims: JsonObject): Promise<string> {
    const [first = this.#secret] = await this.#signingKeys();
    return signWith(first, claims);
  }

  /** Returns the key for a token's header, or `undefined`. Tokens without a `kid` use the secret. */
  async find(kid: Json | undefined, algorithm: Json | undefined): Promise<Key | undefined> {
    const keys = await this.#signingKeys();
    return keys.find(({ id }) => id === kid) ?? (algorithm === 'HS256' ? this.#secret : undefined);
  }

  /** The algorithms that tokens can be signed with. */
  get allowed(): string[] {
    return this.#config.signing_keys.length > 0 ? ['HS256', ...Object.keys(publicKeyAlgorithms)] : ['HS256'];
  }

  /** The public keys, which anyone can use to verify tokens. */
  get jwks(): JsonObject[] {
    return this.#config.signing_keys.map((key) => ({ ...publicPart(key), key_ops: ['verify'], use: 'sig' }));
  }

  #signingKeys(): Promise<Key[]> {
    this.#imported ??= Promise.all(this.#config.signing_keys.map(importKey));
    return this.#imported;
  }
}

async function importKey(jwk: SigningKey): Promise<Key> {
  const { key_ops: _, use: __, ...bare } = jwk;
  const algorithm = publicKeyAlgorithms[jwk.alg];
  const signing = await crypto.subtle.importKey('jwk', bare, algorithm, false, ['sign']);
  const verifying = await crypto.subtle.importKey('jwk', publicPart(jwk), algorithm, false, ['verify']);
  return {
    id: jwk.kid,
    algorithm: jwk.alg,
    sign: async (text) => new Uint8Array(await crypto.subtle.sign(algorithm, signing, text)),
    verify: (signature, text) => crypto.subtle.verify(algorithm, verifying, signature, text),
  };
}

/** Returns the public parts of a key, sorted. */
function publicPart(key: SigningKey): { [part: string]: string } {
  const parts = ['alg', 'crv', 'e', 'kid', 'kty', 'n', 'x', 'y'] as const;
  return Object.fromEntries(parts.flatMap((part) => (key[part] === undefined ? [] : [[part, key[part]]])));
}

const unsignedToken = (header: JsonObject, claims: JsonObject) =>
  [header, claims].map((part) => toBase64Url(utf8ToBytes(goJson(part)))).join('.');

async function signWith(key: Key, claims: JsonObject): Promise<string> {
  const { id, algorithm } = key;
  const header = { alg: algorithm, ...(id !== undefined && { kid: id }), typ: 'JWT' };
  const unsigned = unsignedToken(header, claims);
  return `${unsigned}.${toBase64Url(await key.sign(utf8ToBytes(unsigned)))}`;
}

/** Returns the API keys for clients (`anon`) and servers (`service`), as in a local Supabase stack. */
export function apiKeys({ auth }: Config): { anon: string; service: string } {
  const sign = (role: string) => {
    const unsigned = unsignedToken({ alg: 'HS256', typ: 'JWT' }, { iss: 'supabase-demo', role, exp: 1983812996 });
    return `${unsigned}.${toBase64Url(hmac(sha256, utf8ToBytes(auth.jwt_secret), utf8ToBytes(unsigned)))}`;
  };
  return { anon: sign('anon'), service: sign('service_role') };
}

/** The claims of a token, as Go reads them. */
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
