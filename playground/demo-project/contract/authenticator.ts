/** A software authenticator. It answers like `navigator.credentials`, as JSON. */
import { constants, createHash, generateKeyPairSync, type JsonWebKey, randomInt, sign } from 'node:crypto';
import { type CBORType, encodeCBOR } from '@levischuck/tiny-cbor';
import type { Json } from './json.ts';

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
const sha256 = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest();
const letters = (count: number) => Buffer.from(Array.from({ length: count }, () => randomInt(97, 123)));

/** Flags in the authenticator data: https://www.w3.org/TR/webauthn-3/#sctn-authenticator-data */
export const flag = { present: 0x01, verified: 0x04, backupEligible: 0x08, backedUp: 0x10, attested: 0x40 };

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

  /** Answers `navigator.credentials.create({ publicKey })`. */
  create(
    { rp, user, challenge }: CreationOptions,
    { format, signs, alg = this.#algorithm.alg }: Attestation = { format: 'none' },
  ): Credential {
    this.#userHandle = user.id;
    const key = cbor(...this.#algorithm.cose(this.#keys.publicKey.export({ format: 'jwk' })));
    const length = Buffer.from([0, this.#id.length]);
    const data = this.#data(rp.id, flag.present | flag.verified | flag.attested);
    const authData = Buffer.concat([data, Buffer.alloc(16), length, this.#id, key]);
    const clientData = this.#clientData('webauthn.create', challenge);
    const signature = this.#sign(signs === 'this' ? authData : Buffer.alloc(0), clientData);
    const statement = mapOf(signs ? ['alg', alg, 'sig', signature] : []);
    return this.#credential({
      clientDataJSON: base64url(clientData),
      attestationObject: base64url(cbor('fmt', format, 'attStmt', statement, 'authData', new Uint8Array(authData))),
      transports: ['internal'],
    });
  }

  /** Answers `navigator.credentials.get({ publicKey })`. */
  get({ rpId, challenge }: RequestOptions, flags = flag.present | flag.verified): Credential {
    const clientData = this.#clientData('webauthn.get', challenge);
    const data = this.#data(rpId, flags);
    return this.#credential({
      clientDataJSON: base64url(clientData),
      authenticatorData: base64url(data),
      signature: base64url(this.#sign(data, clientData)),
      userHandle: this.#userHandle,
    });
  }

  #sign(data: Uint8Array, clientData: string): Uint8Array {
    const { hash, padding } = this.#algorithm;
    const key = { key: this.#keys.privateKey, ...padding };
    return new Uint8Array(sign(hash, Buffer.concat([data, sha256(clientData)]), key));
  }

  #credential(response: Credential): Credential {
    return { id: this.id, rawId: this.id, type: 'public-key', response, clientExtensionResults: {} };
  }

  #clientData(type: string, challenge: string): string {
    return JSON.stringify({ type, challenge, origin: this.#origin, crossOrigin: false });
  }

  #data(rpId: string, flags: number): Buffer {
    const count = Buffer.alloc(4);
    count.writeUInt32BE(this.#count++);
    return Buffer.concat([sha256(rpId), Buffer.from([flags]), count]);
  }
}
