/**
 * The format of recordings. client.ts writes them, and everything else reads them. Each scenario has one JSON file with
 * all requests and responses, and everything found in mailboxes, on phones, and in the log. names.ts describes the
 * names that replace what differs from run to run.
 */
import type { Json } from './json.ts';

export interface Request {
  method: string;
  /** The path after `/auth/v1`, with its query. Ids are names such as `<factor 1>`. */
  path: string;
  headers: { [name: string]: Json };
  body?: Json;
}

export interface Answer {
  status: number;
  /** The headers that an app can depend on, sorted by name. A `location` is split into its parts. */
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

/** A step of a scenario: its setup, a call, time that passes, or what was found in a mailbox, on phones, or in the log. */
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
  /** The settings that differ from the defaults, as in config.toml. */
  settings: Json;
  exchanges: RecordedStep[];
}

/** An access token, as recordings show it. */
export interface AccessToken {
  name: string;
  header: { [key: string]: Json };
  claims: { [claim: string]: Json };
}

/** Returns the calls of a scenario, in order. */
export function callsOf({ exchanges }: Pick<Recording, 'exchanges'>): RecordedCall[] {
  return exchanges.filter((step) => 'request' in step);
}

/** Returns the access tokens in a part of a recording, in order. */
export function accessTokensIn(part: Json): AccessToken[] {
  if (typeof part !== 'object' || part === null) return [];
  if (isAccessToken(part)) return [part];
  return Object.values(part).flatMap(accessTokensIn);
}

function isAccessToken(part: object): part is AccessToken {
  return 'name' in part && 'header' in part && 'claims' in part;
}

/** What a name refers to: a kind of thing, and its number. */
export interface Named {
  kind: string;
  number: number;
}

/** Returns the name of a thing, such as `<session 1>`. */
export function nameOf({ kind, number }: Named): string {
  return `<${kind} ${number}>`;
}

/** Returns what a name such as `<session 1>` refers to, or `undefined` for other text. */
export function namedBy(text: string): Named | undefined {
  const [, kind, number] = /^<([\w ]+) (\d+)>$/.exec(text) ?? [];
  return kind ? { kind, number: Number(number) } : undefined;
}

/** Returns the name of an access token: `<aal1 token of session 1>`. Two tokens made within a second are identical. */
export function tokenNameOf(aal: string, session: string): string {
  return `<${aal} token of ${session.slice(1, -1)}>`;
}

/** Returns the name of the session whose access token a request carries: `<session 1>`. */
export function sessionOf({ headers }: Request): string | undefined {
  const session = /^Bearer <aal[12] token of (session \d+)>$/.exec(String(headers['authorization']))?.[1];
  return session && `<${session}>`;
}
