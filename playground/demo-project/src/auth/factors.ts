/** Second factors: enrolling them, challenging them, and what changes after a correct answer. */

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

/**
 * Five minutes, which is also Auth's minimum. Applies to challenges, and to enrolled factors that were never
 * challenged.
 */
const lifetime = fiveMinutes;

export const factorNames = { totp: 'TOTP', phone: 'Phone', webauthn: 'WebAuthn' } as const satisfies Record<
  Factor['type'],
  string
>;

/** Returns the factor in the path, which must belong to this user. @throws AuthError 404 */
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

/** Returns the factor in the path, which must belong to the caller. */
export async function ownFactor(call: Call): Promise<Factor> {
  return factorOf(call, (await authenticateNamed(call)).user);
}

/** Returns the factor in the path, which must belong to the user in the path. */
export function factorOfUserInPath(call: Call): Factor {
  return factorOf(call, userInPath(call));
}

/**
 * Checks an enrollment in Auth's order.
 * @throws AuthError 422, and 403 `insufficient_aal` at aal1 if the user has a verified factor
 */
export function checkEnrollment(project: Project, user: User, session: Session, friendlyName: string): void {
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

/** Every enrollment, successful or not, deletes old unverified factors without a challenge, for all users. */
function clearAbandoned(project: Project): void {
  const { factors } = project.store;
  for (const index of ['again', 'new']) {
    for (const factor of factors.each('idle', index)) {
      // The factors are sorted by age, so the rest are younger.
      if (factor.createdAt + lifetime >= project.now()) break;
      deleteFactor(project, factor);
    }
  }
  project.store.commit();
}

/** Creates a challenge of a factor. `fit` is what the answer is checked against. */
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

/** Creates a challenge of a phone factor and sends the text message. @throws AuthError 429 `over_sms_send_rate_limit` */
export function challengePhone(call: Call, user: User, factor: Factor): Challenge {
  const { max_frequency: frequency, otp_length: length } = call.project.config.auth.mfa.phone;
  const wait = waitingTime(call.project, factor.lastChallengedAt, frequency);
  if (wait >= 0) throw rateLimitError('over_sms_send_rate_limit', wait);
  const code = randomDigits(length);
  sendText(call, user, factor.phone, code, 'mfa');
  return challenge(call, factor, { otpCode: code });
}

/** Returns seconds since the epoch. */
export function challengeExpiry({ createdAt }: Challenge): number {
  return Math.floor((createdAt + lifetime) / 1000);
}

function isExpired(project: Project, { createdAt }: Challenge): boolean {
  return project.now() > createdAt + lifetime;
}

/** Returns the challenge that is being answered. @throws AuthError 422, checked in Auth's order */
export function openChallenge({ project, ip }: Call, factor: Factor, id: string): Challenge {
  const { store } = project;
  const open = store.challenges.get(id);
  if (open?.factorId !== factor.id)
    throw new AuthError(422, 'mfa_factor_not_found', 'MFA factor with the provided challenge ID not found');
  // Auth uses the same message for a challenge that was already verified.
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

/** Marks the challenge as verified if the code is right. @throws AuthError 422 `mfa_verification_failed` */
export function checkCode(project: Project, factor: Factor, open: Challenge, code: string): void {
  if (factor.type === 'totp') checkTotp(project, factor, code);
  else if (code !== open.otpCode) throw new AuthError(422, 'mfa_verification_failed', 'Invalid MFA Phone code entered');
  project.store.challenges.update(open, { verifiedAt: project.now() });
}

/** Accepts six digits, up to one step early or late. As in Auth, a code can be used again while it's valid. */
function checkTotp(project: Project, { secret = '' }: Factor, code: string): void {
  const token = code.trim();
  if (/^\d{6}$/.test(token) && isTotpCode(secret, token, project.now())) return;
  const hasLength = new TextEncoder().encode(token).length === 6;
  const details = hasLength ? {} : { cause: 'Input length unexpected' };
  throw new AuthError(422, 'mfa_verification_failed', 'Invalid TOTP code entered', details);
}

/**
 * Raises the session to aal2. The session keeps its id and gets new tokens. Ends all of the user's sessions that are
 * still aal1, and deletes unverified factors of the same type. The response still shows those.
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

/** Deletes a factor and its challenges. */
export function deleteFactor({ store }: Project, factor: Factor): void {
  for (const challenge of store.challenges.where('factor', factor.id)) store.challenges.delete(challenge);
  store.factors.delete(factor);
}

/** Lowers the sessions that this factor last raised back to aal1. They don't end. */
export function lowerSessions({ store }: Project, factor: Factor): void {
  for (const session of store.sessions.where('factor', factor.id)) {
    const claims = session.claims.filter(({ method }) => method !== factorMethods[factor.type]);
    store.sessions.patch(session, { claims, aal: 'aal1', factorId: undefined });
  }
}

/** Returns whether this user needs aal2 to change the password, email, or phone. */
export function hasMfa(project: Project, user: User): boolean {
  return highestAal(project, user) === 'aal2';
}
