/**
 * WebAuthn as Supabase Auth speaks it, which is github.com/go-webauthn/webauthn 0.16: what a browser is asked for, and what holds for
 * its answers (https://www.w3.org/TR/webauthn-3/). Errors are in the words of that library, which stand in Auth's log.
 */
import type { CBORType } from '@levischuck/tiny-cbor';
import { sha256 } from '@noble/hashes/sha2.js';
import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import type { Config } from '../config.ts';
import type { Credential, Json, WebAuthnSession } from '../store.ts';
import { fromBase64Url, toBase64, toBase64Url } from './base64.ts';

export { WebAuthnError } from './cose.ts';

import { algorithmNumbers, algorithmOf, isSignedBy, isSignedByCertificate, readCbor, WebAuthnError } from './cose.ts';
import { decode, GoJsonError, type Params, parse, type RawMessage } from './json.ts';

type Bytes = Uint8Array<ArrayBuffer>;
export type RelyingParty = Config['auth']['webauthn'];

/** A user as authenticators get to know them, with their credentials. */
export interface Owner {
  id: string;
  name: string;
  displayName: string;
  credentials: Credential[];
}

/** How go-webauthn names a credential to the browser. */
export interface Descriptor {
  type: 'public-key';
  id: string;
  transports?: string[] | undefined;
}

/** What `work` gives. @throws what `tell` makes of a `WebAuthnError` */
export async function retold<Result>(
  tell: (cause: string) => Error,
  work: () => Result | Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof WebAuthnError ? tell(error.message) : error;
  }
}

/** The settings, if they can be used at all. @throws WebAuthnError */
export function relyingParty({ auth: { webauthn } }: Config): RelyingParty {
  if (webauthn.rp_origins.length > 0) return webauthn;
  const problem = "must provide at least one value to the 'RPOrigins' field";
  throw new WebAuthnError(`error occurred validating the configuration: ${problem}`);
}

const timeout = 300_000;
const pubKeyCredParams = algorithmNumbers.map((alg) => ({ type: 'public-key', alg }));
const newChallenge = () => toBase64Url(crypto.getRandomValues(new Uint8Array(32)));
const handleOf = ({ id }: Owner) => toBase64(utf8ToBytes(id));

/** How authenticators are told apart, and what is wanted of the one that answers. */
interface Wishes {
  excludeCredentials: Descriptor[];
  authenticatorSelection: { residentKey?: string; userVerification?: string };
  attestation?: string;
}

/** Asks for a new credential. @throws WebAuthnError for settings that are not enough */
export function askToCreate(
  party: RelyingParty,
  owner: Owner,
  { excludeCredentials, authenticatorSelection, attestation }: Wishes,
): { options: object; session: WebAuthnSession } {
  const missing = party.rp_id === '' ? 'id' : party.rp_display_name === '' ? 'display name' : undefined;
  if (missing) throw new WebAuthnError(`error generating credential creation: the relying party ${missing} ${mustBe}`);
  const challenge = newChallenge();
  const options = {
    rp: { name: party.rp_display_name, id: party.rp_id },
    user: { name: owner.name, displayName: owner.displayName, id: toBase64Url(utf8ToBytes(owner.id)) },
    challenge,
    pubKeyCredParams,
    timeout,
    excludeCredentials: excludeCredentials.length > 0 ? excludeCredentials : undefined,
    authenticatorSelection,
    attestation,
  };
  const session: WebAuthnSession = {
    challenge,
    rpId: party.rp_id,
    user_id: handleOf(owner),
    expires: '0001-01-01T00:00:00Z',
    userVerification: authenticatorSelection.userVerification ?? '',
    credParams: pubKeyCredParams,
  };
  return { options, session };
}

const mustBe = 'must be provided via the configuration or a functional option for a creation';

/** Asks for one of the owner's credentials, or without an owner for any. @throws WebAuthnError */
export function askFor(
  party: RelyingParty,
  owner?: Owner,
  userVerification?: string,
): { options: object; session: WebAuthnSession } {
  if (owner?.credentials.length === 0) throw new WebAuthnError('Found no credentials for user');
  const challenge = newChallenge();
  const allowed = owner?.credentials.map(
    ({ id, transports }): Descriptor => ({ type: 'public-key', id, transports: transports ?? undefined }),
  );
  const session: WebAuthnSession = {
    challenge,
    rpId: party.rp_id,
    user_id: owner ? handleOf(owner) : null,
    ...(allowed && { allowed_credentials: allowed.map(({ id }) => toBase64(fromBase64Url(id))) }),
    expires: '0001-01-01T00:00:00Z',
    userVerification: userVerification ?? '',
  };
  return { options: { challenge, timeout, rpId: party.rp_id, allowCredentials: allowed, userVerification }, session };
}

