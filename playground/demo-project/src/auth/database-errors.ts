/** What Postgres refuses, and what Auth makes of that. */

import { goJson } from '../go/json-writer.ts';
import { AuthError, failure, UnhandledError } from './errors.ts';

/** Text that Postgres doesn't take: a NUL character, or bytes that are no UTF-8. */
export class TextError extends UnhandledError {
  constructor() {
    super('ERROR: unsupported Unicode escape sequence (SQLSTATE 22P05)');
  }
}

/** A constraint of the database that a change would break. */
export class ConstraintError extends Error {
  readonly code = '23505';
  readonly detail: string;

  constructor(constraint: string, detail: string) {
    super(`duplicate key value violates unique constraint "${constraint}"`);
    this.detail = detail;
  }
}

/** @throws TextError for a NUL character anywhere in it: Postgres keeps none */
export function checkText(value: unknown): void {
  if (/(?<!\\)(?:\\\\)*\\u0000/.test(goJson(value))) throw new TextError();
}

/** What `change` gives. @throws AuthError 500 with this message for a broken constraint, or text that the database doesn't take */
export function mapDatabaseErrors<Result>(message: string, change: () => Result): Result {
  try {
    return change();
  } catch (error) {
    if (error instanceof TextError) throw failure(message, { cause: error.message });
    if (!(error instanceof ConstraintError)) throw error;
    throw failure(message, { cause: `ERROR: ${error.message} (SQLSTATE ${error.code})`, constraint: error });
  }
}

/** As `mapDatabaseErrors`, where a refusal of Auth is told in these words as well: within a transaction of an admin. */
export function mapAdminErrors<Result>(message: string, change: () => Result): Result {
  return mapDatabaseErrors(message, () => {
    try {
      return change();
    } catch (error) {
      throw error instanceof AuthError ? failure(message, { cause: error.reason }) : error;
    }
  });
}
