/** The users a project starts with. All of them are checked before the first is added. */
import { addFactor } from './auth/add-factor.ts';
import { normalizeEmail, normalizePhone } from './auth/addresses.ts';
import { hashPassword, isBcrypt } from './auth/password-hashes.ts';
import type { Project } from './auth/project.ts';
import { createIdentity, createUser } from './auth/users.ts';
import { checkKeys, credentialOf, plantPasskeys, type SeedCredential, type SeedPasskey } from './seed-keys.ts';
import type { Factor, Store } from './store.ts';

export type { SeedCredential, SeedPasskey };

/** A factor that the user enrolled earlier. */
export type SeedFactor = {
  /** Default: the type and a number, such as "totp 1". */
  friendlyName?: string;
  /** Default: `verified`. */
  status?: 'unverified' | 'verified';
} & (
  | {
      type: 'totp';
      /** Base32, as authenticator apps accept it. Default: a random secret. */
      secret?: string;
    }
  | {
      type: 'phone';
      /** E.164, with or without "+". */
      phone: string;
    }
  | { type: 'webauthn'; credential: SeedCredential }
);

/** A user with a confirmed email address. */
export type SeedUser = {
  /** A UUID, which authenticators keep beside a passkey. Default: a random one. */
  id?: string;
  email: string;
  /** Default: none. */
  factors?: readonly SeedFactor[];
  /** Default: none. */
  passkeys?: readonly SeedPasskey[];
} & (
  | { password: string; passwordHash?: never }
  | {
      /** A bcrypt hash, as Supabase exports it: `select encrypted_password from auth.users`. */
      passwordHash: string;
      password?: never;
    }
);

export type Seed = readonly SeedUser[];

/** A factor that was added. */
export interface SeededFactor {
  id: string;
  type: Factor['type'];
  friendlyName: string;
  status: 'unverified' | 'verified';
  /** For a TOTP factor, in base32. */
  secret: string | undefined;
  /** For a phone factor, without "+". */
  phone: string | undefined;
}

/** A user who was added, with what you need to sign in. */
export interface SeededUser {
  id: string;
  email: string;
  /** Empty for a user with a `passwordHash`. */
  password: string;
  factors: SeededFactor[];
}

/** @throws Error that names the invalid user and the reason. If you pass a `store`, its users count too. */
export function checkSeed(seed: Seed, store?: Store): void {
  if (!Array.isArray(seed)) throw new Error(`A seed has to be an array of users, not ${show(seed)}.`);
  const emails = new Set<string>();
  for (const [index, user] of (seed as Seed).entries()) {
    const refuse = (sentence: string) => new Error(`User ${index + 1} of the seed (${show(user?.email)}): ${sentence}`);
    const email = checked(user?.email, normalizeEmail, (message) => refuse(`email: ${message}.`));
    if (emails.has(email) || store?.users.count('email', email)) throw refuse('there is another user with this email.');
    emails.add(email);
    checkPassword(user, refuse);
    checkFactors(user.factors ?? [], refuse);
    checkKeys(user, seed.slice(0, index), refuse, store);
  }
}

type Refuse = (sentence: string) => Error;

function checkPassword({ password, passwordHash: hash }: { [key: string]: unknown }, refuse: Refuse): void {
  if (hash !== undefined) {
    if (password !== undefined) throw refuse('give password or passwordHash, not both.');
    if (typeof hash === 'string' && isBcrypt(hash)) return;
    throw refuse(
      `passwordHash has to be a hash of bcrypt, such as "$2a$10$" and 53 more characters, not ${show(hash)}.`,
    );
  }
  if (typeof password !== 'string' || password === '')
    throw refuse(`password has to be a string that is not empty, not ${show(password)}.`);
  if (new TextEncoder().encode(password).length > 72) throw refuse('password cannot be longer than 72 bytes.');
}

