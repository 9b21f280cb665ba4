/** The two formats of error responses. */
import { ConstraintError } from '../auth/database-errors.ts';
import { AuthError, Panic, UnhandledError } from '../auth/errors.ts';
import { requestFields, writeLog } from '../auth/log.ts';
import type { Call } from '../auth/project.ts';
import { problemWithDate } from '../go/date.ts';
import { jsonResponse } from './answers.ts';

/** Creates an error response. Callers that send an API version of 2024-01-01 or later get the newer format. */
export function errorResponse(call: Call, error: Error): Response {
  const isNewer = asksForNewerForm(call);
  const headers: Record<string, string> = isNewer ? { 'x-supabase-api-version': '2024-01-01' } : {};
  if (!(error instanceof AuthError)) return unforeseen(call, error, isNewer, headers);
  const { status, code, message, body, constraint } = error;
  call.logged['error'] = error.cause;
  if (!isNewer || code !== 'weak_password') headers['x-sb-error-code'] = code;
  if (isNewer) return jsonResponse(status, { code, message, ...body }, headers);
  if (constraint)
    return jsonResponse(
      500,
      { code: constraint.code, message: constraint.message, detail: constraint.detail },
      headers,
    );
  const errorId = status >= 500 ? call.requestId : undefined;
  return jsonResponse(status, { code: status, error_code: code, msg: message, ...body, error_id: errorId }, headers);
}

/**
 * Responds to an error for which Auth has no code. If Auth wouldn't throw it, it's a bug in the demo project, so it
 * goes to the console instead of hiding behind a polite response.
 */
function unforeseen(call: Call, error: Error, isNewer: boolean, headers: Record<string, string>): Response {
  const hasPanicked = error instanceof Panic;
  if (!hasPanicked) call.logged['error'] = `Unhandled server error: ${error.message}`;
  if (!hasPanicked && !(error instanceof UnhandledError || error instanceof ConstraintError)) console.error(error);
  const message = hasPanicked
    ? 'Internal Server Error'
    : 'Unexpected failure, please check server logs for more information';
  const code = 'unexpected_failure';
  if (isNewer) return jsonResponse(500, { code, message }, headers);
  return jsonResponse(500, { code: 500, error_code: code, msg: message }, headers);
}

function asksForNewerForm(call: Call): boolean {
  const version = call.request.headers.get('x-supabase-api-version') ?? '';
  if (version === '') return false;
  const problem = problemWithDate(version);
  if (problem === undefined) return version >= '2024-01-01';
  writeLog(call.project, {
    ...requestFields(call),
    error: `parsing time ${JSON.stringify(version)}${problem}`,
    level: 'warning',
    msg: 'Invalid version passed to X-Supabase-Api-Version header, defaulting to initial version',
  });
  return false;
}
