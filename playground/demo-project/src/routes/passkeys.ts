import { bytesToHex } from '@noble/hashes/utils.js';
import { audit, countSignIn } from '../auth/audit.ts';
import { WebAuthnError } from '../auth/cose.ts';
import { ConstraintError } from '../auth/database-errors.ts';
import { AuthError, failure, invalid } from '../auth/errors.ts';
import { checkLevel, deletePasskey, findPasskey, listPasskeys, passkeyInPath, passkeyJson } from '../auth/passkeys.ts';
import { type Call, fiveMinutes, newId, type Project } from '../auth/project.ts';
import { authenticate, authenticateNamed, isBanned, signIn } from '../auth/sessions.ts';
import {
  creationOptions,
  descriptor,
  mapWebAuthnErrors,
  type Owner,
  type RelyingParty,
  relyingParty,
  requestOptions,
  verifyAssertion,
  verifyAttestation,
} from '../auth/webauthn.ts';
import { type Assertion, readAssertion, readAttestation } from '../auth/webauthn-answers.ts';
import { fromBase64Url } from '../go/base64.ts';
import type { Params } from '../go/json.ts';
import { parseUuid } from '../go/uuid.ts';
import { readBody } from '../http/json-body.ts';
import type { Credential, PasskeyChallenge, User, WebAuthnSession } from '../store.ts';

/** Five minutes, for challenges. */
const lifetime = fiveMinutes;

/** The maximum per user. */
const maxPasskeys = 10;

const fields = { challenge_id: 'string', credential: 'json.RawMessage' } as const;
const registrationStruct = { name: 'PasskeyRegistrationVerifyParams', fields } as const;
const authenticationStruct = { name: 'PasskeyAuthenticationVerifyParams', fields } as const;
const updateStruct = { name: 'PasskeyUpdateParams', fields: { friendly_name: 'string' } } as const;

const failed = (message: string) => (cause: string) =>
  new AuthError(400, 'webauthn_verification_failed', message, { cause });
const broken = (message: string) => (cause: string) => failure(message, { cause });

function partyOf({ config }: Project): Promise<RelyingParty> {
  return mapWebAuthnErrors(broken('Failed to initialize WebAuthn'), () => relyingParty(config));
}

function ownerOf({ store }: Project, user: User): Owner {
  const { name: given } = user.userMetadata;
  const name = user.email || user.phone;
  const displayName = typeof given === 'string' && given !== '' ? given : name;
  const credentials = store.passkeys.where('user', user.id).map(({ credential }) => credential);
  return { id: user.id, name, displayName, credentials };
}

/** `POST /passkeys/registration/options` */
export async function registrationOptions(call: Call): Promise<unknown> {
  const { project } = call;
  const caller = await authenticateNamed(call);
  checkLevel(project, caller);
  checkCount(project, caller.user);
  const party = await partyOf(project);
  const owner = ownerOf(project, caller.user);
  const { options, session } = await mapWebAuthnErrors(broken('Failed to generate WebAuthn registration options'), () =>
    creationOptions(party, owner, {
      excludeCredentials: owner.credentials.map((credential) => descriptor(credential)),
      authenticatorSelection: { residentKey: 'required', userVerification: 'preferred' },
      attestation: 'none',
    }),
  );
  return challenge(project, options, session, caller.user);
}

function checkCount({ store }: Project, user: User): void {
  if (store.passkeys.count('user', user.id) >= maxPasskeys)
    throw new AuthError(422, 'too_many_passkeys', 'Maximum number of passkeys reached');
}

/** Creates a challenge and returns its response. With `user`, it's for registration; without, for signing in. */
function challenge({ store, now }: Project, options: object, session: WebAuthnSession, user?: User): unknown {
  const made = store.passkeyChallenges.insert({ id: newId(), userId: user?.id, session, createdAt: now() });
  store.passkeyChallenges.trim('user', user?.id ?? '', 20, (old) => now() > old.createdAt + lifetime);
  return { challenge_id: made.id, options, expires_at: Math.floor((made.createdAt + lifetime) / 1000) };
}

/** Uses up the challenge, whether or not the answer turns out to be right. @throws AuthError 400 */
function take({ store, now }: Project, { challenge_id, credential }: Answer, user?: User) {
  if (challenge_id === '') throw invalid('challenge_id is required');
  if (credential === undefined) throw invalid('credential is required');
  const id = parseUuid(challenge_id);
  if (!id) throw invalid('challenge_id must be a valid UUID');
  const open: PasskeyChallenge | undefined = store.passkeyChallenges.get(id);
  if (!open || open.userId !== user?.id)
    throw new AuthError(400, 'webauthn_challenge_not_found', 'Challenge not found or already used');
  store.passkeyChallenges.delete(open);
  store.commit();
  if (now() > open.createdAt + lifetime)
    throw new AuthError(400, 'webauthn_challenge_expired', 'Challenge has expired');
  return { session: open.session, credential };
}

type Answer = Params<typeof registrationStruct>;

