/**
 * What a security key and its browser answer in WebAuthn (https://www.w3.org/TR/webauthn-3/), for tests and pages that
 * play one.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { fromBase64Url, toBase64Url } from './go/base64.ts';

/** Flags in the authenticator data: https://www.w3.org/TR/webauthn-3/#sctn-authenticator-data */
export const flag = { present: 0x01, verified: 0x04, backupEligible: 0x08, backedUp: 0x10, attested: 0x40 };

/** Returns what the browser says: what the key is asked for, the project's challenge, and the origin of the page that asks. */
export function clientData(type: 'webauthn.create' | 'webauthn.get', challenge: string, origin: string): Uint8Array {
  return utf8ToBytes(JSON.stringify({ type, challenge, origin, crossOrigin: false }));
}

/** Returns what the key says: for which site, how the user was there, and how often it was used before. */
export function authenticatorData(rpId: string, flags: number, count: number): Uint8Array {
  const counter = new Uint8Array(4);
  new DataView(counter.buffer).setUint32(0, count);
  return concatBytes(sha256(utf8ToBytes(rpId)), Uint8Array.of(flags), counter);
}

/** Returns the bytes that the key signs. */
export function signedBytes(authenticatorData: Uint8Array, clientData: Uint8Array): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(concatBytes(authenticatorData, sha256(clientData)));
}

/** A credential as a page sends it on. */
export interface CredentialJson<Response> {
  id: string;
  rawId: string;
  type: 'public-key';
  response: Response;
  clientExtensionResults: Record<string, never>;
}

/** Returns the credential with this id, in base64url, and its response. */
export function credentialJson<Response>(id: string, response: Response): CredentialJson<Response> {
  return { id, rawId: id, type: 'public-key', response, clientExtensionResults: {} };
}

/** Returns the response to `navigator.credentials.get()`. `userHandle` is the user's id, as the key got it, in base64url. */
export function assertionResponse(
  clientData: Uint8Array,
  authenticatorData: Uint8Array,
  signature: Uint8Array,
  userHandle: string,
): { clientDataJSON: string; authenticatorData: string; signature: string; userHandle: string } {
  return {
    clientDataJSON: toBase64Url(clientData),
    authenticatorData: toBase64Url(authenticatorData),
    signature: toBase64Url(signature),
    userHandle,
  };
}

/** A credential on a key that signs with ES256. */
export interface HeldCredential {
  /** In base64url. */
  id: string;
  privateKey: CryptoKey;
  /** The user's id, as the key got it, in base64url. */
  userHandle: string;
  /** Whether it's a passkey, which a page can ask for without knowing who the user is. */
  isPasskey: boolean;
}

/** Imports a key that signs with ES256. `secret` is its private number, `publicKey` is what Auth keeps: a COSE key in base64url. */
export function importKey(secret: Uint8Array, publicKey: string): Promise<CryptoKey> {
  // Authenticators write a COSE key in one way only, so both coordinates have fixed places.
  const cose = fromBase64Url(publicKey);
  const [d, x, y] = [secret, cose.subarray(10, 42), cose.subarray(45)].map(toBase64Url) as [string, string, string];
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256' };
  return crypto.subtle.importKey('jwk', { kty: 'EC', crv: 'P-256', d, x, y }, algorithm, false, ['sign']);
}

/** What a page asks a key for. Without `allowCredentials`, it's any passkey. */
export interface Asked {
  rpId: string;
  challenge: Uint8Array;
  allowCredentials: readonly Uint8Array[];
}

/**
 * Answers `navigator.credentials.get()` on a page of this origin, as a key that the user touches. Resolves to `undefined`
 * if the key holds none of the credentials.
 */
export async function touch(
  held: readonly HeldCredential[],
  { rpId, challenge, allowCredentials }: Asked,
  origin: string,
): Promise<CredentialJson<ReturnType<typeof assertionResponse>> | undefined> {
  const allowed = allowCredentials.map(toBase64Url);
  const credential = held.find(({ id, isPasskey }) => (allowed.length > 0 ? allowed.includes(id) : isPasskey));
  if (!credential) return undefined;
  const client = clientData('webauthn.get', toBase64Url(challenge), origin);
  const data = authenticatorData(rpId, flag.present | flag.verified, 0);
  const algorithm = { name: 'ECDSA', hash: 'SHA-256' };
  const signed = await crypto.subtle.sign(algorithm, credential.privateKey, signedBytes(data, client));
  const response = assertionResponse(client, data, inDer(new Uint8Array(signed)), credential.userHandle);
  return credentialJson(credential.id, response);
}

/** WebCrypto joins the two numbers of a signature. Authenticators send each as an integer in DER. */
function inDer(signature: Uint8Array): Uint8Array {
  const integers = [signature.subarray(0, 32), signature.subarray(32)].map((number) => {
    const start = number.findIndex((byte) => byte !== 0);
    const digits = number.subarray(start);
    // A leading zero marks the integer as positive.
    const positive = (digits[0] ?? 0) < 0x80 ? digits : concatBytes(Uint8Array.of(0), digits);
    return concatBytes(Uint8Array.of(0x02, positive.length), positive);
  });
  const sequence = concatBytes(...integers);
  return concatBytes(Uint8Array.of(0x30, sequence.length), sequence);
}
