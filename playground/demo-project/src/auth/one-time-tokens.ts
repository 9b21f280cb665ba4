/**
 * Codes and link hashes that work once: recovery, magic link, confirmation, reauthentication, and change of email or
 * phone.
 */
import { sha224 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { OneTimeToken, OneTimeTokenType, Store, User } from '../store.ts';

/** The prefix of hashes that lead to an auth code instead of a session. */
export const pkcePrefix = 'pkce_';

/**
 * Returns the hash that a link contains instead of the code: hexadecimal SHA-224 of the address (email or phone) and
 * the code.
 */
export function tokenHash(address: string, code: string): string {
  return bytesToHex(sha224(utf8ToBytes(address + code)));
}

/** Stores a token for links. It replaces the user's earlier token of this type. */
export function keepToken(store: Store, user: User, type: OneTimeTokenType, hash: string): void {
  dropToken(store, user, type);
  store.oneTimeTokens.insert({ id: `${user.id} ${type}`, userId: user.id, type, hash });
}

export function dropToken(store: Store, user: User, type: OneTimeTokenType): void {
  const token = store.oneTimeTokens.get(`${user.id} ${type}`);
  if (token) store.oneTimeTokens.delete(token);
}

/** Drops all of the user's tokens, so no link works any more. Signing in with a token and changing the password do this. */
export function dropTokens(store: Store, user: User): void {
  for (const token of store.oneTimeTokens.where('user', user.id)) store.oneTimeTokens.delete(token);
}

export function findToken(store: Store, hash: string, ...types: OneTimeTokenType[]): OneTimeToken | undefined {
  return store.oneTimeTokens.where('hash', hash).find(({ type }) => types.includes(type));
}

/**
 * Returns whether the hash matches the stored token and hasn't expired. Typed codes also match the token of a PKCE
 * email. `expiry` is in seconds.
 */
export function isValid(store: Store, hash: string, kept: string, sentAt: number | undefined, expiry: number): boolean {
  if (kept === '' || sentAt === undefined || isExpired(store, sentAt, expiry)) return false;
  return hash === kept || pkcePrefix + hash === kept;
}

export function isExpired(store: Store, sentAt: number | undefined, expiry: number): boolean {
  return sentAt !== undefined && store.now() > sentAt + expiry * 1000;
}
