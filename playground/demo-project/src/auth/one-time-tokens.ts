/** Codes and link hashes that work once: recovery, magic link, confirmation, reauthentication, change of e-mail or phone. */
import { sha224 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { OneTimeToken, OneTimeTokenType, User } from '../store.ts';
import type { Project } from './project.ts';

/** The prefix of a hash that leads to an auth code instead of a session. */
export const pkcePrefix = 'pkce_';

/** What a link carries for a code: hexadecimal SHA-224 of the address (e-mail or phone) and the code. */
export function tokenHash(address: string, code: string): string {
  return bytesToHex(sha224(utf8ToBytes(address.toLowerCase() + code)));
}

/** Keeps a token. The user's earlier one of this type is gone. */
export function keepToken(project: Project, user: User, type: OneTimeTokenType, hash: string): void {
  dropToken(project, user, type);
  project.store.oneTimeTokens.insert({ id: `${user.id}:${type}`, userId: user.id, type, hash });
}

export function dropToken(project: Project, user: User, type: OneTimeTokenType): void {
  const token = tokenOf(project, user, type);
  if (token) project.store.oneTimeTokens.delete(token);
}

/** Drops all of them, as a sign-in by one of them and a change of password do. */
export function dropTokens(project: Project, user: User): void {
  for (const token of project.store.oneTimeTokens.where('user', user.id)) project.store.oneTimeTokens.delete(token);
}

export function tokenOf(project: Project, user: User, type: OneTimeTokenType): OneTimeToken | undefined {
  return project.store.oneTimeTokens.get(`${user.id}:${type}`);
}

export function findToken(project: Project, hash: string, ...types: OneTimeTokenType[]): OneTimeToken | undefined {
  return project.store.oneTimeTokens.where('hash', hash).find((token) => types.includes(token.type));
}

/** Is this the user's token of that type, and young enough? A code typed by hand matches a PKCE mail's hash as well. */
export function isLive(
  project: Project,
  user: User,
  type: OneTimeTokenType,
  hash: string,
  sentAt: number | undefined,
  expiry: number,
): boolean {
  const token = tokenOf(project, user, type);
  if (!token || sentAt === undefined || isExpired(project, sentAt, expiry)) return false;
  return token.hash === hash || token.hash === pkcePrefix + hash;
}

/** `expiry` is in seconds. */
export function isExpired(project: Project, sentAt: number | undefined, expiry: number): boolean {
  return sentAt !== undefined && project.now() > sentAt + expiry * 1000;
}
