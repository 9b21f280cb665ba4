import { join } from 'node:path';
import type { Json } from '../../playground/demo-project/contract/json.ts';
import { accessTokensIn, namedBy } from '../../playground/demo-project/contract/recording.ts';
import { folder, read } from '../../playground/demo-project/contract/recordings.ts';

/** The claims of an access token, as a request to the Data API carries them. */
export interface Claims {
  sub: string;
  role: string;
  aal: string;
  [claim: string]: unknown;
}

/**
 * Returns the claims of a token in a recording, by its name there, such as `aal1 token of session 1`. If several match,
 * returns the first. Users and sessions get ids. Times stay as recordings write them, because no policy here reads
 * them. Throws if there's no such token.
 */
export function recordedClaims(recording: string, token: string): Claims {
  const { exchanges } = read(join(folder, `${recording}.json`)).recording;
  const found = accessTokensIn(exchanges as unknown as Json).find(({ name }) => name === `<${token}>`);
  if (!found) throw new Error(`The recording ${recording} has no <${token}>`);
  return JSON.parse(JSON.stringify(found.claims, (_, value: Json) => withId(value))) as Claims;
}

/** Returns the id for a user or session of a recording: the id for `<user 1>` ends in 1. */
export function id(kind: 'user' | 'session', number: string | number): string {
  return `00000000-0000-4000-8000-${kind === 'user' ? 'a' : 'b'}${String(number).padStart(11, '0')}`;
}

function withId(value: Json): Json {
  const named = typeof value === 'string' ? namedBy(value) : undefined;
  return named && (named.kind === 'user' || named.kind === 'session') ? id(named.kind, named.number) : value;
}
