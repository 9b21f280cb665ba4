/** The errors of the flow, as recorded, each with its explanation. */
import { endpointOf } from '../proof/endpoints.ts';
import { callsOf, errorOf, recordings } from '../proof/recordings.ts';
import { type Explanation, explanations, leftOut, type Unrecorded, unrecorded } from './explanations.ts';

/** The endpoints of a reset with MFA, and what calls them: methods of supabase-js, or the reader's browser. */
const callers: { [endpoint: string]: string } = {
  'POST /recover': 'resetPasswordForEmail()',
  'GET /verify': 'the link in a mail',
  'POST /verify': 'verifyOtp()',
  'POST /token?grant_type=pkce': 'exchangeCodeForSession()',
  'POST /token?grant_type=password': 'signInWithPassword()',
  'POST /token?grant_type=refresh_token': 'refreshSession()',
  'GET /user': 'getUser()',
  'PUT /user': 'updateUser()',
  'POST /factors': 'mfa.enroll()',
  'POST /factors/{id}/challenge': 'mfa.challenge()',
  'POST /factors/{id}/verify': 'mfa.verify()',
  'DELETE /factors/{id}': 'mfa.unenroll()',
  'GET /reauthenticate': 'reauthenticate()',
  'POST /logout': 'signOut()',
  'POST /otp': 'signInWithOtp()',
  'POST /resend': 'resend()',
};

export interface FlowError extends Unrecorded {
  /** What differs from case to case is "…". */
  message: string;
  /** The first recording that has it. */
  proof?: string;
}

/**
 * One error for each code, status and message. Throws when a code of the flow is neither explained nor left out, and when an explanation
 * is of a code or a message that was never recorded.
 */
function errorsOfTheFlow(): FlowError[] {
  const errors = new Map<string, FlowError>();
  for (const { endpoint, code, status, message, recording } of allErrors()) {
    const caller = callerOf(endpoint, status);
    if (!caller || code in leftOut) continue;
    const key = `${code} ${status} ${message}`;
    const { cause, fix, callers } = explain(code, message);
    const error = errors.get(key) ?? {
      code,
      status,
      message,
      callers: callers ?? [],
      proof: recording.scenario,
      cause: [cause, ...inSupabaseJs(code, status)].join(' '),
      fix,
    };
    if (!callers && !error.callers.includes(caller)) error.callers.push(caller);
    errors.set(key, error);
  }
  const found = [...errors.values()];
  for (const [code, { messages = {} }] of Object.entries(explanations)) {
    for (const message of [undefined, ...Object.keys(messages)]) {
      if (!found.some((error) => error.code === code && (message === undefined || error.message === message)))
        throw new Error(`No recording has the error ${code} ${message ?? ''} that src/errors/explanations.ts explains`);
    }
  }
  const order = Object.keys(explanations);
  return found.sort((a, b) => order.indexOf(a.code) - order.indexOf(b.code) || a.status - b.status);
}

/** supabase-js keeps these answers to itself: for it the user is signed out then. */
function callerOf(endpoint: string, status: number): string | undefined {
  return endpoint === 'POST /logout' && [401, 403, 404].includes(status) ? undefined : callers[endpoint];
}

/** What supabase-js makes of an answer, where that isn't an error with its code and status. */
function inSupabaseJs(code: string, status: number): string[] {
  if (code === 'session_not_found')
    return ['supabase-js turns it into `AuthSessionMissingError: Auth session missing!`, status 400, without a code.'];
  return status >= 500 ? ['supabase-js turns it into `AuthRetryableFetchError`, without a code.'] : [];
}

function explain(code: string, message: string): Explanation {
  const explanation = explanations[code];
  if (!explanation) throw new Error(`src/errors/explanations.ts says nothing of ${code}, which a recording has`);
  return explanation.messages?.[message] ?? explanation;
}

/** What is quoted, what a recording has a name for, and what is wrong with a token that cannot be read. */
const whatDiffers = /(?<=")[^"]*(?=")|<[^>]*>|(?<=verify signature, )(?!token has invalid claims).*|(?<=as JSON: ).*/g;

function allErrors() {
  return recordings.flatMap((recording) =>
    callsOf(recording).flatMap(({ request, response }) => {
      const error = errorOf(response);
      if (!error) return [];
      const message = error.message.replace(whatDiffers, '…');
      return [{ endpoint: endpointOf(request), status: response.status, code: error.code, message, recording }];
    }),
  );
}

export const errors: FlowError[] = [...errorsOfTheFlow(), ...unrecorded];

/** Codes that only other calls get, with the endpoints that give them. */
export const otherCodes: [code: string, endpoints: string[]][] = [...Map.groupBy(allErrors(), ({ code }) => code)]
  .filter(([code]) => !(code in explanations) && !(code in leftOut))
  .map(([code, all]): [string, string[]] => [code, [...new Set(all.map(({ endpoint }) => endpoint))].sort()])
  .sort(([a], [b]) => a.localeCompare(b));
