/**
 * The answers that browsers give in WebAuthn's two ceremonies. They are read as go-webauthn reads them, and written as
 * Go writes them afterwards.
 */
import type { CBORType } from '@levischuck/tiny-cbor';
import { sha256 } from '@noble/hashes/sha2.js';
import { toBase64, toBase64Url } from '../go/base64.ts';
import { decode, GoJsonError, type Params, parse, type RawMessage } from '../go/json.ts';
import type { Json } from '../store.ts';
import { readCbor, WebAuthnError } from './cose.ts';

type Bytes = Uint8Array<ArrayBuffer>;

const credentialFields = {
  id: 'string',
  type: 'string',
  rawId: 'protocol.URLEncodedBase64',
  clientExtensionResults: 'map[string]interface {}',
  authenticatorAttachment: 'string',
} as const;

const attestationStruct = {
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
  },
} as const;

/** What the browser says about the challenge and the page. */
export type ClientData = Params<typeof clientDataStruct>;

interface AttestedCredential {
  aaguid: Bytes;
  credentialId: Bytes;
  publicKey: Bytes;
}

/** What the authenticator says. */
export interface AuthenticatorData {
  rpIdHash: Bytes;
  flags: number;
  counter: number;
  attested?: AttestedCredential | undefined;
  extensions?: Bytes | undefined;
}

export const flag = { userPresent: 0x01, backupEligible: 0x08, backedUp: 0x10, attested: 0x40, extensions: 0x80 };

/** A new credential, from `navigator.credentials.create()`. */
export interface Attestation {
  raw: Params<typeof attestationStruct>;
  clientData: ClientData;
  data: AuthenticatorData & { attested: AttestedCredential };
  authData: Bytes;
  format: string;
  statement: Map<string | number, CBORType>;
  transports: string[] | null;
  /** The bytes that a signature must cover. */
  signed: Bytes;
}

/** The use of a credential, from `navigator.credentials.get()`. */
export interface Assertion {
  raw: Params<typeof assertionStruct>;
  id: Bytes;
  clientData: ClientData;
  data: AuthenticatorData;
  signature: Bytes;
  userHandle: Bytes;
  /** The bytes that the signature must cover. */
  signed: Bytes;
}

const noBytes = new Uint8Array();

/** @throws WebAuthnError if it isn't a new credential */
export function readAttestation(message: RawMessage): Attestation {
  const raw = readJson(() => decode(message, attestationStruct));
  if (raw.id === '' || !isBase64Url(raw.id) || raw.type !== 'public-key')
    throw new WebAuthnError('Parse error for Registration');
  const { clientDataJSON = noBytes, attestationObject = noBytes, transports } = raw.response ?? {};
  try {
    const clientData = readClientData(clientDataJSON);
    const [object] = readCbor(attestationObject);
    const [format, statement, authData] = ['fmt', 'attStmt', 'authData'].map((name) =>
      object instanceof Map ? object.get(name) : undefined,
    );
    if (!(authData instanceof Uint8Array)) throw new WebAuthnError('Authenticator data length too short');
    const bytes = Uint8Array.from(authData);
    const { attested, ...data } = readAuthenticatorData(bytes);
    if (!attested) throw new WebAuthnError('Invalid attestation format');
    return {
      raw,
      clientData,
      data: { ...data, attested },
      authData: bytes,
      format: String(format),
      statement: statement instanceof Map ? statement : new Map(),
      transports: transports?.map((name) => (name === 'cable' ? 'hybrid' : name)) ?? null,
      signed: Uint8Array.of(...bytes, ...sha256(clientDataJSON)),
    };
  } catch (error) {
    if (error instanceof WebAuthnError) throw new WebAuthnError('Error parsing attestation response');
    throw error;
  }
}

