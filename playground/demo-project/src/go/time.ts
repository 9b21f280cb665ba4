/** Times as Go's time package writes them. */

/** Formats an RFC 3339 time in UTC the way Go does, without trailing zeros. */
export function timestamp(at: number): string {
  return new Date(at).toISOString().replace(/\.?0*Z$/, 'Z');
}
