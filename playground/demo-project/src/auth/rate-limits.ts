/** Rate limits: how soon another email or text message can be sent. */

import { milliseconds } from '../go/duration.ts';
import { AuthError, type ErrorCode } from './errors.ts';
import type { Project } from './project.ts';

/** Checks the rate limit for emails. @throws AuthError 429 `over_email_send_rate_limit` if the last one is too recent */
export function checkEmailRateLimit(project: Project, sentAt: number | undefined): void {
  const wait = waitingTime(project, sentAt, project.config.auth.email.max_frequency);
  if (wait > 0) throw rateLimitError('over_email_send_rate_limit', wait);
}

/** Returns the milliseconds until another message can be sent. */
export function waitingTime(project: Project, sentAt: number | undefined, frequency: string): number {
  return sentAt === undefined ? Number.NEGATIVE_INFINITY : sentAt + milliseconds(frequency) - project.now();
}

/** Creates a 429 error that says how many seconds to wait, rounded down. */
export function rateLimitError(code: ErrorCode, wait: number): AuthError {
  return new AuthError(
    429,
    code,
    `For security purposes, you can only request this after ${Math.floor(wait / 1000)} seconds.`,
  );
}
