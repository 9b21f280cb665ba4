import { goJson } from '../go/json-writer.ts';

/** Creates a JSON response, written the way Go does. */
export function jsonResponse(status: number, body: unknown, headers: Record<string, string> = {}): Response {
  return new Response(goJson(body), { status, headers: { 'content-type': 'application/json', ...headers } });
}
