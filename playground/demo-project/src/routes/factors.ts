import { AuthError, invalid, unexpected } from '../auth/errors.ts';
import {
  addFactor,
  challenge,
  challengeExpiry,
  checkEnrolEnabled,
  checkEnrolment,
  checkVerifyEnabled,
  findFactor,
  removeFactor,
  totpKey,
  verifyCode,
} from '../auth/factors.ts';
import { parseParams } from '../auth/json.ts';
import { audit } from '../auth/log.ts';
import type { Call } from '../auth/project.ts';
import { authenticateNamed, sessionOf } from '../auth/sessions.ts';
import { checkPhone } from '../auth/users.ts';

const enrolParams = {
  name: 'EnrollFactorParams',
  fields: { friendly_name: 'string', factor_type: 'string', issuer: 'string', phone: 'string' },
} as const;
const challengeParams = { name: 'ChallengeFactorParams', fields: { channel: 'string', webauthn: 'any' } } as const;
const verifyParams = {
  name: 'VerifyFactorParams',
  fields: { challenge_id: 'uuid', code: 'string', webauthn: 'any' },
} as const;

/** `POST /factors`: an unverified factor. For TOTP with its secret, this once. */
export async function enrolFactor(call: Call): Promise<unknown> {
  const { project } = call;
  const caller = await authenticateNamed(call);
  const { user } = caller;
  if (!caller.session) throw unexpected('A valid session and a registered user are required to enroll a factor');
  const { friendly_name: friendlyName, factor_type: type, issuer, phone: number } = parseParams(call.body, enrolParams);
  if (type !== 'totp' && type !== 'phone') throw invalid('factor_type needs to be totp, phone, or webauthn');
  checkEnrolEnabled(project, type);

  if (type === 'phone') {
    if (number === '') throw invalid('Phone number required to enroll Phone factor');
    const phone = checkPhone(number);
    for (const other of project.store.factors.where('user', user.id).filter((known) => known.phone === phone)) {
      if (other.status === 'verified') {
        throw new AuthError(
          422,
          'mfa_verified_factor_exists',
          'A verified phone factor already exists, unenroll the existing factor to continue',
        );
      }
      removeFactor(project, other);
    }
    checkEnrolment(project, user, caller.session, friendlyName);
    const factor = addFactor(project, user, { type, friendlyName, phone });
    audit(call, user, 'factor_in_progress', { factor_id: factor.id, factor_type: type });
    return { id: factor.id, type, friendly_name: friendlyName, phone: `+${phone}` };
  }

  checkEnrolment(project, user, caller.session, friendlyName);
  if (user.email === undefined) throw unexpected('Error generating QR Code');
  const totp = await totpKey(issuer || new URL(project.config.auth.site_url).host, user.email);
  const factor = addFactor(project, user, { type, friendlyName, secret: totp.secret });
  audit(call, user, 'factor_in_progress', { factor_id: factor.id });
  return { id: factor.id, type, friendly_name: friendlyName, totp };
}

/** `POST /factors/{id}/challenge` */
export async function challengeFactor(call: Call, factorId: string): Promise<unknown> {
  const { user } = await authenticateNamed(call);
  const factor = findFactor(call.project, user, factorId);
  if (factor.type === 'phone') parseParams(call.body, challengeParams);
  checkVerifyEnabled(call.project, factor.type);
  const open = challenge(call, user, factor);
  audit(call, user, 'challenge_created', { factor_id: factor.id, factor_status: factor.status });
  return { id: open.id, type: factor.type, expires_at: challengeExpiry(open) };
}

/** `POST /factors/{id}/verify`: lifts the session to aal2 and answers with its new tokens. */
export async function verifyFactor(call: Call, factorId: string): Promise<unknown> {
  const caller = await authenticateNamed(call);
  const factor = findFactor(call.project, caller.user, factorId);
  const { challenge_id: challengeId, code } = parseParams(call.body, verifyParams);
  if (code === '') throw invalid('Code needs to be non-empty');
  checkVerifyEnabled(call.project, factor.type);
  return verifyCode(call, caller.user, sessionOf(caller), factor, challengeId, code);
}

/** `DELETE /factors/{id}`: a verified factor needs aal2. */
export async function unenrolFactor(call: Call, factorId: string): Promise<unknown> {
  const caller = await authenticateNamed(call);
  const factor = findFactor(call.project, caller.user, factorId);
  if (factor.status === 'verified' && sessionOf(caller).aal !== 'aal2') {
    throw new AuthError(422, 'insufficient_aal', 'AAL2 required to unenroll verified factor');
  }
  removeFactor(call.project, factor);
  audit(call, caller.user, 'factor_unenrolled', {
    factor_id: factor.id,
    factor_status: factor.status,
    session_id: caller.session?.id ?? '',
  });
  return { id: factor.id };
}
