/** Public keys of authenticators (COSE, RFC 9053) and their signatures, for the algorithms that Supabase Auth requests. */
import { type CBORType, decodePartialCBOR } from '@levischuck/tiny-cbor';
import { toBase64Url } from '../go/base64.ts';

/** An error of go-webauthn, the library that Supabase Auth uses, about invalid settings or answers. */
export class WebAuthnError extends Error {}

type Bytes = Uint8Array<ArrayBuffer>;
type CoseKey = Map<string | number, CBORType>;

interface Algorithm {
  keyType: number;
  /** In WebCrypto's notation. */
  parameters: { name: string; namedCurve?: string; hash?: string; saltLength?: number };
  jwk(key: CoseKey): JsonWebKey;
  /** Converts the signature to WebCrypto's format, if authenticators use a different one. */
  plain?(signature: Bytes): Bytes;
}

const ecdsa = (namedCurve: string, hash: string, size: number): Algorithm => ({
  keyType: 2,
  parameters: { name: 'ECDSA', namedCurve, hash },
  jwk: (key) => ({ kty: 'EC', crv: namedCurve, x: part(key, -2), y: part(key, -3) }),
  plain: (signature) => withoutDer(signature, size),
});

const rsa = (name: string, hash: string, saltLength = 0): Algorithm => ({
  keyType: 3,
  parameters: { name, hash, saltLength },
  jwk: (key) => ({ kty: 'RSA', n: part(key, -1), e: part(key, -2) }),
});

const ed25519: Algorithm = {
  keyType: 1,
  parameters: { name: 'Ed25519' },
  jwk: (key) => ({ kty: 'OKP', crv: 'Ed25519', x: part(key, -2) }),
};

/** By COSE number, in the order in which Auth requests them. */
export const algorithms = new Map<number, Algorithm>([
  [-7, ecdsa('P-256', 'SHA-256', 32)],
  [-35, ecdsa('P-384', 'SHA-384', 48)],
  [-36, ecdsa('P-521', 'SHA-512', 66)],
  [-257, rsa('RSASSA-PKCS1-v1_5', 'SHA-256')],
  [-258, rsa('RSASSA-PKCS1-v1_5', 'SHA-384')],
  [-259, rsa('RSASSA-PKCS1-v1_5', 'SHA-512')],
  [-37, rsa('RSA-PSS', 'SHA-256', 32)],
  [-38, rsa('RSA-PSS', 'SHA-384', 48)],
  [-39, rsa('RSA-PSS', 'SHA-512', 64)],
  [-8, ed25519],
]);

function part(key: CoseKey, name: number): string {
  const value = key.get(name);
  return value instanceof Uint8Array ? toBase64Url(value) : '';
}

/**
 * Reads the CBOR value that starts at byte `at`. Returns it with its length in bytes.
 * @throws WebAuthnError if it isn't CBOR
 */
export function readCbor(bytes: Bytes, at = 0): [value: CBORType, length: number] {
  try {
    return decodePartialCBOR(bytes, at);
  } catch (error) {
    throw new WebAuthnError(`cbor: ${(error as Error).message}`);
  }
}

function readKey(publicKey: Bytes): CoseKey {
  const [key] = readCbor(publicKey);
  if (!(key instanceof Map)) throw new WebAuthnError('Unsupported Public Key Type');
  return key;
}

/** Returns the COSE number of the key's algorithm. @throws WebAuthnError if it isn't a key */
export function algorithmOf(publicKey: Bytes): number {
  return Number(readKey(publicKey).get(3));
}

/** Returns whether this key signed `data`. @throws WebAuthnError if the key or signature is unusable */
export async function isSignedBy(publicKey: Bytes, signature: Bytes, data: Bytes): Promise<boolean> {
  const key = readKey(publicKey);
  const algorithm = algorithms.get(Number(key.get(3)));
  if (!algorithm || algorithm.keyType !== key.get(1)) throw new WebAuthnError('Unsupported public key algorithm');
  const { parameters, jwk, plain } = algorithm;
  const imported = await crypto.subtle
    .importKey('jwk', jwk(key), parameters, false, ['verify'])
    .catch(({ message }: Error) => {
      throw new WebAuthnError(`Unsupported Public Key Type: ${message}`);
    });
  return crypto.subtle.verify(parameters, imported, plain ? plain(signature) : signature, data);
}

/**
 * Joins the two integers of an ECDSA signature, each padded to full length. Authenticators send a DER sequence of
 * integers.
 */
function withoutDer(signature: Bytes, size: number): Bytes {
  const plain = new Uint8Array(2 * size);
  // Skip the sequence's tag and length. Lengths of 128 and more take a second byte.
  let at = signature[1] === 0x81 ? 3 : 2;
  for (const end of [size, 2 * size]) {
    const [tag, length = 0] = signature.subarray(at);
    const number = signature.subarray(at + 2, at + 2 + length);
    if (tag !== 0x02 || number.length < length) throw new WebAuthnError('Signature invalid or not provided');
    // A leading zero only marks the integer as positive.
    const digits = number.slice(-size);
    plain.set(digits, end - digits.length);
    at += 2 + length;
  }
  return plain;
}