const credentialFields = {
  id: 'string',
  type: 'string',
  rawId: 'protocol.URLEncodedBase64',
  clientExtensionResults: 'map[string]interface {}',
  authenticatorAttachment: 'string',
} as const;

const creationStruct = {
  name: 'protocol.CredentialCreationResponse',
  fields: {
    ...credentialFields,
    response: {
      name: 'protocol.AuthenticatorAttestationResponse',
      fields: {
        clientDataJSON: 'protocol.URLEncodedBase64',
        transports: '[]string',
        authenticatorData: 'protocol.URLEncodedBase64',
        publicKey: 'protocol.URLEncodedBase64',
        publicKeyAlgorithm: 'int64',
        attestationObject: 'protocol.URLEncodedBase64',
      },
    },
  },
} as const;

const assertionStruct = {
  name: 'protocol.CredentialAssertionResponse',
  fields: {
    ...credentialFields,
    response: {
      name: 'protocol.AuthenticatorAssertionResponse',
      fields: {
        clientDataJSON: 'protocol.URLEncodedBase64',
        authenticatorData: 'protocol.URLEncodedBase64',
        signature: 'protocol.URLEncodedBase64',
        userHandle: 'protocol.URLEncodedBase64',
      },
    },
  },
} as const;

const clientDataStruct = {
  name: 'protocol.CollectedClientData',
  fields: {
    type: 'string',
    challenge: 'string',
    origin: 'string',
    topOrigin: 'string',
    crossOrigin: 'bool',
    tokenBinding: { name: 'protocol.TokenBinding', fields: { status: 'string', id: 'string' } },
  },
} as const;

type ClientData = Params<typeof clientDataStruct>;

interface AuthenticatorData {
  rpIdHash: Bytes;
  flags: number;
  counter: number;
  attested: { aaguid: Bytes; credentialId: Bytes; publicKey: Bytes } | undefined;
  extensions: Bytes | undefined;
}

const flag = { userPresent: 0x01, backupEligible: 0x08, backedUp: 0x10, attested: 0x40, extensions: 0x80 };

/** What `navigator.credentials.create()` gave. */
export interface Creation {
  raw: Params<typeof creationStruct>;
  clientData: ClientData;
  data: AuthenticatorData;
  authData: Bytes;
  format: string;
  statement: Map<string | number, CBORType>;
  transports: string[] | null;
}

/** What `navigator.credentials.get()` gave. */
export interface Assertion {
  raw: Params<typeof assertionStruct>;
  clientData: ClientData;
  data: AuthenticatorData;
}

/** @throws WebAuthnError for what is no new credential */
export function readCreation(message: RawMessage): Creation {
  const raw = read(() => decode(message, creationStruct));
  if (raw.id === '' || !isBase64Url(raw.id) || raw.type !== 'public-key')
    throw new WebAuthnError('Parse error for Registration');
  try {
    const clientData = readClientData(raw.response?.clientDataJSON);
    const [attestation] = readCbor(raw.response?.attestationObject ?? new Uint8Array());
    const value = (name: string) => (attestation instanceof Map ? attestation.get(name) : undefined);
    const [format, statement, authData] = [value('fmt'), value('attStmt'), bytesOf(value('authData'))];
    const data = readAuthenticatorData(authData);
    if (!data.attested) throw new WebAuthnError('Invalid attestation format');
    return {
      raw,
      clientData,
      data,
      authData,
      format: String(format),
      statement: statement instanceof Map ? statement : new Map(),
      transports: raw.response?.transports?.map((name) => (name === 'cable' ? 'hybrid' : name)) ?? null,
    };
  } catch (error) {
    if (error instanceof WebAuthnError) throw new WebAuthnError('Error parsing attestation response');
    throw error;
  }
}

