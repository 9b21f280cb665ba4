/** Passwords: their strength, and how they are kept. */

import { AuthError, invalid } from './errors.ts';
import type { Project } from './project.ts';

const encoder = new TextEncoder();

/**
 * @throws AuthError 400 for more than 72 bytes, 422 `weak_password` for fewer than the minimum, counted in bytes as Auth does
 */
export function checkStrength(project: Project, password: string): void {
  const { length } = encoder.encode(password);
  const minimum = project.config.auth.minimum_password_length;
  if (length > 72) throw invalid('Password cannot be longer than 72 characters');
  if (length >= minimum) return;
  throw new AuthError(422, 'weak_password', `Password should be at least ${minimum} characters.`, {
    details: { weak_password: { reasons: ['length'] } },
  });
}

/** Enough to keep no password in clear. Auth uses bcrypt; these accounts are made to be thrown away, and a page should stay quick. */
const iterations = 1000;

/** `<salt>:<PBKDF2-HMAC-SHA-256>`, both in hexadecimal. */
export async function hashPassword(
  password: string,
  salt = hex(crypto.getRandomValues(new Uint8Array(16))),
): Promise<string> {
  const key = await crypto.subtle.importKey('raw', encoder.encode(password), 'PBKDF2', false, ['deriveBits']);
  const bits = await crypto.subtle.deriveBits(
    { name: 'PBKDF2', hash: 'SHA-256', salt: encoder.encode(salt), iterations },
    key,
    256,
  );
  return `${salt}:${hex(new Uint8Array(bits))}`;
}

export async function isPassword(password: string, hash: string | undefined): Promise<boolean> {
  return hash !== undefined && (await hashPassword(password, hash.split(':')[0])) === hash;
}

function hex(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
