import { join } from 'node:path';
import { folder, read } from '../../playground/demo-project/contract/recording.ts';

/** The claims of an access token as a request to the Data API carries them. */
export interface Claims {
  sub: string;
  role: string;
  aal: string;
  [claim: string]: unknown;
}

/**
 * The claims of a token in a recording, by the name that the recording gives it, such as `aal1 token of session 1`; of several, the first.
 * Users and sessions get ids; times stay as recordings write them, as no policy here reads them. Throws when there is no such token.
 */
export function recordedClaims(recording: string, token: string): Claims {
  const { text } = read(join(folder, `${recording}.json`));
  const withIds = text.replace(
    /"<(user|session) (\d+)>"/g,
    (_, kind: 'user' | 'session', number: string) => `"${id(kind, number)}"`,
  );
  const claims = find(JSON.parse(withIds), `<${token}>`);
  if (!claims) throw new Error(`The recording ${recording} has no <${token}>`);
  return claims;
}

/** The id that a user or a session of a recording gets: `<user 1>` ends in 1. */
export function id(kind: 'user' | 'session', number: string | number): string {
  return `00000000-0000-4000-8000-${kind === 'user' ? 'a' : 'b'}${String(number).padStart(11, '0')}`;
}

function find(value: unknown, name: string): Claims | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const token = value as { name?: string; claims?: Claims };
  if (token.name === name && token.claims) return token.claims;
  for (const inner of Object.values(value)) {
    const found = find(inner, name);
    if (found) return found;
  }
  return undefined;
}
