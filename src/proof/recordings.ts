/**
 * What a real Supabase Auth answered, one recording per scenario. Only this module of the guide reads
 * playground/demo-project/contract/recordings. playground/demo-project/contract/recording.ts describes their format.
 */
import { globSync, readFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import type { Json } from '../../playground/demo-project/contract/json.ts';
import type { Answer, Recording as RecordedScenario } from '../../playground/demo-project/contract/recording.ts';

export { accessTokensIn, callsOf, namedBy } from '../../playground/demo-project/contract/recording.ts';

export interface Recording extends RecordedScenario {
  /** The scenario's topic in one word: the name of its folder. */
  group: string;
}

const folder = 'playground/demo-project/contract/recordings';

/** The groups of scenarios and their headings: recovery first, because readers come for it, and the rest alphabetically. */
export const groups: readonly [group: string, heading: string][] = Object.entries<string>(
  JSON.parse(readFileSync(`${folder}/headings.json`, 'utf8')),
).sort(
  ([a, first], [b, second]) => Number(b === 'recover') - Number(a === 'recover') || first.localeCompare(second, 'en'),
);

/** All recordings, in the order of their groups, and by name within a group. */
export const recordings: readonly Recording[] = globSync(`${folder}/*/*.json`)
  .map((path): Recording => ({ group: basename(dirname(path)), ...JSON.parse(readFileSync(path, 'utf8')) }))
  .sort((a, b) => rank(a) - rank(b) || a.scenario.localeCompare(b.scenario, 'en'));

function rank({ group }: Recording): number {
  return groups.findIndex(([name]) => name === group);
}

/** The day (such as 2026-11-24) on which all scenarios were last recorded or found unchanged. */
export const recordedOn: string = JSON.parse(readFileSync('playground/demo-project/contract/recorded.json', 'utf8')).on;

const byName = new Map(recordings.map((recording) => [recording.scenario, recording]));

/** Returns the recording of a scenario. Throws if the name is unknown. */
export function recordingOf(scenario: string): Recording {
  const recording = byName.get(scenario);
  if (!recording)
    throw new Error(`No scenario is called "${scenario}": see playground/demo-project/contract/recordings/*/*.json`);
  return recording;
}

/** Returns the server that a recording comes from, for readers: "Supabase Auth v2.196.0". */
export function serverOf({ server }: Recording): string {
  return `Supabase Auth ${server.version.replace(/-.*/, '')}`;
}

/**
 * How many scenarios were recorded from each version of the server, sorted by that number. There are several versions
 * while the guide moves to a new one.
 */
export const versions: readonly [version: string, scenarios: number][] = [
  ...Map.groupBy(recordings, ({ server }) => server.version),
]
  .map(([version, all]): [string, number] => [version, all.length])
  .sort(([, a], [, b]) => b - a);

/**
 * Returns the error in an answer, in either format, or in the address of a redirect. Undefined for any other answer. An
 * error must have a code, which the router's own 404 and 405 don't.
 */
export function errorOf({ status, headers, body }: Answer): { code: string; message: string } | undefined {
  const { query, fragment } = fieldsOf(headers['location']);
  const address = { ...fieldsOf(fragment), ...fieldsOf(query) }; // the fragment's values are encoded twice
  const answer = fieldsOf(body);
  const code = address['error_code'] ?? answer['error_code'] ?? answer['code'];
  if (typeof code !== 'string' || code === `${status}`) return undefined; // one answer that isn't an error has its status as code
  const message =
    answer['message'] ?? answer['msg'] ?? decodeURIComponent(String(address['error_description']).replaceAll('+', ' '));
  return { code, message: String(message) };
}

function fieldsOf(json: Json | undefined): { [key: string]: Json } {
  return typeof json === 'object' && json !== null && !Array.isArray(json) ? json : {};
}