function checkFactors(factors: readonly SeedFactor[], refuse: Refuse): void {
  if (!Array.isArray(factors)) throw refuse(`factors has to be an array, not ${show(factors)}.`);
  const names = new Set<string>();
  const phones = new Set<string>();
  for (const [index, factor] of factors.entries()) {
    const refuseFactor = (sentence: string) => refuse(`factor ${index + 1}: ${sentence}`);
    const { type, status = 'verified' } = factor;
    if (!/^(totp|phone|webauthn)$/.test(type))
      throw refuseFactor(`type has to be "totp", "phone" or "webauthn", not ${show(type)}.`);
    if (status !== 'verified' && status !== 'unverified')
      throw refuseFactor(`status has to be "verified" or "unverified", not ${show(status)}.`);
    const name = nameOf(factor, index);
    if (names.has(name)) throw refuseFactor(`there is another factor with the friendlyName ${show(name)}.`);
    names.add(name);
    if (type === 'totp') {
      const { secret = 'A' } = factor;
      if (typeof secret !== 'string' || !/^[A-Z2-7]+=*$/i.test(secret))
        throw refuseFactor(`secret has to be base32 (the letters A to Z and the digits 2 to 7), not ${show(secret)}.`);
    } else if (type === 'phone') {
      const phone = checked(factor.phone, normalizePhone, (message) => refuseFactor(`phone: ${message}.`));
      if (phones.has(phone)) throw refuseFactor(`there is another factor with the phone ${show(factor.phone)}.`);
      phones.add(phone);
    }
  }
}

function checked(value: unknown, check: (text: string) => string, refuse: Refuse): string {
  if (typeof value !== 'string') throw refuse(`it has to be a string, not ${show(value)}`);
  try {
    return check(value);
  } catch (error) {
    throw refuse((error as Error).message);
  }
}

const show = (value: unknown) => JSON.stringify(value) ?? 'undefined';

const nameOf = ({ friendlyName, type }: SeedFactor, index: number) => friendlyName ?? `${type} ${index + 1}`;

/** Adds users that passed `checkSeed`, as if they had signed up and enrolled earlier. */
export function plant(project: Project, seed: Seed): SeededUser[] {
  return project.store.alone(() => seed.map((user) => plantUser(project, user)));
}

function plantUser(project: Project, { id, password = '', factors = [], passkeys, ...given }: SeedUser): SeededUser {
  const { store } = project;
  const email = normalizeEmail(given.email);
  const appMetadata = { provider: 'email', providers: ['email'] };
  const { passwordHash = hashPassword(password) } = given;
  const user = createUser(project, { ...(id !== undefined && { id }), email, passwordHash, appMetadata });
  const { data } = createIdentity(project, user, 'email', { email });
  // As confirmEmail() does. A page shouldn't load that before its first answer, and a new user has no links to invalidate.
  store.users.update(user, { userMetadata: { ...data, email_verified: true }, emailConfirmedAt: project.now() });
  plantPasskeys(project, user, passkeys);
  const seeded = factors.map((factor, index): SeededFactor => {
    const { type, status = 'verified' } = factor;
    const secret = type === 'totp' ? (factor.secret ?? newSecret()) : undefined;
    const phone = type === 'phone' ? normalizePhone(factor.phone) : undefined;
    const friendlyName = nameOf(factor, index);
    const row: Pick<Factor, 'type' | 'friendlyName' | 'secret' | 'phone'> = {
      type,
      friendlyName,
      phone: phone ?? '',
      ...(secret !== undefined && { secret }),
    };
    const credential = type === 'webauthn' ? credentialOf(factor.credential) : undefined;
    const { id } = store.factors.update(addFactor(project, user, row), { status, credential });
    return { id, type, friendlyName, status, secret, phone };
  });
  return { id: user.id, email, password, factors: seeded };
}

/** Returns 160 random bits in base32. */
function newSecret(): string {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  return Array.from(crypto.getRandomValues(new Uint8Array(32)), (byte) => letters[byte % 32]).join('');
}
