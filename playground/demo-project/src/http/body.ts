/** Reads request bodies as bytes. json-body.ts reads them as JSON. */

/** The largest body that Auth reads, in bytes. */
export const maxBody = 1_048_576;

/** Returns whether the body is a form, which Go parses into values. */
export function isForm({ headers, method }: Request): boolean {
  const [type] = (headers.get('content-type') ?? '').toLowerCase().split(';');
  return type?.trim() === 'application/x-www-form-urlencoded' && /^(POST|PUT|PATCH)$/.test(method);
}

/** Reads the body, and stops once it's clearly too long. For forms, Go's limit is 10 MiB. */
export async function readBytes(request: Request): Promise<Uint8Array> {
  // Firefox doesn't expose the stream.
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
