/** What Postgres rejects, and the errors that Auth turns that into. */

import { goJson } from '../go/json-writer.ts';
import { AuthError, failure, UnhandledError } from './errors.ts';

/** Text that Postgres rejects: a NUL character, or invalid UTF-8. */
export class TextError extends UnhandledError {
  constructor() {
    super('ERROR: unsupported Unicode escape sequence (SQLSTATE 22P05)');
  }
}

/** A change that would violate a constraint of the database. */
export class ConstraintError extends Error {
  readonly code = '23505';
  readonly detail: string;

  constructor(constraint: string, detail: string) {
    super(`duplicate key value violates unique constraint "${constraint}"`);
    this.detail = detail;
  }
}

/** @throws TextError if the value contains a NUL character, which Postgres can't store */
export function checkText(value: unknown): void {
  if (/(?<!\\)(?:\\\\)*\\u0000/.test(goJson(value))) throw new TextError();
}

/**
 * Runs `change` and returns its result.
 * @throws AuthError 500 with this message for a violated constraint or text that the database rejects
 */
export function mapDatabaseErrors<Result>(message: string, change: () => Result): Result {
  try {
    return change();
  } catch (error) {
    if (error instanceof TextError) throw failure(message, { cause: error.message });
    if (!(error instanceof ConstraintError)) throw error;
    throw failure(message, { cause: `ERROR: ${error.message} (SQLSTATE ${error.code})`, constraint: error });
  }
}

/** Like `mapDatabaseErrors`, but also replaces the message of an AuthError, as Auth does in an admin's transaction. */
export function mapAdminErrors<Result>(message: string, change: () => Result): Result {
  return mapDatabaseErrors(message, () => {
    try {
      return change();
    } catch (error) {
      throw error instanceof AuthError ? failure(message, { cause: error.reason }) : error;
    }
  });
}
