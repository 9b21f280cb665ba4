/** Public keys of authenticators (COSE, RFC 9053), and signatures by them, in the algorithms that Supabase Auth asks for. */
import { type CBORType, decodePartialCBOR } from '@levischuck/tiny-cbor';
import { toBase64Url } from './base64.ts';

/** What go-webauthn, the library of Supabase Auth, says of settings or of an answer that it does not take. */
export class WebAuthnError extends Error {}

type Bytes = Uint8Array<ArrayBuffer>;
type CoseKey = Map<string | number, CBORType>;

interface Algorithm {
  keyType: number;
  /** As WebCrypto wants it, for a key and for a signature. */
  parameters: { name: string; namedCurve?: string; hash?: string; saltLength?: number };
  jwk(key: CoseKey): JsonWebKey;
  /** The form that WebCrypto reads. */
  plain(signature: Bytes): Bytes;
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
  plain: (signature) => signature,
});

/** By their numbers, in the order in which Auth asks for them. */
const algorithms = new Map<CBORType, Algorithm>([
  [-7, ecdsa('P-256', 'SHA-256', 32)],
  [-35, ecdsa('P-384', 'SHA-384', 48)],
  [-36, ecdsa('P-521', 'SHA-512', 66)],
  [-257, rsa('RSASSA-PKCS1-v1_5', 'SHA-256')],
  [-258, rsa('RSASSA-PKCS1-v1_5', 'SHA-384')],
  [-259, rsa('RSASSA-PKCS1-v1_5', 'SHA-512')],
  [-37, rsa('RSA-PSS', 'SHA-256', 32)],
  [-38, rsa('RSA-PSS', 'SHA-384', 48)],
  [-39, rsa('RSA-PSS', 'SHA-512', 64)],
  [
    -8,
    {
      keyType: 1,
      parameters: { name: 'Ed25519' },
      jwk: (key) => ({ kty: 'OKP', crv: 'Ed25519', x: part(key, -2) }),
      plain: (signature) => signature,
    },
  ],
]);

export const algorithmNumbers = [...algorithms.keys()] as number[];

function part(key: CoseKey, name: number): string {
  const value = key.get(name);
  return value instanceof Uint8Array ? toBase64Url(value) : '';
}

/** The value that begins at this byte, and how many bytes it has. @throws WebAuthnError for what is no CBOR */
export function readCbor(bytes: Uint8Array, at = 0): [value: CBORType, length: number] {
  try {
    return decodePartialCBOR(bytes, at);
  } catch (error) {
    throw new WebAuthnError(`cbor: ${(error as Error).message}`);
  }
}

/** The number of a key's algorithm. @throws WebAuthnError for what is no key */
export function algorithmOf(publicKey: Bytes): CBORType {
  return readKey(publicKey).get(3);
}

function readKey(publicKey: Bytes): CoseKey {
  const [key] = readCbor(publicKey);
  if (!(key instanceof Map)) throw new WebAuthnError('Unsupported Public Key Type');
  return key;
}

/** Whether the holder of this key has signed `data`. @throws WebAuthnError for a key of no use, or a signature of no form */
export async function isSignedBy(publicKey: Bytes, signature: Bytes, data: Bytes): Promise<boolean> {
  const key = readKey(publicKey);
  const algorithm = algorithms.get(key.get(3));
  if (!algorithm || algorithm.keyType !== key.get(1)) throw new WebAuthnError('Unsupported public key algorithm');
  return verify('jwk', algorithm.jwk(key), algorithm, signature, data);
}

/** The same for the key of an X.509 certificate. */
export async function isSignedByCertificate(
  certificate: Uint8Array,
  number: CBORType,
  signature: Bytes,
  data: Bytes,
): Promise<boolean> {
  const algorithm = algorithms.get(number);
  if (!algorithm) throw new WebAuthnError(`Unsupported COSE alg: ${number}`);
  const fields = elements(elements(elements(certificate)[0]?.content)[0]?.content);
  // After serial number, algorithm, issuer, validity and subject; before them the version, if it is not the first.
  const key = fields[fields[0]?.tag === 0xa0 ? 6 : 5];
  return verify('spki', Uint8Array.from(key?.whole ?? []), algorithm, signature, data);
}

async function verify(
  format: 'jwk' | 'spki',
  key: JsonWebKey | Bytes,
  { parameters, plain }: Algorithm,
  signature: Bytes,
  data: Bytes,
): Promise<boolean> {
  const imported = await crypto.subtle
    .importKey(format as 'jwk', key as JsonWebKey, parameters, false, ['verify'])
    .catch((error: Error) => {
      throw new WebAuthnError(`Unsupported Public Key Type: ${error.message}`);
    });
  return crypto.subtle.verify(parameters, imported, plain(signature), data);
}

/** The two numbers of an ECDSA signature, which authenticators write in DER, side by side at full length. */
function withoutDer(signature: Uint8Array, size: number): Bytes {
  const numbers = elements(elements(signature)[0]?.content);
  const plain = new Uint8Array(2 * size);
  numbers.slice(0, 2).forEach(({ content }, index) => {
    const digits = content.slice(-size);
    plain.set(digits, (index + 1) * size - digits.length);
  });
  return plain;
}

interface Element {
  tag: number;
  whole: Uint8Array;
  content: Uint8Array;
}

/** The elements that stand side by side in DER (ITU-T X.690). @throws WebAuthnError where one is cut off */
function elements(der: Uint8Array = new Uint8Array()): Element[] {
  const found: Element[] = [];
  for (let at = 0; at < der.length; ) {
    const [tag = 0, short = 0] = der.subarray(at);
    // Longer than 127 bytes: how many bytes tell the length, then these.
    const start = at + 2 + (short > 0x7f ? short - 0x80 : 0);
    const length = short > 0x7f ? der.subarray(at + 2, start).reduce((sum, byte) => sum * 256 + byte, 0) : short;
    if (start + length > der.length) throw new WebAuthnError('asn1: syntax error: data truncated');
    found.push({ tag, whole: der.subarray(at, start + length), content: der.subarray(start, start + length) });
    at = start + length;
  }
  return found;
}
