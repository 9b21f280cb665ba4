/** A refusal of Supabase Auth: `status`, `error_code` and message, from which both body forms are made. */
export class AuthError extends Error {
  readonly status: number;
  readonly code: string;
  /** Further keys of the body: `weak_password`. */
  readonly details: Record<string, unknown>;
  /** What the log says, where that differs from the message. */
  readonly reason: string | undefined;

  constructor(
    status: number,
    code: string,
    message: string,
    { details = {}, reason }: { details?: Record<string, unknown>; reason?: string } = {},
  ) {
    super(message);
    this.status = status;
    this.code = code;
    this.details = details;
    this.reason = reason;
  }
}

export const invalid = (message: string): AuthError => new AuthError(400, 'validation_failed', message);

/** Auth's answer to what it did not foresee. */
export const unexpected = (message = 'Unexpected failure, please check server logs for more information'): AuthError =>
  new AuthError(500, 'unexpected_failure', message);

/** 429, as Auth counts: whole seconds, the rest cut off. */
export function checkFrequency(now: number, sentAt: number | undefined, frequency: number, code: string): void {
  const wait = sentAt === undefined ? 0 : sentAt + frequency - now;
  if (wait <= 0) return;
  throw new AuthError(
    429,
    code,
    `For security purposes, you can only request this after ${Math.floor(wait / 1000)} seconds.`,
  );
}
