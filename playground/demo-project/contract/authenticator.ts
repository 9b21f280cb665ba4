/** A software authenticator. It answers like `navigator.credentials`, as JSON. */
import { constants, generateKeyPairSync, type JsonWebKey, randomInt, sign } from 'node:crypto';
import { type CBORType, encodeCBOR } from '@levischuck/tiny-cbor';
import {
  assertionResponse,
  authenticatorData,
  clientData,
  credentialJson,
  flag,
  signedBytes,
} from '../src/security-key.ts';
import type { Json } from './json.ts';

export { flag };

export interface CreationOptions {
  rp: { id: string };
  user: { id: string };
  challenge: string;
}

export interface RequestOptions {
  challenge: string;
  rpId: string;
}

export type Credential = { [key: string]: Json };

const base64url = (bytes: Uint8Array | string) => Buffer.from(bytes).toString('base64url');
const letters = (count: number) => Buffer.from(Array.from({ length: count }, () => randomInt(97, 123)));

const part = (text = '') => new Uint8Array(Buffer.from(text, 'base64url'));

const ec = (alg: number, namedCurve: string, curve: number, hash: string) => ({
  alg,
  hash,
  padding: {},
  make: () => generateKeyPairSync('ec', { namedCurve }),
  cose: ({ x, y }: JsonWebKey) => [1, 2, 3, alg, -1, curve, -2, part(x), -3, part(y)],
});

const rsa = (alg: number, padding: { padding?: number; saltLength?: number }) => ({
  alg,
  hash: 'sha256',
  padding,
  make: () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
  cose: ({ n, e }: JsonWebKey) => [1, 3, 3, alg, -1, part(n), -2, part(e)],
});

const ed25519 = {
  alg: -8,
  hash: null,
  padding: {},
  make: () => generateKeyPairSync('ed25519'),
  cose: ({ x }: JsonWebKey) => [1, 1, 3, -8, -1, 6, -2, part(x)],
};

/** How keys are generated, encoded (in COSE: labels and values in turn), and used to sign. */
const algorithms = {
  ES256: ec(-7, 'P-256', 1, 'sha256'),
  ES512: ec(-36, 'P-521', 3, 'sha512'),
  RS256: rsa(-257, {}),
  PS256: rsa(-37, { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 }),
  EdDSA: ed25519,
};

export type AlgorithmName = keyof typeof algorithms;

/** The attestation: none, or a signature by the new key over the right data or over something else. */
interface Attestation {
  format: string;
  signs?: 'this' | 'something else';
  /** The algorithm to claim, if it isn't the key's. */
  alg?: number;
}

function cbor(...namesAndValues: CBORType[]): Uint8Array {
  return encodeCBOR(mapOf(namesAndValues));
}

function mapOf(namesAndValues: CBORType[]): Map<string | number, CBORType> {
  const names = namesAndValues.filter((_, index) => index % 2 === 0) as (string | number)[];
  return new Map(names.map((name, index) => [name, namesAndValues[2 * index + 1]]));
}

export class Authenticator {
  readonly #algorithm;
  readonly #keys;
  /** Only letters, so that all variants of base64 encode it alike. */
  readonly #id = letters(30);
  readonly #origin: string;
  #userHandle = '';
  #count = 0;

  /** `origin` is the origin of the page that asks. */
  constructor(origin: string, algorithm: AlgorithmName = 'ES256') {
    this.#origin = origin;
    this.#algorithm = algorithms[algorithm];
    this.#keys = this.#algorithm.make();
  }

  /** The credential's id in base64url. */
  get id(): string {
    return base64url(this.#id);
  }

  /** What it holds, for an authenticator that goes on in its place: binary values in base64, the private key as PKCS #8. */
  get held(): { credentialId: string; privateKey: string; userHandle: string; signCount: number } {
    return {
      credentialId: this.#id.toString('base64'),
      privateKey: this.#keys.privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64'),
      userHandle: Buffer.from(this.#userHandle, 'base64url').toString('base64'),
      signCount: this.#count,
    };
  }

  /** Answers `navigator.credentials.create({ publicKey })`. */
  create(
    { rp, user, challenge }: CreationOptions,
    { format, signs, alg = this.#algorithm.alg }: Attestation = { format: 'none' },
  ): Credential {
    this.#userHandle = user.id;
    const key = cbor(...this.#algorithm.cose(this.#keys.publicKey.export({ format: 'jwk' })));
    const length = Buffer.from([0, this.#id.length]);
    const data = authenticatorData(rp.id, flag.present | flag.verified | flag.attested, this.#count++);
    const authData = Buffer.concat([data, Buffer.alloc(16), length, this.#id, key]);
    const client = clientData('webauthn.create', challenge, this.#origin);
    const signature = this.#sign(signs === 'this' ? authData : Buffer.alloc(0), client);
    const statement = mapOf(signs ? ['alg', alg, 'sig', signature] : []);
    return {
      ...credentialJson<Json>(this.id, {
        clientDataJSON: base64url(client),
        attestationObject: base64url(cbor('fmt', format, 'attStmt', statement, 'authData', new Uint8Array(authData))),
        transports: ['internal'],
      }),
    };
  }

  /** Answers `navigator.credentials.get({ publicKey })`. */
  get({ rpId, challenge }: RequestOptions, flags = flag.present | flag.verified): Credential {
    const client = clientData('webauthn.get', challenge, this.#origin);
    const data = authenticatorData(rpId, flags, this.#count++);
    const response = assertionResponse(client, data, this.#sign(data, client), this.#userHandle);
    return { ...credentialJson<Json>(this.id, response) };
  }

  #sign(data: Uint8Array, client: Uint8Array): Uint8Array {
    const { hash, padding } = this.#algorithm;
    const key = { key: this.#keys.privateKey, ...padding };
    return new Uint8Array(sign(hash, signedBytes(data, client), key));
  }
}