/** @throws WebAuthnError for what is no assertion */
export function readAssertion(message: RawMessage): Assertion {
  const raw = read(() => decode(message, assertionStruct));
  const problem =
    raw.id === ''
      ? 'ID missing'
      : !isBase64Url(raw.id)
        ? 'ID not base64url encoded'
        : raw.type !== 'public-key'
          ? 'bad type'
          : undefined;
  if (problem) throw new WebAuthnError(`CredentialAssertionResponse with ${problem}`);
  const clientData = readClientData(raw.response?.clientDataJSON);
  try {
    return { raw, clientData, data: readAuthenticatorData(raw.response?.authenticatorData ?? new Uint8Array()) };
  } catch (error) {
    if (error instanceof WebAuthnError) throw new WebAuthnError('Error unmarshalling auth data');
    throw error;
  }
}

function read<Result>(json: () => Result): Result {
  try {
    return json();
  } catch (error) {
    if (!(error instanceof GoJsonError)) throw error;
    throw new WebAuthnError(error.message);
  }
}

function isBase64Url(text: string): boolean {
  return /^[\w-]*$/.test(text) && text.length % 4 !== 1;
}

function bytesOf(value: CBORType): Bytes {
  return value instanceof Uint8Array ? Uint8Array.from(value) : new Uint8Array();
}

function readClientData(json = new Uint8Array()): ClientData {
  return read(() => parse(new TextDecoder().decode(json), clientDataStruct));
}

/** https://www.w3.org/TR/webauthn-3/#sctn-authenticator-data */
function readAuthenticatorData(bytes: Bytes): AuthenticatorData {
  const [short, leftOver] = ['Authenticator data length too short', 'Leftover bytes decoding AuthenticatorData'];
  if (bytes.length < 37) throw new WebAuthnError(short);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const flags = view.getUint8(32);
  let attested: AuthenticatorData['attested'];
  let end = 37;
  if (flags & flag.attested) {
    if (bytes.length <= 55) throw new WebAuthnError(short);
    const from = 55 + view.getUint16(53);
    const [, length] = readCbor(bytes, from);
    end = from + length;
    attested = { aaguid: bytes.slice(37, 53), credentialId: bytes.slice(55, from), publicKey: bytes.slice(from, end) };
  }
  const rest = bytes.slice(end);
  const hasExtensions = (flags & flag.extensions) !== 0;
  if (end > bytes.length || hasExtensions !== rest.length > 0) throw new WebAuthnError(leftOver);
  return {
    rpIdHash: bytes.slice(0, 32),
    flags,
    counter: view.getUint32(33),
    attested,
    extensions: hasExtensions ? rest : undefined,
  };
}

/**
 * The new credential, once it is found to be made for this challenge on a page of this project. Its attestation is checked if it is in
 * the format `packed`, and taken as it is in any other: Auth knows no roots to trust, and looks at the authenticator's model in no case.
 * @throws WebAuthnError
 */
export async function verifyCreation(
  party: RelyingParty,
  session: WebAuthnSession,
  owner: Owner,
  creation: Creation,
): Promise<Credential> {
  checkOwner(session, owner);
  checkClientData(party, session, creation.clientData, 'webauthn.create');
  const { data, format, statement, transports } = creation;
  checkPresence(party, data);
  const { aaguid, credentialId, publicKey } = data.attested ?? fail('Invalid attestation format');
  const algorithm = algorithmOf(publicKey);
  if (!session.credParams?.some(({ alg }) => alg === algorithm)) throw new WebAuthnError('Invalid attestation format');
  if (format === 'none' && statement.size > 0) throw new WebAuthnError('Invalid attestation format');
  if (format === 'packed') await checkPacked(creation, publicKey, algorithm);
  return {
    id: toBase64Url(credentialId),
    publicKey: toBase64Url(publicKey),
    aaguid: uuidOf(aaguid),
    transports,
    backupEligible: (data.flags & flag.backupEligible) !== 0,
  };
}

function fail(message: string): never {
  throw new WebAuthnError(message);
}

