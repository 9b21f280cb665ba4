/** Hashes of passwords. */
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';

/**
 * Returns `<salt>:<HMAC-SHA-256>`, both in hexadecimal. Auth uses bcrypt, which is slow on purpose: a thief who steals
 * a table of passwords should need years to guess them. Here, there's nothing to steal. Accounts are throwaway, and no
 * response shows a hash. A test or page that creates users shouldn't wait a tenth of a second for each of them. Two
 * passwords count as the same exactly when they do with bcrypt.
 */
export function hashPassword(password: string, salt = randomHex(16)): string {
  return `${salt}:${bytesToHex(hmac(sha256, utf8ToBytes(salt), asBcryptReads(password)))}`;
}

/** bcrypt appends a NUL byte and repeats the password until it has 72 bytes. It ignores the rest. */
function asBcryptReads(password: string): Uint8Array {
  const bytes = utf8ToBytes(`${password}\0`);
  return Uint8Array.from({ length: 72 }, (_, at) => bytes[at % bytes.length] ?? 0);
}

/** Returns whether this is a bcrypt hash, as Supabase and others export it. */
export function isBcrypt(hash: string): boolean {
  return /^\$2[aby]\$(0[4-9]|[12]\d|3[01])\$[./A-Za-z\d]{53}$/.test(hash);
}

/** Returns whether the password is right. For users without a password, none is. */
export async function isPassword(password: string, hash: string): Promise<boolean> {
  if (isBcrypt(hash)) return (await import('bcryptjs')).compare(password, hash);
  return hash !== '' && hashPassword(password, hash.split(':')[0]) === hash;
}

export function randomHex(bytes: number): string {
  return bytesToHex(crypto.getRandomValues(new Uint8Array(bytes)));
}
