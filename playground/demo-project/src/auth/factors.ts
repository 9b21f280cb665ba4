/** Second factors: enrolling them, asking for one, and what a right answer changes. */

import { quote } from '../go/quote.ts';
import { parseUuid } from '../go/uuid.ts';
import type { Challenge, Factor, Session, User } from '../store.ts';
import { isTotpCode } from '../totp.ts';
import { userInPath } from './admin.ts';
import { audit, countSignIn } from './audit.ts';
import { AuthError, failure } from './errors.ts';
import { notify } from './mails.ts';
import { type Call, fiveMinutes, newId, type Project, randomDigits } from './project.ts';
import { rateLimitError, waitingTime } from './rate-limits.ts';
import { oldestRefreshToken, swapRefreshToken } from './refresh-tokens.ts';
import {
  addClaim,
  authenticateNamed,
  claimedAal,
  endSessions,
  factorMethods,
  highestAal,
  tokenResponse,
} from './sessions.ts';
import { sendText } from './texts.ts';

/** Five minutes, also Auth's minimum: the life of a challenge, and of an enrolment that was never challenged. */
const lifetime = fiveMinutes;

export const factorNames = { totp: 'TOTP', phone: 'Phone', webauthn: 'WebAuthn' } as const satisfies Record<
  Factor['type'],
  string
>;

/** The factor in the path, which has to be this user's. @throws AuthError 404 */
export function factorOf(call: Call, user: User): Factor {
  if (call.factorInPath) return call.factorInPath;
  const id = parseUuid(call.params['factor_id'] ?? '');
  if (!id) throw new AuthError(404, 'validation_failed', 'factor_id must be an UUID');
  call.logged['factor_id'] = id;
  const factor = call.project.store.factors.get(id);
  if (factor?.userId !== user.id) throw new AuthError(404, 'mfa_factor_not_found', 'Factor not found');
  call.factorInPath = factor;
  return factor;
}

/** The factor in the path, which has to be the caller's. */
export async function ownFactor(call: Call): Promise<Factor> {
  return factorOf(call, (await authenticateNamed(call)).user);
}

/** The factor in the path, which has to be of the user in the path. */
export function factorOfUserInPath(call: Call): Factor {
  return factorOf(call, userInPath(call));
}

/** What every enrolment must pass, in Auth's order. @throws AuthError 422 and, at aal1 with a verified factor, 403 `insufficient_aal` */
export function checkEnrolment(project: Project, user: User, session: Session, friendlyName: string): void {
  clearAbandoned(project);
  const enrolled = project.store.factors.where('user', user.id);
  if (enrolled.some((factor) => factor.friendlyName === friendlyName)) {
    const message = `A factor with the friendly name ${quote(friendlyName)} for this user already exists`;
    throw new AuthError(422, 'mfa_factor_name_conflict', message);
  }
  const verified = enrolled.filter(({ status }) => status === 'verified').length;
  if (enrolled.length >= project.config.auth.mfa.max_enrolled_factors || verified >= 10) {
    const message = 'Maximum number of verified factors reached, unenroll to continue';
    throw new AuthError(422, 'too_many_enrolled_mfa_factors', message);
  }
  if (verified > 0 && session.aal !== 'aal2')
    throw new AuthError(403, 'insufficient_aal', 'AAL2 required to enroll a new factor');
}

/** Every enrolment clears away the unverified factors of all users that have no challenge and are too old, whatever comes of it. */
function clearAbandoned(project: Project): void {
  const { factors } = project.store;
  for (const index of ['again', 'new']) {
    for (const factor of factors.each('idle', index)) {
      // In the order of their age: those that follow are younger.
      if (factor.createdAt + lifetime >= project.now()) break;
      deleteFactor(project, factor);
    }
  }
  project.store.commit();
}

/** A new challenge of a factor, with what only the right answer fits. */
export function challenge(
  { project, ip }: Call,
  factor: Factor,
  fit: Pick<Challenge, 'otpCode' | 'webAuthn'> = {},
): Challenge {
  const { store, now } = project;
  const challenge = store.challenges.insert({ id: newId(), factorId: factor.id, ip, createdAt: now(), ...fit });
  const isDone = (old: Challenge) => old.verifiedAt !== undefined || isExpired(project, old);
  const forgotten = store.challenges.trim('factor', factor.id, 20, isDone);
  store.factors.update(factor, { lastChallengedAt: now(), challenges: factor.challenges + 1 - forgotten });
  return challenge;
}

/** A new challenge of a phone, with the text message. @throws AuthError 429 `over_sms_send_rate_limit` */
export function challengePhone(call: Call, user: User, factor: Factor): Challenge {
  const { max_frequency: frequency, otp_length: length } = call.project.config.auth.mfa.phone;
  const wait = waitingTime(call.project, factor.lastChallengedAt, frequency);
  if (wait >= 0) throw rateLimitError('over_sms_send_rate_limit', wait);
  const code = randomDigits(length);
  sendText(call, user, factor.phone, code, 'mfa');
  return challenge(call, factor, { otpCode: code });
}

