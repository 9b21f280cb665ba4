import { addFactor } from '../auth/add-factor.ts';
import { normalizePhone } from '../auth/addresses.ts';
import { audit } from '../auth/audit.ts';
import { AuthError, type ErrorCode, failure, invalid } from '../auth/errors.ts';
import {
  challenge,
  challengeExpiry,
  challengePhone,
  checkCode,
  checkEnrollment,
  deleteFactor,
  factorNames,
  factorOf,
  lift,
  lowerSessions,
  openChallenge,
} from '../auth/factors.ts';
import { notify } from '../auth/mails.ts';
import type { Call } from '../auth/project.ts';
import { authenticateNamed } from '../auth/sessions.ts';
import { newTotpKey } from '../auth/totp.ts';
import type { Params } from '../go/json.ts';
import { readBody } from '../http/json-body.ts';
import type { Factor, Session, User } from '../store.ts';

const enrollStruct = {
  name: 'EnrollFactorParams',
  fields: { friendly_name: 'string', factor_type: 'string', issuer: 'string', phone: 'string' },
} as const;
const webAuthnStruct = {
  name: 'WebAuthnParams',
  fields: { type: 'string', credential_response: 'json.RawMessage' },
} as const;
const challengeStruct = {
  name: 'ChallengeFactorParams',
  fields: { channel: 'string', webauthn: webAuthnStruct },
} as const;
const verifyStruct = {
  name: 'VerifyFactorParams',
  fields: { challenge_id: 'uuid.UUID', code: 'string', webauthn: webAuthnStruct },
} as const;

/** `POST /factors`: creates an unverified factor. For TOTP, only this response contains the secret. */
export async function enrollFactor(call: Call): Promise<unknown> {
  const { user, session } = await authenticateNamed(call);
  if (!session) throw failure('A valid session and a registered user are required to enroll a factor');
  const params = readBody(call, enrollStruct);
  const { factor_type: type } = params;
  if (!isFactorType(type)) throw invalid('factor_type needs to be totp, phone, or webauthn');
  if (!switches(call, type).enroll_enabled)
    throw new AuthError(422, `mfa_${type}_enroll_not_enabled`, `MFA enroll is disabled for ${factorNames[type]}`);
  return enrollments[type](call, user, session, params);
}

type EnrollParams = Params<typeof enrollStruct>;

const enrollments = { totp: enrollTotp, phone: enrollPhone, webauthn: enrollWebAuthn };

function isFactorType(text: string): text is Factor['type'] {
  return Object.hasOwn(enrollments, text);
}

function switches({ project: { config } }: Call, type: Factor['type']) {
  return config.auth.mfa[type === 'webauthn' ? 'web_authn' : type];
}

async function enrollTotp(call: Call, user: User, session: Session, params: EnrollParams): Promise<unknown> {
  const { project } = call;
  const issuer = params.issuer || new URL(project.config.auth.site_url).host;
  checkEnrollment(project, user, session, params.friendly_name);
  if (user.email === '') throw failure('Error generating QR Code', { cause: 'AccountName must be set' });
  const totp = await newTotpKey(issuer, user.email);
  const { secret } = totp;
  const factor = addFactor(project, user, { type: 'totp', friendlyName: params.friendly_name, secret, phone: '' });
  audit(call, user, 'factor_in_progress', { factor_id: factor.id });
  return { id: factor.id, type: 'totp', friendly_name: factor.friendlyName, totp };
}

