/** Passwords: their strength, and what ends when one changes. For hashing, see password-hashes.ts. */
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { passwordRequirements } from '../config.ts';
import type { Session, User } from '../store.ts';
import { AuthError, invalid } from './errors.ts';
import { dropTokens } from './one-time-tokens.ts';
import { randomHex } from './password-hashes.ts';
import type { Project } from './project.ts';
import { endSessions } from './sessions.ts';

export interface Weakness {
  message: string;
  reasons: string[];
}

/**
 * Returns why a password is too weak. Like Auth, counts its length in bytes.
 * @throws AuthError 400 for more than 72 bytes
 */
export function weaknessOf({ config }: Project, password: string): Weakness | undefined {
  const { minimum_password_length: minimum, password_requirements: requirements } = config.auth;
  const { length } = utf8ToBytes(password);
  if (length > 72) throw invalid('Password cannot be longer than 72 characters');
  const problems: [string, string][] = [];
  if (length < minimum) problems.push(['length', `Password should be at least ${minimum} characters.`]);
  const sets: readonly string[] = passwordRequirements[requirements];
  if (sets.some((set) => ![...set].some((character) => password.includes(character))))
    problems.push(['characters', `Password should contain at least one character of each: ${sets.join(', ')}.`]);
  if (problems.length === 0) return undefined;
  return { message: problems.map(([, message]) => message).join(' '), reasons: problems.map(([reason]) => reason) };
}

/** @throws AuthError 422 `weak_password` */
export function checkStrength(project: Project, password: string): void {
  const weakness = weaknessOf(project, password);
  if (!weakness) return;
  const { message, reasons } = weakness;
  throw new AuthError(422, 'weak_password', message, { body: { weak_password: { reasons } }, cause: message });
}

/** Returns a password that nobody knows, for accounts created without one. It's strong enough for any setting. */
export const randomPassword = (): string => `Aa1!${randomHex(32)}`;

/** Changes a password. Invalidates all of the user's codes and links, and ends all of their sessions except `keep`. */
export function storePassword(project: Project, user: User, passwordHash: string, keep?: Session): void {
  project.store.users.update(user, {
    passwordHash,
    confirmationToken: '',
    confirmationSentAt: undefined,
    recoveryToken: '',
    recoverySentAt: undefined,
    emailChangeTokenCurrent: '',
    emailChangeTokenNew: '',
    emailChangeSentAt: undefined,
    phoneChangeToken: '',
    phoneChangeSentAt: undefined,
    reauthenticationToken: '',
    reauthenticationSentAt: undefined,
  });
  dropTokens(project.store, user);
  endSessions(project, user, (session) => session !== keep);
}
