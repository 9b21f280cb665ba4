import { accessTokensIn, namedBy, recordingOf } from '../proof/recordings.ts';

/** The claims of an access token, as the Data API passes them to Postgres. */
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
export function recordedClaims(scenario: string, token: string): Claims {
  const exchanges = JSON.parse(JSON.stringify(recordingOf(scenario).exchanges));
  const found = accessTokensIn(exchanges).find(({ name }) => name === `<${token}>`);
  if (!found) throw new Error(`The recording ${scenario} has no <${token}>`);
  return JSON.parse(JSON.stringify(found.claims, (_, value: unknown) => withId(value)));
}

/** Returns an id for a user or session of a recording. The id for `<user 1>` ends in 1. */
export function id(kind: 'user' | 'session', number: string | number): string {
  return `00000000-0000-4000-8000-${kind === 'user' ? 'a' : 'b'}${String(number).padStart(11, '0')}`;
}

function withId(value: unknown): unknown {
  const named = typeof value === 'string' ? namedBy(value) : undefined;
  return named && (named.kind === 'user' || named.kind === 'session') ? id(named.kind, named.number) : value;
}
