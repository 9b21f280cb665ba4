/** Users: creating them, and merging their metadata. */

import type { Identity, JsonObject, User } from '../store.ts';
import { ConstraintError, checkText } from './database-errors.ts';
import { newId, type Project } from './project.ts';

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

/** Adds a user. @throws ConstraintError if another user has the id, address, or number; TextError */
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

/** @throws ConstraintError if another user has the address or number */
export function checkUnique({ store: { users } }: Project, user: User, email: string, phone: string): void {
  const isTaken = (others: User[]) => others.some((other) => other !== user);
  if (email !== '' && isTaken(users.where('email', email)))
    throw new ConstraintError('users_email_partial_key', `Key (email)=(${email}) already exists.`);
  if (phone !== '' && isTaken(users.where('phone', phone)))
    throw new ConstraintError('users_phone_key', `Key (phone)=(${phone}) already exists.`);
}

/** Adds an identity with this data. Every identity also says whose it is and what's verified. */
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

/** Merges `changes` into `data`. `null` removes a key. @throws TextError */
export function merge(data: JsonObject, changes: JsonObject): JsonObject {
  checkText(changes);
  return Object.fromEntries(
    Object.entries({ ...data, ...changes }).filter(([key, value]) => value !== null || !(key in changes)),
  );
}
