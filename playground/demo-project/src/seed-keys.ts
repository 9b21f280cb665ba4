/** The keys of a seed: what users with security keys and passkeys start with. */
import { newId, type Project } from './auth/project.ts';
import { fromBase64Url, toBase64Url } from './go/base64.ts';
import type { Credential, Store, User } from './store.ts';

/** What Auth keeps of a key that an authenticator created earlier. */
export interface SeedCredential {
  /** The credential's id, in base64url. */
  id: string;
  /** A COSE key, in base64url. */
  publicKey: string;
}

/** A passkey that the user registered earlier. */
export interface SeedPasskey {
  /** Default: "Passkey". */
  friendlyName?: string;
  credential: SeedCredential;
}

/** A UUID in its usual form, because Auth returns it in that form. */
const isUuid = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;

/** What of a user is about keys. */
interface KeyOwner {
  id?: string;
  factors?: readonly { type: string; credential?: SeedCredential }[];
  passkeys?: readonly SeedPasskey[];
}

/**
 * @throws the error that `refuse` makes, if a user of a seed has an id or a key that Auth can't use, or the id of one of
 * `others`
 */
export function checkKeys(
  { id, factors = [], passkeys = [] }: KeyOwner,
  others: readonly KeyOwner[],
  refuse: (sentence: string) => Error,
  store?: Store,
): void {
  if (id !== undefined) {
    if (typeof id !== 'string' || !isUuid.test(id)) throw refuse(`id has to be a UUID, not ${JSON.stringify(id)}.`);
    if (store?.users.get(id) || others.some((other) => other.id === id))
      throw refuse('there is another user with this id.');
  }
  if (!Array.isArray(passkeys)) throw refuse(`passkeys has to be an array, not ${JSON.stringify(passkeys)}.`);
  const check = (name: string, credential: Partial<SeedCredential> = {}) => {
    if (!isBase64Url(credential.id) || !isBase64Url(credential.publicKey))
      throw refuse(`${name}: credential has to have an id and a publicKey in base64url.`);
  };
  for (const [index, factor] of factors.entries())
    if (factor.type === 'webauthn') check(`factor ${index + 1}`, factor.credential);
  for (const [index, passkey] of passkeys.entries()) check(`passkey ${index + 1}`, passkey.credential);
}

function isBase64Url(text: unknown): boolean {
  if (typeof text !== 'string' || !/^[\w-]+$/.test(text) || text.length % 4 === 1) return false;
  return toBase64Url(fromBase64Url(text)) === text; // no bits are left over
}

/** Returns the credential as Auth keeps it. */
export function credentialOf({ id, publicKey }: SeedCredential): Credential {
  const aaguid = '00000000-0000-0000-0000-000000000000';
  return { id, publicKey, aaguid, transports: null, backupEligible: false };
}

/** Adds the passkeys of a user, as if they had been registered earlier. */
export function plantPasskeys(
  { store, now }: Project,
  { id: userId }: User,
  passkeys: readonly SeedPasskey[] = [],
): void {
  for (const { friendlyName = 'Passkey', credential } of passkeys) {
    const at = { createdAt: now(), updatedAt: now() };
    store.passkeys.insert({ id: newId(), userId, friendlyName, credential: credentialOf(credential), ...at });
  }
}