/** https://www.w3.org/TR/webauthn-3/#sctn-packed-attestation, without the rules for what a certificate says beside its key. */
async function checkPacked({ raw, authData, statement }: Creation, publicKey: Bytes, algorithm: CBORType) {
  const signature = statement.get('sig');
  if (!(signature instanceof Uint8Array)) throw new WebAuthnError('Error retrieving sig value');
  const signed = concatBytes(authData, sha256(raw.response?.clientDataJSON ?? new Uint8Array()));
  const certificates = statement.get('x5c');
  if (Array.isArray(certificates)) {
    const key = bytesOf(certificates[0]);
    if (!(await isSignedByCertificate(key, statement.get('alg'), bytesOf(signature), Uint8Array.from(signed))))
      throw new WebAuthnError('Signature validation error: x509: ECDSA verification failure');
    return;
  }
  if (statement.get('alg') !== algorithm)
    throw new WebAuthnError('Public key algorithm does not equal att statement algorithm');
  if (!(await isSignedBy(publicKey, bytesOf(signature), Uint8Array.from(signed))))
    throw new WebAuthnError('Unable to verify signature');
}

/**
 * The owner's credential that answered. Its counter is not kept: Auth notes one that did not grow, and does nothing about it.
 * @throws WebAuthnError
 */
export async function verifyAssertion(
  party: RelyingParty,
  session: WebAuthnSession,
  owner: Owner,
  { raw, clientData, data }: Assertion,
): Promise<Credential> {
  if (session.user_id !== null) checkOwner(session, owner);
  const id = toBase64Url(raw.rawId ?? new Uint8Array());
  const credential = owner.credentials.find((owned) => owned.id === id);
  const owned = owner.credentials.map((credential) => toBase64(fromBase64Url(credential.id)));
  const allowed = session.allowed_credentials ?? [];
  if (!allowed.every((one) => owned.includes(one)))
    throw new WebAuthnError('User does not own all credentials from the allowed credential list');
  if (allowed.length > 0 && !credential) throw new WebAuthnError('The credential ID provided is not owned by the user');
  if (allowed.length > 0 && !allowed.includes(toBase64(fromBase64Url(id))))
    throw new WebAuthnError('The credential ID provided is not in the sessions allowed credential list');
  const { userHandle, clientDataJSON, authenticatorData, signature } = raw.response ?? {};
  if (userHandle?.length && toBase64(userHandle) !== handleOf(owner))
    throw new WebAuthnError('User handle and User ID do not match');
  if (!credential) throw new WebAuthnError('Unable to find the credential for the returned credential ID');
  checkClientData(party, session, clientData, 'webauthn.get');
  checkPresence(party, data);
  const none = new Uint8Array();
  const signed = Uint8Array.from(concatBytes(authenticatorData ?? none, sha256(clientDataJSON ?? none)));
  if (!(await isSignedBy(fromBase64Url(credential.publicKey), signature ?? none, signed)))
    throw new WebAuthnError('Error validating the assertion signature: <nil>');
  const isEligible = (data.flags & flag.backupEligible) !== 0;
  if (isEligible !== credential.backupEligible)
    throw new WebAuthnError('Backup Eligible flag inconsistency detected during login validation');
  if (!isEligible && (data.flags & flag.backedUp) !== 0)
    throw new WebAuthnError('Backup State Flag is true but Backup Eligible flag is false which is invalid');
  return credential;
}

function checkOwner({ user_id }: WebAuthnSession, owner: Owner): void {
  if (user_id !== handleOf(owner)) throw new WebAuthnError('ID mismatch for User and Session');
}

function checkClientData({ rp_origins }: RelyingParty, session: WebAuthnSession, data: ClientData, type: string): void {
  if (data.type !== type) throw new WebAuthnError('Error validating ceremony type');
  if (data.challenge !== session.challenge) throw new WebAuthnError('Error validating challenge');
  if (!rp_origins.some((origin) => plainOrigin(origin) === plainOrigin(data.origin)))
    throw new WebAuthnError('Error validating origin');
  const { tokenBinding } = data;
  if (tokenBinding && !['present', 'supported', 'not-supported'].includes(tokenBinding.status))
    throw new WebAuthnError('Error decoding clientData, token binding present with invalid status');
}

/** Apps on a phone have origins that are no URLs: these are compared as they are. */
function plainOrigin(origin: string): string {
  return /^https?:\/\//i.test(origin) && URL.canParse(origin) ? new URL(origin).origin : origin;
}

/** Made for this relying party, and somebody was there. Who that was is never required: `userVerification` is at most `preferred`. */
function checkPresence({ rp_id }: RelyingParty, { rpIdHash, flags }: AuthenticatorData): void {
  if (toBase64(rpIdHash) !== toBase64(sha256(utf8ToBytes(rp_id))) || (flags & flag.userPresent) === 0)
    throw new WebAuthnError('Error validating the authenticator response');
}