/** @throws WebAuthnError if it isn't an assertion */
export function readAssertion(message: RawMessage): Assertion {
  const raw = readJson(() => decode(message, assertionStruct));
  if (raw.id === '') throw new WebAuthnError('CredentialAssertionResponse with ID missing');
  if (!isBase64Url(raw.id)) throw new WebAuthnError('CredentialAssertionResponse with ID not base64url encoded');
  if (raw.type !== 'public-key') throw new WebAuthnError('CredentialAssertionResponse with bad type');
  const { clientDataJSON = noBytes, authenticatorData = noBytes, signature, userHandle } = raw.response ?? {};
  const clientData = readClientData(clientDataJSON);
  return {
    raw,
    id: raw.rawId ?? noBytes,
    clientData,
    data: readAuthenticatorData(authenticatorData),
    signature: signature ?? noBytes,
    userHandle: userHandle ?? noBytes,
    signed: Uint8Array.of(...authenticatorData, ...sha256(clientDataJSON)),
  };
}

function readJson<Result>(read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    throw error instanceof GoJsonError ? new WebAuthnError(error.message) : error;
  }
}

function readClientData(json: Bytes): ClientData {
  return readJson(() => parse(new TextDecoder().decode(json), clientDataStruct));
}

function isBase64Url(text: string): boolean {
  return /^[\w-]*$/.test(text) && text.length % 4 !== 1;
}

/** https://www.w3.org/TR/webauthn-3/#sctn-authenticator-data @throws WebAuthnError */
function readAuthenticatorData(bytes: Bytes): AuthenticatorData {
  const unreadable = new WebAuthnError('Error unmarshalling auth data');
  if (bytes.length < 37) throw unreadable;
  const view = new DataView(bytes.buffer);
  const flags = view.getUint8(32);
  let end = 37;
  let attested: AttestedCredential | undefined;
  if (flags & flag.attested) {
    if (bytes.length <= 55) throw unreadable;
    const key = 55 + view.getUint16(53);
    end = key + readCbor(bytes, key)[1];
    attested = { aaguid: bytes.slice(37, 53), credentialId: bytes.slice(55, key), publicKey: bytes.slice(key, end) };
  }
  const hasExtensions = (flags & flag.extensions) !== 0;
  if (end > bytes.length || hasExtensions !== end < bytes.length) throw unreadable;
  const extensions = hasExtensions ? bytes.slice(end) : undefined;
  return { rpIdHash: bytes.slice(0, 32), flags, counter: view.getUint32(33), attested, extensions };
}

const base64 = (bytes: Uint8Array | undefined) => (bytes ? toBase64(bytes) : null);
const base64Url = (bytes: Uint8Array | undefined) => (bytes ? toBase64Url(bytes) : null);

export function attestationJson({ raw, clientData, data, authData, format, statement, transports }: Attestation): Json {
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

type RawCredential = Params<{ name: string; fields: typeof credentialFields }>;

function credentialJson({ id, type, rawId, ...more }: RawCredential): { [key: string]: Json } {
  return { ID: id, Type: type, rawId: base64(rawId), ...circumstancesJson(more, /^(platform|cross-platform)$/) };
}

function rawJson({ id, type, rawId, ...more }: RawCredential): { [key: string]: Json } {
  return { id, type, rawId: base64Url(rawId), ...circumstancesJson(more, /./) };
}

function circumstancesJson(
  { clientExtensionResults, authenticatorAttachment }: Partial<RawCredential>,
  attachments: RegExp,
): { [key: string]: Json } {
  return {
    ...(clientExtensionResults && Object.keys(clientExtensionResults).length > 0 && { clientExtensionResults }),
    ...(authenticatorAttachment && attachments.test(authenticatorAttachment) && { authenticatorAttachment }),
  };
}

function clientDataJson({ type, challenge, origin, topOrigin, crossOrigin }: ClientData): Json {
  return {
    type,
    challenge,
    origin,
    ...(topOrigin && { topOrigin }),
    ...(crossOrigin && { crossOrigin }),
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
  return ['string', 'number', 'boolean'].includes(typeof value) ? (value as Json) : null;
}
