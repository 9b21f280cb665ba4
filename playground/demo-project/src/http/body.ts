/** Bodies of requests, before they are read as JSON: see json-body.ts. */

/** The largest body that Auth reads. */
export const maxBody = 1_048_576;

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
