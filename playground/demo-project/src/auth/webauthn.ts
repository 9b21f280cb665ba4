/**
 * WebAuthn as in Supabase Auth, which uses github.com/go-webauthn/webauthn 0.16: what a browser is asked for, and how
 * its answer is checked (https://www.w3.org/TR/webauthn-3/). Errors have that library's messages, which Auth logs.
 */

import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { Config } from '../config.ts';
import { fromBase64Url, toBase64, toBase64Url } from '../go/base64.ts';
import type { Credential, WebAuthnSession } from '../store.ts';
import { algorithmOf, algorithms, isSignedBy, WebAuthnError } from './cose.ts';
import { fiveMinutes } from './project.ts';
import { type Assertion, type Attestation, type AuthenticatorData, type ClientData, flag } from './webauthn-answers.ts';

/** Runs `work` and returns its result. @throws the error that `tell` makes from a `WebAuthnError` */
export async function mapWebAuthnErrors<Result>(
  tell: (cause: string) => Error,
  work: () => Result | Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof WebAuthnError ? tell(error.message) : error;
  }
}

export type RelyingParty = Config['auth']['webauthn'];

/** Returns the settings. @throws WebAuthnError if no page can use them */
export function relyingParty({ auth: { webauthn } }: Config): RelyingParty {
  if (webauthn.rp_origins.length > 0) return webauthn;
  const problem = "must provide at least one value to the 'RPOrigins' field";
  throw new WebAuthnError(`error occurred validating the configuration: ${problem}`);
}

/** A user as authenticators know them, with their credentials. */
export interface Owner {
  id: string;
  name: string;
  displayName: string;
  credentials: Credential[];
}

/** How the browser identifies a credential. */
interface Descriptor {
  type: 'public-key';
  id: string;
  transports?: string[] | undefined;
}

export function descriptor({ id }: Credential, transports?: string[] | null): Descriptor {
  return { type: 'public-key', id, transports: transports ?? undefined };
}

const timeout = fiveMinutes;
const pubKeyCredParams = [...algorithms.keys()].map((alg) => ({ type: 'public-key', alg }));
const newChallenge = () => toBase64Url(crypto.getRandomValues(new Uint8Array(32)));
const handleOf = ({ id }: Owner) => toBase64(utf8ToBytes(id));

/** What the browser gets, and what its answer is checked against. */
interface Ceremony {
  options: object;
  session: WebAuthnSession;
}

/** Returns options for `navigator.credentials.create()`. @throws WebAuthnError if the settings are incomplete */
export function creationOptions(
  party: RelyingParty,
  owner: Owner,
  preferences: {
    excludeCredentials: Descriptor[];
    authenticatorSelection: { residentKey?: string; userVerification?: string };
    attestation?: string;
  },
): Ceremony {
  checkNamed('creation', 'id', party.rp_id);
  checkNamed('creation', 'display name', party.rp_display_name);
  const { excludeCredentials, authenticatorSelection, attestation } = preferences;
  const challenge = newChallenge();
  return {
    options: {
      rp: { name: party.rp_display_name, id: party.rp_id },
      user: { name: owner.name, displayName: owner.displayName, id: toBase64Url(utf8ToBytes(owner.id)) },
      challenge,
      pubKeyCredParams,
      timeout,
      excludeCredentials: excludeCredentials.length > 0 ? excludeCredentials : undefined,
      authenticatorSelection,
      attestation,
    },
    session: {
      challenge,
      rpId: party.rp_id,
      user_id: handleOf(owner),
      expires: '0001-01-01T00:00:00Z',
      userVerification: authenticatorSelection.userVerification ?? '',
      credParams: pubKeyCredParams,
    },
  };
}

function checkNamed(ceremony: 'creation' | 'login', what: string, value: string): void {
  if (value !== '') return;
  const problem = `the relying party ${what} must be provided via the configuration or a functional option for a ${ceremony}`;
  throw new WebAuthnError(`error generating ${ceremony === 'login' ? 'assertion' : 'credential creation'}: ${problem}`);
}

/**
 * Returns options for `navigator.credentials.get()`. They ask for one of the owner's credentials, or for any if there's
 * no owner.
 * @throws WebAuthnError
 */
export function requestOptions(party: RelyingParty, owner?: Owner, userVerification?: string): Ceremony {
  checkNamed('login', 'id', party.rp_id);
  const challenge = newChallenge();
  return {
    options: {
      challenge,
      timeout,
      rpId: party.rp_id,
      allowCredentials: owner?.credentials.map((credential) => descriptor(credential, credential.transports)),
      userVerification,
    },
    session: {
      challenge,
      rpId: party.rp_id,
      user_id: owner ? handleOf(owner) : null,
      ...(owner && { allowed_credentials: owner.credentials.map(({ id }) => toBase64(fromBase64Url(id))) }),
      expires: '0001-01-01T00:00:00Z',
      userVerification: userVerification ?? '',
    },
  };
}

/** The attestation formats, with which authenticators prove their model. */
const formats = 'none packed tpm android-key android-safetynet fido-u2f apple compound'.split(' ');

