/** Users and their identities: how they come to be, what confirms them, and how they are shown. */

import type { Identity, JsonObject, User } from '../store.ts';
import { ConstraintError, checkText, TextError } from './database-errors.ts';
import { AuthError, invalid } from './errors.ts';
import type { Claims } from './keys.ts';
import { dropTokens } from './one-time-tokens.ts';
import { type Call, newId, type Project } from './project.ts';

const label = '[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?';
const addressForm = new RegExp(`^[a-zA-Z0-9.!#$%&'*+/=?^_\`{|}~-]+@${label}(?:\\.${label})*$`);

/**
 * The address in lower case, as Auth keeps it; not trimmed.
 * @throws AuthError 400 `validation_failed`
 */
export function normalizeEmail(email: string): string {
  if (email === '') throw invalid('An email address is required');
  if (new TextEncoder().encode(email).length > 255) throw invalid('An email address is too long');
  if (!addressForm.test(email)) throw invalid('Unable to validate email address: invalid format');
  return email.toLowerCase();
}

/**
 * The number as Auth keeps it: without "+" and spaces.
 * @throws AuthError 400 `validation_failed`
 */
export function normalizePhone(phone: string): string {
  const digits = plainPhone(phone);
  if (!/^[1-9][0-9]{1,14}$/.test(digits)) throw invalid('Invalid phone number format (E.164 required)');
  return digits;
}

export function plainPhone(phone: string): string {
  return phone.replace(/^\+/, '').replaceAll(' ', '');
}

/** The audience that a request is about: users of another one are not found. */
export function audienceOf({ request, claims }: Call): string {
  const claimed = claims && claims.role !== 'service_role' ? firstAudience(claims) : '';
  return request.headers.get('x-jwt-aud') || claimed || 'authenticated';
}

/** Throws where the database takes neither what is looked for nor the audience, whose bytes the header has one by one. */
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

/** Another user who has this address, as theirs or as that of an identity. */
export function findDuplicate(call: Call, email: string, besides?: User, aud = audienceOf(call)): User | undefined {
  const { users, identities } = call.project.store;
  const owners = identities.where('email', email).map(({ userId }) => users.get(userId));
  return owners.find((user) => user && user !== besides && user.aud === aud) ?? findByEmail(call, email, aud);
}

export const emailTaken = (): AuthError =>
  new AuthError(422, 'email_exists', 'A user with this email address has already been registered');

export const phoneTaken = (message = 'A user with this phone number has already been registered'): AuthError =>
  new AuthError(422, 'phone_exists', message);

interface NewUser {
  id?: string;
  email?: string;
  phone?: string;
  passwordHash?: string;
  appMetadata?: JsonObject;
  userMetadata?: JsonObject;
  isAnonymous?: boolean;
  aud?: string;
  role?: string;
}

/** Adds a user. @throws ConstraintError for an id, an address or a number that another one has, TextError */
export function createUser(project: Project, properties: NewUser): User {
  const { store } = project;
  const user: User = {
    id: newId(),
    aud: 'authenticated',
    role: 'authenticated',
    email: '',
    phone: '',
    passwordHash: '',
    confirmationToken: '',
    recoveryToken: '',
    emailChange: '',
    emailChangeTokenCurrent: '',
    emailChangeTokenNew: '',
    emailChangeConfirmStatus: 0,
    phoneChange: '',
    phoneChangeToken: '',
    reauthenticationToken: '',
    appMetadata: {},
    userMetadata: {},
    isAnonymous: false,
    createdAt: project.now(),
    updatedAt: project.now(),
    ...properties,
  };
  if (store.users.get(user.id)) throw new ConstraintError('users_pkey', `Key (id)=(${user.id}) already exists.`);
  checkUnique(project, user, user.email, user.phone);
  checkText([user.userMetadata, user.role]);
  return store.users.insert(user);
}

/** @throws ConstraintError for an address or a number that another user has */
export function checkUnique({ store: { users } }: Project, user: User, email: string, phone: string): void {
  const isTaken = (others: User[]) => others.some((other) => other !== user);
  if (email !== '' && isTaken(users.where('email', email)))
    throw new ConstraintError('users_email_partial_key', `Key (email)=(${email}) already exists.`);
  if (phone !== '' && isTaken(users.where('phone', phone)))
    throw new ConstraintError('users_phone_key', `Key (phone)=(${phone}) already exists.`);
}

/** Adds an identity with this data, beside which each identity says whose it is and what is verified. */
export function createIdentity(
  { store, now }: Project,
  user: User,
  provider: Identity['provider'],
  data: JsonObject = {},
): Identity {
  return store.identities.insert({
    id: newId(),
    userId: user.id,
    provider,
    providerId: user.id,
    data: { email_verified: false, phone_verified: false, ...data, sub: user.id },
    lastSignInAt: now(),
    createdAt: now(),
    updatedAt: now(),
  });
}

/** The user's identity with this provider, found by its id there: a softly deleted user has none that can be found. */
export function identityOf({ store }: Project, user: User, provider: Identity['provider']): Identity | undefined {
  const isIt = (identity: Identity) => identity.provider === provider && identity.providerId === user.id;
  return store.identities.where('user', user.id).find(isIt);
}

/** Lays `data` over that of the user's identity, or over a new one. */
export function setIdentity(project: Project, user: User, provider: Identity['provider'], data: JsonObject): void {
  const identity = identityOf(project, user, provider);
  if (identity) project.store.identities.patch(identity, { data: { ...identity.data, ...data } });
  else createIdentity(project, user, provider, data);
}

/** Lays `data` over that of the user's identity, and notes when. */
export function touchIdentity(project: Project, user: User, provider: Identity['provider'], data: JsonObject): void {
  const identity = identityOf(project, user, provider);
  if (identity) project.store.identities.update(identity, { data: { ...identity.data, ...data } });
}

/** `data` with `changes` laid over it; `null` removes a key. @throws TextError */
export function merge(data: JsonObject, changes: JsonObject): JsonObject {
  checkText(changes);
  return Object.fromEntries(
    Object.entries({ ...data, ...changes }).filter(([key, value]) => value !== null || !(key in changes)),
  );
}

/** The providers of the user's identities, in the order in which they came. */
export function updateProviders({ store }: Project, user: User): void {
  const providers = [...new Set(store.identities.where('user', user.id).map(({ provider }) => provider))];
  const changes = { providers, ...(providers[0] && { provider: providers[0] }) };
  store.users.update(user, { appMetadata: merge(user.appMetadata, changes) });
}

/** The e-mail address counts as confirmed from now on. All links of the user are dead. */
export function confirmEmail({ store, now }: Project, user: User): void {
  store.users.update(user, { confirmationToken: '', emailConfirmedAt: now() });
  store.users.update(user, { userMetadata: merge(user.userMetadata, { email_verified: true }) });
  dropTokens(store, user);
}

/** The same for the phone number. */
export function confirmPhone({ store, now }: Project, user: User): void {
  store.users.update(user, { confirmationToken: '', phoneConfirmedAt: now() });
  dropTokens(store, user);
}

export function isBanned(project: Project, user: User): boolean {
  return user.bannedUntil !== undefined && project.now() < user.bannedUntil;
}