/** In seconds. */
export function challengeExpiry({ createdAt }: Challenge): number {
  return Math.floor((createdAt + lifetime) / 1000);
}

function isExpired(project: Project, { createdAt }: Challenge): boolean {
  return project.now() > createdAt + lifetime;
}

/** The challenge that an answer is for. @throws AuthError 422 in the order in which Auth checks */
export function openChallenge({ project, ip }: Call, factor: Factor, id: string): Challenge {
  const { store } = project;
  const open = store.challenges.get(id);
  if (open?.factorId !== factor.id)
    throw new AuthError(422, 'mfa_factor_not_found', 'MFA factor with the provided challenge ID not found');
  // Auth says the same for a challenge that was used already.
  if (open.verifiedAt !== undefined || open.ip !== ip)
    throw new AuthError(422, 'mfa_ip_address_mismatch', 'Challenge and verify IP addresses mismatch.');
  if (isExpired(project, open)) {
    dropChallenge(project, factor, open);
    store.commit();
    const message = `MFA challenge ${open.id} has expired, verify against another challenge or create a new challenge.`;
    throw new AuthError(422, 'mfa_challenge_expired', message);
  }
  return open;
}

export function dropChallenge({ store }: Project, factor: Factor, open: Challenge): void {
  store.factors.patch(factor, { challenges: factor.challenges - 1 });
  store.challenges.delete(open);
}

/** Takes the challenge, which is used up, if the code is right. @throws AuthError 422 `mfa_verification_failed` */
export function checkCode(project: Project, factor: Factor, open: Challenge, code: string): void {
  if (factor.type === 'totp') checkTotp(project, factor, code);
  else if (code !== open.otpCode) throw new AuthError(422, 'mfa_verification_failed', 'Invalid MFA Phone code entered');
  project.store.challenges.update(open, { verifiedAt: project.now() });
}

/** Six digits, one step early or late; a code may be used again while it is valid, as with Auth. */
function checkTotp(project: Project, { secret = '' }: Factor, code: string): void {
  const token = code.trim();
  if (/^\d{6}$/.test(token) && isTotpCode(secret, token, project.now())) return;
  const hasLength = new TextEncoder().encode(token).length === 6;
  const details = hasLength ? {} : { cause: 'Input length unexpected' };
  throw new AuthError(422, 'mfa_verification_failed', 'Invalid TOTP code entered', details);
}

/**
 * Lifts the session: it keeps its id and gets new tokens. Every other session of the user that is still aal1 ends, and unverified factors
 * of the same type are gone; the answer shows them still.
 */
export async function lift(
  call: Call,
  user: User,
  session: Session | undefined,
  factor: Factor,
  open: Challenge,
): Promise<{ [key: string]: unknown }> {
  const { project } = call;
  const { store } = project;
  const method = factorMethods[factor.type];
  const isFirst = factor.status === 'unverified';
  audit(call, user, 'verification_attempted', {
    factor_id: factor.id,
    challenge_id: open.id,
    factor_type: factor.type,
  });
  if (isFirst) store.factors.update(factor, { status: 'verified' });
  if (!session)
    throw failure('Cannot read SessionId claim as UUID', { cause: 'uuid: incorrect UUID length 0 in string ""' });
  addClaim(project, session, method);
  const oldest = oldestRefreshToken(project, session);
  audit(call, user, 'token_revoked');
  const token = swapRefreshToken(project, user, session, oldest);
  store.sessions.patch(session, { aal: claimedAal(session), factorId: factor.id });
  const answer = await tokenResponse(project, user, session, token);
  endSessions(project, user, ({ aal }) => aal !== 'aal2');
  for (const other of store.factors.where('user', user.id))
    if (other.status === 'unverified' && other.type === factor.type) deleteFactor(project, other);
  if (isFirst) notify(call, user.email, 'mfa_factor_enrolled', { FactorType: factor.type });
  countSignIn(call, user, 'mfa', { provider: factor.type });
  return answer;
}

/** Deletes a factor, with its challenges. */
export function deleteFactor({ store }: Project, factor: Factor): void {
  for (const challenge of store.challenges.where('factor', factor.id)) store.challenges.delete(challenge);
  store.factors.delete(factor);
}

/** Sessions that were lifted last by this factor fall back to aal1, but live on. */
export function lowerSessions({ store }: Project, factor: Factor): void {
  for (const session of store.sessions.where('factor', factor.id)) {
    const claims = session.claims.filter(({ method }) => method !== factorMethods[factor.type]);
    store.sessions.patch(session, { claims, aal: 'aal1', factorId: undefined });
  }
}

/** Whether this user's password, email and phone can be changed at aal2 only. */
export function hasMfa(project: Project, user: User): boolean {
  return highestAal(project, user) === 'aal2';
}