/** `POST /passkeys/registration/verify`: adds a passkey to the signed-in user. */
export async function verifyRegistration(call: Call): Promise<unknown> {
  const { project } = call;
  const { store, now } = project;
  const caller = await authenticateNamed(call);
  const { user } = caller;
  checkLevel(project, caller);
  const { session, credential: message } = take(project, readBody(call, registrationStruct), user);
  const attestation = await mapWebAuthnErrors(failed('Invalid credential response'), () => readAttestation(message));
  const party = await partyOf(project);
  const credential = await mapWebAuthnErrors(failed('Credential verification failed'), () =>
    verifyAttestation(party, session, attestation),
  );
  checkCount(project, user);
  checkUnused(project, credential);
  const passkey = store.passkeys.insert({
    id: newId(),
    userId: user.id,
    credential,
    // Auth looks up the names of several hundred authenticator models by AAGUID.
    friendlyName: 'Passkey',
    createdAt: now(),
    updatedAt: now(),
  });
  audit(call, user, 'passkey_created', { passkey_id: passkey.id });
  return passkeyJson(passkey);
}

/**
 * @throws AuthError 500 if anyone has registered this credential. Auth has a better error for this, but never gets to
 * return it.
 */
function checkUnused({ store }: Project, { id }: Credential): void {
  if (store.passkeys.count('credential', id) === 0) return;
  const detail = `Key (credential_id)=(\\x${bytesToHex(fromBase64Url(id))}) already exists.`;
  const constraint = new ConstraintError('webauthn_credentials_credential_id_key', detail);
  const aborted = 'ERROR: current transaction is aborted, commands ignored until end of transaction block';
  const cause = `failed to close prepared statement: ${aborted} (SQLSTATE 25P02): ERROR: ${constraint.message}`;
  throw failure('Database error creating passkey', { cause: `${cause} (SQLSTATE ${constraint.code})`, constraint });
}

/** `POST /passkeys/authentication/options` */
export async function authenticationOptions({ project }: Call): Promise<unknown> {
  const party = await partyOf(project);
  const { options, session } = await mapWebAuthnErrors(
    broken('Failed to generate WebAuthn authentication options'),
    () => requestOptions(party, undefined, 'preferred'),
  );
  return challenge(project, options, session);
}

/** `POST /passkeys/authentication/verify`: creates a session at aal1, even if the authenticator verified the user. */
export async function verifyAuthentication(call: Call): Promise<unknown> {
  const { project } = call;
  const { store, now } = project;
  const { session, credential: message } = take(project, readBody(call, authenticationStruct));
  const assertion = await mapWebAuthnErrors(failed('Invalid credential response'), () => readAssertion(message));
  const party = await partyOf(project);
  const { user, credential } = await mapWebAuthnErrors(failed('Credential verification failed'), async () => {
    const user = findOwner(project, assertion);
    return { user, credential: await verifyAssertion(party, session, ownerOf(project, user), assertion) };
  });
  if (user.email !== '' && user.emailConfirmedAt === undefined)
    throw new AuthError(403, 'email_not_confirmed', 'Email not confirmed');
  if (user.phone !== '' && user.phoneConfirmedAt === undefined)
    throw new AuthError(403, 'phone_not_confirmed', 'Phone not confirmed');
  if (isBanned(project, user)) throw new AuthError(403, 'user_banned', 'User is banned');
  const [passkey] = store.passkeys.where('credential', credential.id);
  if (!passkey) throw new Error(`no passkey has the credential ${credential.id}`);
  store.passkeys.update(passkey, { lastUsedAt: now() });
  audit(call, user, 'login', { passkey_id: passkey.id });
  const answer = await signIn(call, user, 'passkey');
  countSignIn(call, user, 'passkey');
  return answer;
}

/** Finds the user that the authenticator names. @throws WebAuthnError */
function findOwner({ store }: Project, { userHandle }: Assertion): User {
  const handle = new TextDecoder().decode(userHandle);
  if (handle === '')
    throw new WebAuthnError('Client-side Discoverable Assertion was attempted with a blank User Handle');
  const user = store.users.get(parseUuid(handle) ?? '');
  const missing = !user ? 'User' : store.passkeys.count('user', user.id) === 0 ? 'WebAuthn credential' : undefined;
  if (!user || missing)
    throw new WebAuthnError(`Failed to lookup Client-side Discoverable Credential: ${missing} not found`);
  return user;
}

/** `GET /passkeys` */
export async function showPasskeys(call: Call): Promise<unknown> {
  const { user } = await authenticate(call);
  return listPasskeys(call.project, user);
}

/** `PATCH /passkeys/{passkey_id}`: renames a passkey, which doesn't need aal2. */
export async function updatePasskey(call: Call): Promise<unknown> {
  const { project } = call;
  const { user } = await authenticate(call);
  const id = passkeyInPath(call);
  const { friendly_name: friendlyName } = readBody(call, updateStruct);
  if (friendlyName === '') throw invalid('friendly_name is required');
  if (new TextEncoder().encode(friendlyName).length > 120)
    throw invalid('friendly_name must be 120 characters or less');
  const passkey = project.store.passkeys.update(findPasskey(project, user, id), { friendlyName });
  audit(call, user, 'passkey_updated', { passkey_id: passkey.id });
  return passkeyJson(passkey);
}

/** `DELETE /passkeys/{passkey_id}` */
export async function removePasskey(call: Call): Promise<unknown> {
  const caller = await authenticate(call);
  checkLevel(call.project, caller);
  return deletePasskey(call, caller.user, caller.user);
}