function enrollPhone(call: Call, user: User, session: Session, params: EnrollParams): unknown {
  const { project } = call;
  if (params.phone === '') throw invalid('Phone number required to enroll Phone factor');
  const phone = normalizePhone(params.phone);
  for (const other of project.store.factors.where('user', user.id)) {
    if (other.type !== 'phone' || other.phone !== phone) continue;
    if (other.status === 'verified') {
      const message = 'A verified phone factor already exists, unenroll the existing factor to continue';
      throw new AuthError(422, 'mfa_verified_factor_exists', message);
    }
    deleteFactor(project, other);
  }
  checkEnrollment(project, user, session, params.friendly_name);
  const factor = addFactor(project, user, { type: 'phone', friendlyName: params.friendly_name, phone });
  audit(call, user, 'factor_in_progress', { factor_id: factor.id, factor_type: 'phone' });
  return { id: factor.id, type: 'phone', friendly_name: factor.friendlyName, phone: params.phone };
}

function enrollWebAuthn(
  call: Call,
  user: User,
  session: Session,
  { friendly_name: friendlyName }: EnrollParams,
): unknown {
  checkEnrollment(call.project, user, session, friendlyName);
  const factor = addFactor(call.project, user, { type: 'webauthn', friendlyName, phone: '' });
  audit(call, user, 'factor_in_progress', { factor_id: factor.id, factor_type: 'webauthn' });
  return { id: factor.id, type: 'webauthn', friendly_name: friendlyName };
}

/** `POST /factors/{factor_id}/challenge` */
export async function challengeFactor(call: Call): Promise<unknown> {
  const { user } = await authenticateNamed(call);
  const factor = factorOf(call, user);
  checkVerifyEnabled(call, factor);
  if (factor.type !== 'totp') readBody(call, challengeStruct);
  if (factor.type === 'webauthn') return (await webAuthn()).challengeWebAuthn(call, user, factor);
  const open = factor.type === 'phone' ? challengePhone(call, user, factor) : challenge(call, factor);
  audit(call, user, 'challenge_created', { factor_id: factor.id, factor_status: factor.status });
  return { id: open.id, type: factor.type, expires_at: challengeExpiry(open) };
}

function checkVerifyEnabled(call: Call, { type }: Factor, code: ErrorCode = `mfa_${type}_verify_not_enabled`): void {
  if (!switches(call, type).verify_enabled)
    throw new AuthError(422, code, `MFA verification is disabled for ${factorNames[type]}`);
}

/** Loaded on first use, because many pages only have factors with codes. */
const webAuthn = () => import('../auth/webauthn-factors.ts');

/** `POST /factors/{factor_id}/verify`: raises the session to aal2 and responds with its new tokens. */
export async function verifyFactor(call: Call): Promise<unknown> {
  const { user, session } = await authenticateNamed(call);
  const factor = factorOf(call, user);
  const { challenge_id: id, code, webauthn: answer } = readBody(call, verifyStruct);
  if (factor.type === 'webauthn') {
    // Auth uses the error code for enrolling here.
    checkVerifyEnabled(call, factor, 'mfa_webauthn_enroll_not_enabled');
    return (await webAuthn()).verifyWebAuthn(call, user, session, factor, id, answer);
  }
  if (code === '') throw invalid('Code needs to be non-empty');
  checkVerifyEnabled(call, factor);
  const open = openChallenge(call, factor, id);
  checkCode(call.project, factor, open, code);
  return lift(call, user, session, factor, open);
}

/** `DELETE /factors/{factor_id}`: deleting a verified factor needs aal2. */
export async function unenrollFactor(call: Call): Promise<unknown> {
  const { project } = call;
  const { user, session } = await authenticateNamed(call);
  const factor = factorOf(call, user);
  if (!session) throw failure('A valid session and factor are required to unenroll a factor');
  if (factor.status === 'verified' && session.aal !== 'aal2')
    throw new AuthError(422, 'insufficient_aal', 'AAL2 required to unenroll verified factor');
  deleteFactor(project, factor);
  const traits = { factor_id: factor.id, factor_status: factor.status, session_id: session.id };
  audit(call, user, 'factor_unenrolled', traits);
  lowerSessions(project, factor);
  notify(call, user.email, 'mfa_factor_unenrolled', { FactorType: factor.type });
  return { id: factor.id };
}
