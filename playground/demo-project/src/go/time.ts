/** Times as Go's time package writes them. */

/** An RFC 3339 time in UTC as Go writes it, without trailing zeros. */
export function timestamp(at: number): string {
  return new Date(at).toISOString().replace(/\.?0*Z$/, 'Z');
}
