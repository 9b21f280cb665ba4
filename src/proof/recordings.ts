/**
 * What a real Supabase Auth was recorded to answer, one recording per scenario. No other module of the guide reads playground/demo-project/contract/recordings;
 * playground/demo-project/contract/project.ts says what is recorded.
 */
import { globSync, readFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import type { Json } from '../../playground/demo-project/contract/json.ts';
import type { Recording as RecordedScenario } from '../../playground/demo-project/contract/recording.ts';

export interface Request {
  method: string;
  path: string;
  headers: { [name: string]: Json };
  body?: Json;
}

export interface Response {
  status: number;
  headers: { [name: string]: Json };
  body: Json;
}

export interface Mail {
  from: string;
  to: string;
  subject: string;
  links: Json[];
  html: string;
}

/** One thing that happened in a scenario: what the scene is, a call, time that passed, or what was found in a mailbox, on phones, in the log. */
export type Step =
  | { given: string }
  | { request: Request; response: Response }
  | { advance: string }
  | { mails: Mail[]; to: string }
  | { texts: Json[] }
  | { log: Json[] };

export interface Recording extends Omit<RecordedScenario, 'exchanges'> {
  /** What the scenario is about, in a word: the name of its folder. */
  group: string;
  exchanges: Step[];
}

/** The groups of scenarios, in the order of a reader's interest, and what they are about. */
export const groups: { [group: string]: string } = {
  recover: 'Recovery',
  reach: 'What a recovery session and a guesser still reach',
  user: 'Changing password, e-mail address and phone number',
  factors: 'Factors',
  'phone-factors': 'Phone factors',
  webauthn: 'WebAuthn factors and passkeys',
  'lost-factor': 'Lost factors and ended sessions',
  sessions: 'Sessions',
  account: 'Confirmation, reauthentication and current password',
  token: 'Signing in, refreshing and exchanging codes',
  verify: 'Links, hashes and typed codes',
  mails: 'Mail templates',
  routes: 'Endpoints and their methods',
  otp: 'Magic links and one-time passwords',
  'sign-up': 'Signing up',
  admin: 'Administration',
  settings: 'Settings',
  limits: 'Rate limits, captcha, hooks, and what else a setting refuses',
  http: 'HTTP and tokens in general',
  'bad-input': 'Input that no app should send',
  edges: 'Rules at their edges',
  inbox: 'Reading mail',
};

/** All recordings, in the order of their groups and, in a group, by name. Throws when a group has no heading. */
export const recordings: readonly Recording[] = globSync('playground/demo-project/contract/recordings/*/*.json')
  .map((path): Recording => ({ group: basename(dirname(path)), ...JSON.parse(readFileSync(path, 'utf8')) }))
  .sort((a, b) => rank(a.group) - rank(b.group) || a.scenario.localeCompare(b.scenario, 'en'));

function rank(group: string): number {
  const rank = Object.keys(groups).indexOf(group);
  if (rank < 0) throw new Error(`src/proof/recordings.ts has no heading for the scenarios in "${group}"`);
  return rank;
}

/** The day, as 2026-11-24, on which all scenarios of the default settings were last recorded, or found unchanged. */
export const recordedOn: string = JSON.parse(readFileSync('playground/demo-project/contract/recorded.json', 'utf8')).on;

const byName = new Map(recordings.map((recording) => [recording.scenario, recording]));

/** The recording of a scenario. Throws when there is none of this name. */
export function recordingOf(scenario: string): Recording {
  const recording = byName.get(scenario);
  if (!recording)
    throw new Error(`No scenario is called "${scenario}": see playground/demo-project/contract/recordings/*/*.json`);
  return recording;
}

/** The server that a recording was made from, in a reader's words: "Supabase Auth v2.196.0". */
export function serverOf({ server }: Recording): string {
  return `Supabase Auth ${server.version.replace(/-.*/, '')}`;
}

/** The calls of a scenario, in their order. */
export function callsOf({ exchanges }: Recording): { request: Request; response: Response }[] {
  return exchanges.filter((step) => 'request' in step);
}

/**
 * The error that an answer is, in either form of errors, or that a redirect carries in its address; undefined for any other answer.
 * Only what has a code counts: the router's own 404 and 405 have none.
 */
export function errorOf({ status, headers, body }: Response): { code: string; message: string } | undefined {
  const { query, fragment } = fieldsOf(headers['location']);
  const address = { ...fieldsOf(fragment), ...fieldsOf(query) }; // the fragment's is encoded twice
  const answer = fieldsOf(body);
  const code = address['error_code'] ?? answer['error_code'] ?? answer['code'];
  if (typeof code !== 'string' || code === `${status}`) return undefined; // one answer that is no error has its status as code
  const message =
    answer['message'] ?? answer['msg'] ?? decodeURIComponent(String(address['error_description']).replaceAll('+', ' '));
  return { code, message: String(message) };
}

function fieldsOf(json: Json | undefined): { [key: string]: Json } {
  return typeof json === 'object' && json !== null && !Array.isArray(json) ? json : {};
}
