/** Bodies of requests. */
import { AuthError } from '../auth/errors.ts';
import type { Call } from '../auth/project.ts';
import { GoJsonError, type Params, parse, parseFirst, type Struct } from '../go/json.ts';

/** The largest body that Auth reads. */
export const maxBody = 1_048_576;

/**
 * The fields of `struct` in the request's body.
 * @throws AuthError 413 for too large a body, 400 `bad_json` with Go's message
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

/** As `readBody`, for the one route of Auth that reads the first value only, whatever comes after it. */
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

/** Is the body a form, which Go reads for its values? */
export function isForm({ headers, method }: Request): boolean {
  const [type] = (headers.get('content-type') ?? '').toLowerCase().split(';');
  return type?.trim() === 'application/x-www-form-urlencoded' && /^(POST|PUT|PATCH)$/.test(method);
}

/** The body, but no more of one that is too long than shows it: Go takes 10 MiB of a form. */
export async function readBytes(request: Request): Promise<Uint8Array> {
  // Firefox doesn't show the stream.
  if (!request.body) return new Uint8Array(await request.arrayBuffer());
  const limit = isForm(request) ? 10 * maxBody : maxBody;
  const chunks: Uint8Array[] = [];
  const reader = request.body.getReader();
  for (let read = 0; read <= limit; ) {
    const { value } = await reader.read();
    if (!value) break;
    chunks.push(value);
    read += value.length;
    if (read > limit) void reader.cancel().catch(() => undefined);
  }
  return new Uint8Array(await new Blob(chunks as BlobPart[]).arrayBuffer());
}
