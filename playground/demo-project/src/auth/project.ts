import type { Config } from '../config.ts';
import type { Json, Store } from '../store.ts';

/** What the rules stand on: one project, its tables, its settings and its clock. */
export interface Project {
  readonly store: Store;
  readonly config: Config;
  /** Milliseconds since the epoch. */
  now(): number;
}

/** One request, as the rules see it. */
export interface Call {
  readonly project: Project;
  readonly request: Request;
  readonly url: URL;
  /** The origin under which the caller reaches the project. */
  readonly origin: string;
  /** The body as text; empty for a form, which Auth reads as form values. */
  readonly body: string;
  readonly ip: string;
  /** Where the flow may lead back to: the validated `redirect_to`, or the site's URL. */
  readonly redirectTo: string;
  readonly requestId: string;
  /** Headers of the answer, beside those that every answer has. */
  readonly headers: Headers;
  /** What the request's log line says beside the usual. */
  readonly logged: { [key: string]: Json };
}

/** 40 hexadecimal digits would do; Auth's ids are UUIDs. */
export const newId = (): string => crypto.randomUUID();

/** Random digits, as in a one-time code. */
export function randomDigits(length: number): string {
  return [...crypto.getRandomValues(new Uint32Array(length))].map((value) => value % 10).join('');
}

/** An RFC 3339 time in UTC as Go writes it, without trailing zeros. */
export function timestamp(at: number): string {
  return new Date(at).toISOString().replace(/\.?0*Z$/, 'Z');
}