function uuidOf(bytes: Uint8Array): string {
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

const base64 = (bytes: Uint8Array | undefined) => (bytes ? toBase64(bytes) : null);
const base64Url = (bytes: Uint8Array | undefined) => (bytes ? toBase64Url(bytes) : null);

/** A new credential as Go writes it after it was read. */
export function creationJson({ raw, clientData, data, authData, format, statement, transports }: Creation): Json {
  const { response } = raw;
  return {
    ...credentialJson(raw),
    Response: {
      CollectedClientData: clientDataJson(clientData),
      AttestationObject: {
        AuthData: authenticatorDataJson(data),
        authData: toBase64(authData),
        fmt: format,
        ...(statement.size > 0 && { attStmt: cborJson(statement) }),
      },
      Transports: transports,
    },
    Raw: {
      ...rawJson(raw),
      response: {
        clientDataJSON: base64Url(response?.clientDataJSON),
        ...(response?.transports?.length && { transports: response.transports }),
        authenticatorData: base64Url(response?.authenticatorData),
        publicKey: base64Url(response?.publicKey),
        publicKeyAlgorithm: response?.publicKeyAlgorithm ?? 0,
        attestationObject: base64Url(response?.attestationObject),
      },
    },
  };
}

/** The same for an assertion. */
export function assertionJson({ raw, clientData, data }: Assertion): Json {
  const { response } = raw;
  return {
    ...credentialJson(raw),
    Response: {
      CollectedClientData: clientDataJson(clientData),
      AuthenticatorData: authenticatorDataJson(data),
      Signature: base64(response?.signature),
      UserHandle: base64(response?.userHandle),
    },
    Raw: {
      ...rawJson(raw),
      response: {
        clientDataJSON: base64Url(response?.clientDataJSON),
        authenticatorData: base64Url(response?.authenticatorData),
        signature: base64Url(response?.signature),
        ...(response?.userHandle?.length && { userHandle: toBase64Url(response.userHandle) }),
      },
    },
  };
}

type RawCredential = Pick<Creation['raw'], keyof typeof credentialFields>;

function credentialJson({ id, type, rawId, ...more }: RawCredential): { [key: string]: Json } {
  const { authenticatorAttachment: attachment } = more;
  return {
    ID: id,
    Type: type,
    rawId: base64(rawId),
    ...extensionsJson(more),
    ...(/^(platform|cross-platform)$/.test(attachment) && { authenticatorAttachment: attachment }),
  };
}

function rawJson({ id, type, rawId, ...more }: RawCredential): { [key: string]: Json } {
  const { authenticatorAttachment } = more;
  return {
    id,
    type,
    rawId: base64Url(rawId),
    ...extensionsJson(more),
    ...(authenticatorAttachment && { authenticatorAttachment }),
  };
}

function extensionsJson({ clientExtensionResults = {} }: Partial<RawCredential>): { [key: string]: Json } {
  return Object.keys(clientExtensionResults).length > 0 ? { clientExtensionResults } : {};
}

function clientDataJson({ type, challenge, origin, topOrigin, crossOrigin, tokenBinding }: ClientData): Json {
  return {
    type,
    challenge,
    origin,
    ...(topOrigin && { topOrigin }),
    ...(crossOrigin && { crossOrigin }),
    ...(tokenBinding && {
      tokenBinding: { status: tokenBinding.status, ...(tokenBinding.id && { id: tokenBinding.id }) },
    }),
  };
}

function authenticatorDataJson({ rpIdHash, flags, counter, attested, extensions }: AuthenticatorData): Json {
  return {
    rpid: toBase64(rpIdHash),
    flags,
    sign_count: counter,
    att_data: {
      aaguid: base64(attested?.aaguid),
      credential_id: base64(attested?.credentialId),
      public_key: base64(attested?.publicKey),
    },
    ext_data: base64(extensions),
  };
}

function cborJson(value: CBORType): Json {
  if (value instanceof Map)
    return Object.fromEntries([...value].map(([key, member]) => [String(key), cborJson(member)]));
  if (value instanceof Uint8Array) return toBase64(value);
  if (Array.isArray(value)) return value.map(cborJson);
  return typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean' ? value : null;
}