/**
 * Returns the new credential after checking that it was created for this challenge, on a page of this project. Verifies a
 * self-attestation. Accepts any certificate, because Auth reads certificates but has no trusted issuers.
 * @throws WebAuthnError
 */
export async function verifyAttestation(
  party: RelyingParty,
  session: WebAuthnSession,
  { clientData, data, format, statement, transports, signed }: Attestation,
): Promise<Credential> {
  checkClientData(party, session, clientData, 'webauthn.create');
  checkData(party, data);
  const { aaguid, credentialId, publicKey } = data.attested;
  const algorithm = algorithmOf(publicKey);
  const isAskedFor = session.credParams?.some(({ alg }) => alg === algorithm);
  if (!isAskedFor || !formats.includes(format) || (format === 'none' && statement.size > 0))
    throw new WebAuthnError('Invalid attestation format');
  if (format === 'packed' && !statement.has('x5c')) {
    const [alg, signature] = [statement.get('alg'), statement.get('sig')];
    if (typeof alg !== 'number') throw new WebAuthnError('Error retrieving alg value');
    if (!(signature instanceof Uint8Array)) throw new WebAuthnError('Error retrieving sig value');
    if (alg !== algorithm) throw new WebAuthnError('Public key algorithm does not equal att statement algorithm');
    if (!(await isSignedBy(publicKey, Uint8Array.from(signature), signed)))
      throw new WebAuthnError('Unable to verify signature');
  }
  return {
    id: toBase64Url(credentialId),
    publicKey: toBase64Url(publicKey),
    aaguid: uuidOf(aaguid),
    transports,
    backupEligible: (data.flags & flag.backupEligible) !== 0,
  };
}

/**
 * Returns the owner's credential that was used, after checking the challenge and the page. Ignores the counter: Auth
 * records a counter that didn't increase but does nothing about it.
 * @throws WebAuthnError
 */
export async function verifyAssertion(
  party: RelyingParty,
  session: WebAuthnSession,
  owner: Owner,
  { id, clientData, data, signature, userHandle, signed }: Assertion,
): Promise<Credential> {
  const { allowed_credentials: allowed = [] } = session;
  const credential = owner.credentials.find((owned) => owned.id === toBase64Url(id));
  if (allowed.length > 0) {
    const owned = owner.credentials.map((credential) => toBase64(fromBase64Url(credential.id)));
    if (!allowed.every((one) => owned.includes(one)))
      throw new WebAuthnError('User does not own all credentials from the allowed credential list');
    if (!credential) throw new WebAuthnError('The credential ID provided is not owned by the user');
    if (!allowed.includes(toBase64(id)))
      throw new WebAuthnError('The credential ID provided is not in the sessions allowed credential list');
  }
  if (userHandle.length > 0 && toBase64(userHandle) !== handleOf(owner))
    throw new WebAuthnError('User handle and User ID do not match');
  if (!credential) throw new WebAuthnError('Unable to find the credential for the returned credential ID');
  checkClientData(party, session, clientData, 'webauthn.get');
  checkData(party, data);
  const unsigned = (cause: string) => new WebAuthnError(`Error validating the assertion signature: ${cause}`);
  if (!(await mapWebAuthnErrors(unsigned, () => isSignedBy(fromBase64Url(credential.publicKey), signature, signed))))
    throw unsigned('<nil>');
  const isEligible = (data.flags & flag.backupEligible) !== 0;
  if (isEligible !== credential.backupEligible)
    throw new WebAuthnError('Backup Eligible flag inconsistency detected during login validation');
  if (!isEligible && (data.flags & flag.backedUp) !== 0)
    throw new WebAuthnError('Backup State Flag is true but Backup Eligible flag is false which is invalid');
  return credential;
}

function checkClientData({ rp_origins }: RelyingParty, session: WebAuthnSession, data: ClientData, type: string): void {
  if (data.type !== type) throw new WebAuthnError('Error validating ceremony type');
  if (data.challenge !== session.challenge) throw new WebAuthnError('Error validating challenge');
  if (!rp_origins.some((origin) => plainOrigin(origin) === plainOrigin(data.origin)))
    throw new WebAuthnError('Error validating origin');
}

/** Normalizes an origin. Phone apps have origins that aren't URLs, which are compared unchanged. */
function plainOrigin(origin: string): string {
  return /^https?:\/\//i.test(origin) && URL.canParse(origin) ? new URL(origin).origin : origin;
}

/**
 * Checks the relying party, and that somebody was present. Auth asks authenticators to verify the user but never
 * requires it.
 */
function checkData({ rp_id }: RelyingParty, { rpIdHash, flags }: AuthenticatorData): void {
  if (toBase64(rpIdHash) !== toBase64(sha256(utf8ToBytes(rp_id))) || (flags & flag.userPresent) === 0)
    throw new WebAuthnError('Error validating the authenticator response');
}

function uuidOf(bytes: Uint8Array): string {
  const hex = bytesToHex(bytes);
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
