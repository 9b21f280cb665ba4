/** How passwords are kept. */
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';

/**
 * `<salt>:<HMAC-SHA-256>`, both in hexadecimal. Auth uses bcrypt, which is slow on purpose: whoever steals a table of passwords should need years
 * to guess them. Here nothing is worth stealing: accounts are made to be thrown away, and no answer shows a hash. A test or a page that
 * creates users shouldn't wait a tenth of a second for each. Which passwords are the same is as with bcrypt.
 */
export function hashPassword(password: string, salt = randomHex(16)): string {
  return `${salt}:${bytesToHex(hmac(sha256, utf8ToBytes(salt), asBcryptReads(password)))}`;
}

/** bcrypt ends a password with a NUL byte and reads it over and over until it has 72 bytes. What comes after them doesn't count. */
function asBcryptReads(password: string): Uint8Array {
  const bytes = utf8ToBytes(`${password}\0`);
  return Uint8Array.from({ length: 72 }, (_, at) => bytes[at % bytes.length] ?? 0);
}

/** Is this a hash of bcrypt, such as Supabase and others export? */
export function isBcrypt(hash: string): boolean {
  return /^\$2[aby]\$(0[4-9]|[12]\d|3[01])\$[./A-Za-z\d]{53}$/.test(hash);
}

/** A user without a password has no right one. */
export async function isPassword(password: string, hash: string): Promise<boolean> {
  if (isBcrypt(hash)) return (await import('bcryptjs')).compare(password, hash);
  return hash !== '' && hashPassword(password, hash.split(':')[0]) === hash;
}

export function randomHex(bytes: number): string {
  return bytesToHex(crypto.getRandomValues(new Uint8Array(bytes)));
}
