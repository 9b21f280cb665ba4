/** Finds users by email address or phone number. */
import type { User } from '../store.ts';
import { checkText, TextError } from './database-errors.ts';
import { AuthError } from './errors.ts';
import type { Claims } from './keys.ts';
import type { Call } from './project.ts';

/** Returns the audience of the request. Users of other audiences aren't found. */
export function audienceOf({ request, claims }: Call): string {
  const claimed = claims && claims.role !== 'service_role' ? firstAudience(claims) : '';
  return request.headers.get('x-jwt-aud') || claimed || 'authenticated';
}

/** Throws if the database rejects the search text or the audience. Each character of a header is one byte. */
function checkLookup(text: string, aud: string): void {
  checkText(text);
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(Uint8Array.from(aud, (character) => character.charCodeAt(0)));
  } catch {
    throw new TextError();
  }
}

export function firstAudience({ aud }: Claims): string {
  const [first] = Array.isArray(aud) ? aud : [aud];
  return typeof first === 'string' ? first : '';
}

export function findByEmail(call: Call, email: string, aud = audienceOf(call)): User | undefined {
  checkLookup(email, aud);
  return call.project.store.users.where('email', email.toLowerCase()).find((user) => user.aud === aud);
}

export function findByPhone(call: Call, phone: string, aud = audienceOf(call)): User | undefined {
  checkLookup(phone, aud);
  return call.project.store.users.where('phone', phone).find((user) => user.aud === aud);
}

/** Returns another user with this address, either their own or that of one of their identities. */
export function findDuplicate(call: Call, email: string, except?: User, aud = audienceOf(call)): User | undefined {
  const { users, identities } = call.project.store;
  const owners = identities.where('email', email).map(({ userId }) => users.get(userId));
  return owners.find((user) => user && user !== except && user.aud === aud) ?? findByEmail(call, email, aud);
}

export const emailTaken = (): AuthError =>
  new AuthError(422, 'email_exists', 'A user with this email address has already been registered');

export const phoneTaken = (message = 'A user with this phone number has already been registered'): AuthError =>
  new AuthError(422, 'phone_exists', message);
