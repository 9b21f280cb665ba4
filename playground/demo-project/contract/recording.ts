/**
 * The format of recordings: what client.ts writes and everybody else reads. A recording is one JSON file per scenario, with everything that was
 * sent and answered, and what was found in mailboxes, on phones and in the log. names.ts says what stands there instead of what differs from run to run.
 */
import type { Json } from './json.ts';

export interface Request {
  method: string;
  /** From `/auth/v1` on, with its query. An id in it is a name such as `<factor 1>`. */
  path: string;
  headers: { [name: string]: Json };
  body?: Json;
}

export interface Answer {
  status: number;
  /** Those that an app can depend on, sorted by name. A `location` is a link by its parts. */
  headers: { [name: string]: Json };
  body: Json;
}

export interface RecordedMail {
  from: string;
  to: string;
  subject: string;
  links: Json[];
  html: string;
}

/** One thing that happened in a scenario: what the scene is, a call, time that passed, or what was found in a mailbox, on phones, in the log. */
export type RecordedStep =
  | { given: string }
  | { request: Request; response: Answer }
  | { advance: string }
  | { mails: RecordedMail[]; to: string }
  /** Payloads of the send-SMS hook. */
  | { texts: Json[] }
  | { log: Json[] };

export type RecordedCall = Extract<RecordedStep, { request: Request }>;

export interface Recording {
  scenario: string;
  title: string;
  server: { name: string; version: string };
  /** What is set otherwise than by default, as in config.toml. */
  settings: Json;
  exchanges: RecordedStep[];
}

/** An access token as recordings show it. */
export interface AccessToken {
  name: string;
  header: { [key: string]: Json };
  claims: { [claim: string]: Json };
}

/** The calls of a scenario, in their order. */
export function callsOf({ exchanges }: Pick<Recording, 'exchanges'>): RecordedCall[] {
  return exchanges.filter((step) => 'request' in step);
}

/** The access tokens in a part of a recording, in their order. */
export function accessTokensIn(part: Json): AccessToken[] {
  if (typeof part !== 'object' || part === null) return [];
  if (isAccessToken(part)) return [part];
  return Object.values(part).flatMap(accessTokensIn);
}

function isAccessToken(part: object): part is AccessToken {
  return 'name' in part && 'header' in part && 'claims' in part;
}

/** What a name stands for: the kind of thing, and which of its kind. */
export interface Named {
  kind: string;
  number: number;
}

/** The name of a thing, such as `<session 1>`. */
export function nameOf({ kind, number }: Named): string {
  return `<${kind} ${number}>`;
}

/** What a name such as `<session 1>` stands for, undefined for any other text. */
export function namedBy(text: string): Named | undefined {
  const [, kind, number] = /^<([\w ]+) (\d+)>$/.exec(text) ?? [];
  return kind ? { kind, number: Number(number) } : undefined;
}

/** The name of an access token: `<aal1 token of session 1>`. Two that are made within a second are the same. */
export function tokenNameOf(aal: string, session: string): string {
  return `<${aal} token of ${session.slice(1, -1)}>`;
}

/** The session whose access token a request carries, by its name: `<session 1>`. */
export function sessionOf({ headers }: Request): string | undefined {
  const session = /^Bearer <aal[12] token of (session \d+)>$/.exec(String(headers['authorization']))?.[1];
  return session && `<${session}>`;
}
