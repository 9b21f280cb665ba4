import { goJson } from '../go/json-writer.ts';

/** An answer in JSON, as Go writes it. */
export function jsonResponse(status: number, body: unknown, headers: Record<string, string> = {}): Response {
  return new Response(goJson(body), { status, headers: { 'content-type': 'application/json', ...headers } });
}
