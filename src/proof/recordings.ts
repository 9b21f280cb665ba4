/**
 * What a real Supabase Auth was recorded to answer, one recording per scenario. No other module of the guide reads playground/demo-project/contract/recordings;
 * playground/demo-project/contract/recording.ts says what is in them.
 */
import { globSync, readFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import type { Json } from '../../playground/demo-project/contract/json.ts';
import type { Answer, Recording as RecordedScenario } from '../../playground/demo-project/contract/recording.ts';

export { callsOf } from '../../playground/demo-project/contract/recording.ts';

export interface Recording extends RecordedScenario {
  /** What the scenario is about, in a word: the name of its folder. */
  group: string;
}

const folder = 'playground/demo-project/contract/recordings';

/** The groups of scenarios and what they are about: recovery first, which is what readers come for, the others by their headings. */
export const groups: readonly [group: string, heading: string][] = Object.entries<string>(
  JSON.parse(readFileSync(`${folder}/headings.json`, 'utf8')),
).sort(
  ([a, first], [b, second]) => Number(b === 'recover') - Number(a === 'recover') || first.localeCompare(second, 'en'),
);

/** All recordings, in the order of their groups and, in a group, by name. */
export const recordings: readonly Recording[] = globSync(`${folder}/*/*.json`)
  .map((path): Recording => ({ group: basename(dirname(path)), ...JSON.parse(readFileSync(path, 'utf8')) }))
  .sort((a, b) => rank(a) - rank(b) || a.scenario.localeCompare(b.scenario, 'en'));

function rank({ group }: Recording): number {
  return groups.findIndex(([name]) => name === group);
}

/** The day, as 2026-11-24, on which all scenarios were last recorded, or found unchanged. */
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

/** How many scenarios were recorded from each version of the server, the most first. There are several while the guide moves to a new one. */
export const versions: readonly [version: string, scenarios: number][] = [
  ...Map.groupBy(recordings, ({ server }) => server.version),
]
  .map(([version, all]): [string, number] => [version, all.length])
  .sort(([, a], [, b]) => b - a);

/**
 * The error that an answer is, in either form of errors, or that a redirect carries in its address; undefined for any other answer.
 * Only what has a code counts: the router's own 404 and 405 have none.
 */
export function errorOf({ status, headers, body }: Answer): { code: string; message: string } | undefined {
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
