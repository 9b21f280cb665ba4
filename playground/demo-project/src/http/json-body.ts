/** Reads request bodies as JSON. */
import { AuthError } from '../auth/errors.ts';
import type { Call } from '../auth/project.ts';
import { GoJsonError, type Params, parse, parseFirst, type Struct } from '../go/json.ts';
import { maxBody } from './body.ts';

/**
 * Returns the fields of `struct` in the request's body.
 * @throws AuthError 413 if the body is too large, 400 `bad_json` with Go's message
 */
export function readBody<Type extends Struct>(call: Call, struct: Type): Params<Type> {
  if (call.body.length > maxBody / 3 && new TextEncoder().encode(call.body).length > maxBody)
    throw new AuthError(413, 'request_entity_too_large', `Request body too large (max ${maxBody} bytes)`);
  try {
    return parse(call.body, struct);
  } catch (error) {
    if (!(error instanceof GoJsonError)) throw error;
    throw new AuthError(400, 'bad_json', `Could not parse request body as JSON: ${error.message}`);
  }
}

/** Like `readBody`, for the one route of Auth that reads only the first value and ignores the rest. */
export function readFirst<Type extends Struct>(call: Call, struct: Type): Params<Type> {
  try {
    return parseFirst(call.body, struct);
  } catch (error) {
    if (!(error instanceof GoJsonError)) throw error;
    const problem = error.message === 'unexpected end of JSON input' ? 'unexpected EOF' : error.message;
    const message = call.body.trim() === '' ? 'EOF' : problem;
    throw new AuthError(400, 'bad_json', `Could not read verification params: ${message}`, { cause: message });
  }
}
