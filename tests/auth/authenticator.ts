/** A software authenticator (ES256, no attestation): what `navigator.credentials` would answer, as JSON. */
import { createHash, generateKeyPairSync, randomInt, sign } from 'node:crypto';
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

type Credential = { [key: string]: Json };

const base64url = (bytes: Uint8Array | string) => Buffer.from(bytes).toString('base64url');
const sha256 = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest();
const letters = (count: number) => Buffer.from(Array.from({ length: count }, () => randomInt(97, 123)));

/** Flags of authenticator data: user present, user verified, attested credential data included. */
const [present, verified, attested] = [0x01, 0x04, 0x40];

export class Authenticator {
  readonly #keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  /** Letters only, which are the same in every flavour of base64. */
  readonly #id = letters(30);
  readonly #origin: string;
  #userHandle = '';
  #count = 0;

  /** `origin` is where the page is that asks. */
  constructor(origin: string) {
    this.#origin = origin;
  }

  /** The credential's id in base64url. */
  get id(): string {
    return base64url(this.#id);
  }

  /** Answers `navigator.credentials.create({ publicKey })`. */
  create({ rp, user, challenge }: CreationOptions): Credential {
    this.#userHandle = user.id;
    const { x = '', y = '' } = this.#keys.publicKey.export({ format: 'jwk' });
    const length = Buffer.from([0, this.#id.length]);
    // COSE key {1: 2 (EC2), 3: -7 (ES256), -1: 1 (P-256), -2: x, -3: y}
    const head = Buffer.from([0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01]);
    const point = [
      Buffer.from([0x21, 0x58, 32]),
      Buffer.from(x, 'base64url'),
      Buffer.from([0x22, 0x58, 32]),
      Buffer.from(y, 'base64url'),
    ];
    const credential = Buffer.concat([Buffer.alloc(16), length, this.#id, head, ...point]);
    const authData = Buffer.concat([this.#data(rp.id, present | verified | attested), credential]);
    // {"fmt": "none", "attStmt": {}, "authData": bytes}
    const attestationObject = Buffer.concat([
      Buffer.from([
        0xa3,
        0x63,
        ...Buffer.from('fmt'),
        0x64,
        ...Buffer.from('none'),
        0x67,
        ...Buffer.from('attStmt'),
        0xa0,
      ]),
      Buffer.from([0x68, ...Buffer.from('authData'), 0x58, authData.length]),
      authData,
    ]);
    return this.#credential({
      clientDataJSON: base64url(this.#clientData('webauthn.create', challenge)),
      attestationObject: base64url(attestationObject),
      transports: ['internal'],
    });
  }

  /** Answers `navigator.credentials.get({ publicKey })`. */
  get({ rpId, challenge }: RequestOptions): Credential {
    const clientData = this.#clientData('webauthn.get', challenge);
    const data = this.#data(rpId, present | verified);
    const signature = sign('sha256', Buffer.concat([data, sha256(clientData)]), this.#keys.privateKey);
    return this.#credential({
      clientDataJSON: base64url(clientData),
      authenticatorData: base64url(data),
      signature: base64url(signature),
      userHandle: this.#userHandle,
    });
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
