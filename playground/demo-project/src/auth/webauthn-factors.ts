/** WebAuthn factors: their challenges, and verifying the answers. */

import type { RawMessage } from '../go/json.ts';
import { timestamp } from '../go/time.ts';
import type { Challenge, Factor, Json, Session, User } from '../store.ts';
import { failure, invalid, UnhandledError } from './errors.ts';
import { challenge, challengeExpiry, dropChallenge, lift, openChallenge } from './factors.ts';
import type { Call, Project } from './project.ts';
import { factorsOf } from './serialize.ts';
import {
  creationOptions,
  descriptor,
  mapWebAuthnErrors,
  type Owner,
  relyingParty,
  requestOptions,
  verifyAssertion,
  verifyAttestation,
} from './webauthn.ts';
import { assertionJson, attestationJson, readAssertion, readAttestation } from './webauthn-answers.ts';

const unhandled = (cause: string) => new UnhandledError(cause);
const unreadable = () => invalid('Invalid credential_response');

/**
 * Requests a new credential while the factor is unverified. Later, requests any credential of the user's verified
 * factors.
 */
export async function challengeWebAuthn(call: Call, user: User, factor: Factor): Promise<unknown> {
  const { project } = call;
  const party = await mapWebAuthnErrors(unhandled, () => relyingParty(project.config));
  const owner = ownerOf(project, user);
  // Keeps an authenticator that already has a credential from creating a second one.
  const excludeCredentials = owner.credentials.map((credential) => descriptor(credential, ['usb', 'nfc']));
  const type = factor.status === 'unverified' ? 'create' : 'request';
  const { options, session } =
    type === 'create'
      ? await mapWebAuthnErrors(
          (cause) => failure('Failed to generate WebAuthn registration data', { cause }),
          () => creationOptions(party, owner, { excludeCredentials, authenticatorSelection: {} }),
        )
      : await mapWebAuthnErrors(unhandled, () => requestOptions(party, owner));
  const open = challenge(call, factor, { webAuthn: session });
  return {
    id: open.id,
    type: 'webauthn',
    expires_at: challengeExpiry(open),
    webauthn: { type, credential_options: { publicKey: options } },
  };
}

function ownerOf(project: Project, user: User): Owner {
  const verified = factorsOf(project, user).filter(({ status }) => status === 'verified');
  const credentials = verified.flatMap(({ credential }) => credential ?? []);
  return { id: user.id, name: user.email, displayName: user.email, credentials };
}

/** What the caller sends: the answer of `navigator.credentials`, and which of its functions gave it. */
interface Answer {
  type: string;
  credential_response: RawMessage | undefined;
}

/** Raises the session to aal2 if the answer is right. @throws AuthError, checked in Auth's order */
export async function verifyWebAuthn(
  call: Call,
  user: User,
  session: Session | undefined,
  factor: Factor,
  challengeId: string,
  answer: Answer | undefined,
): Promise<unknown> {
  const { project } = call;
  const { store } = project;
  if (!answer) throw invalid('WebAuthn config required');
  const { type, credential_response: response } = answer;
  if (type !== 'create' && type !== 'request') throw invalid('WebAuthn type must be create or request');
  if (response === undefined) throw invalid('credential_response required');
  const party = await mapWebAuthnErrors(unhandled, () => relyingParty(project.config));
  const open = openChallenge(call, factor, challengeId);
  const { webAuthn } = open;
  if (!webAuthn) throw new Error(`challenge ${open.id} is none of WebAuthn`);
  const owner = ownerOf(project, user);
  const check = async () => {
    if (type === 'create') {
      const attestation = await mapWebAuthnErrors(unreadable, () => readAttestation(response));
      const credential = await mapWebAuthnErrors(unhandled, () => verifyAttestation(party, webAuthn, attestation));
      return { credential, json: attestationJson(attestation) };
    }
    const assertion = await mapWebAuthnErrors(unreadable, () => readAssertion(response));
    const credential = await mapWebAuthnErrors(
      (cause) => failure('Failed to validate WebAuthn MFA response', { cause }),
      () => verifyAssertion(party, webAuthn, owner, assertion),
    );
    return { credential, json: assertionJson(assertion) };
  };
  const { credential, json } = await check();
  dropChallenge(project, factor, open);
  store.commit();
  if (factor.status === 'unverified') store.factors.update(factor, { credential });
  const last = { challenge: challengeJson(open), type, credential_response: jsonb(json) };
  store.factors.update(factor, { lastWebAuthnChallenge: last });
  return lift(call, user, session, factor, open);
}

function challengeJson({ id, factorId, createdAt, ip, webAuthn }: Challenge): Json {
  return {
    challenge_id: id,
    factor_id: factorId,
    created_at: timestamp(createdAt),
    ip_address: ip,
    ...(webAuthn && { web_authn_session_data: webAuthn }),
  };
}

/** Orders keys as Postgres does in a `jsonb` column: short keys first. */
function jsonb(value: Json): Json {
  if (Array.isArray(value)) return value.map(jsonb);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).sort(([a], [b]) => a.length - b.length || (a < b ? -1 : 1));
  return Object.fromEntries(members.map(([key, member]) => [key, jsonb(member)]));
}
