/** UUIDs as github.com/gofrs/uuid reads them. */
import { hex4, quote } from './quote.ts';

export const nilUuid = '00000000-0000-0000-0000-000000000000';

/** Returns the UUID in its usual form, or Go's error message. */
export function decodeUuid(text: string): { uuid: string } | { error: string } {
  const bytes = String.fromCharCode(...new TextEncoder().encode(text));
  const malformed = { error: `uuid: incorrect UUID format in string ${quote(text)}` };
  let plain = bytes;
  if (bytes.length === 34 || bytes.length === 38) {
    if (!/^\{.*\}$/s.test(bytes)) return malformed;
    plain = bytes.slice(1, -1);
  } else if (bytes.length === 41 || bytes.length === 45) {
    if (!bytes.startsWith('urn:uuid:')) return malformed;
    plain = bytes.slice(9);
  } else if (bytes.length !== 32 && bytes.length !== 36)
    return { error: `uuid: incorrect UUID length ${bytes.length} in string ${quote(text)}` };
  const groups =
    /^(.{8})(.{4})(.{4})(.{4})(.{12})$/s.exec(plain) ?? /^(.{8})-(.{4})-(.{4})-(.{4})-(.{12})$/s.exec(plain);
  if (!groups) return malformed;
  const uuid = groups.slice(1).join('-').toLowerCase();
  const bad = /[^\da-f]/i.exec(groups.slice(1).join(''))?.[0];
  return bad === undefined ? { uuid } : { error: `encoding/hex: invalid byte: U+${hex4(bad).toUpperCase()} '${bad}'` };
}

/** Returns the UUID in its usual form for every form that Auth accepts, or `undefined` for other text. */
export function parseUuid(text: string): string | undefined {
  const decoded = decodeUuid(text);
  return 'uuid' in decoded ? decoded.uuid : undefined;
}
