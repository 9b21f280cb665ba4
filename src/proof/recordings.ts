/**
 * What a real Supabase Auth was recorded to answer, one recording per scenario. No other module of the guide reads tests/auth/recordings;
 * what a recording consists of is said in tests/auth/recording.ts and, exchange by exchange, in tests/auth/project.ts.
 */
import { globSync, readFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import type { Recording as RecordedScenario } from '../../tests/auth/recording.ts';

export interface Recording extends RecordedScenario {
  /** What the scenario is about, in one word: the name of its folder. */
  group: string;
}

/** All recordings, by group and, in a group, by name. */
export const recordings: readonly Recording[] = globSync('tests/auth/recordings/*/*.json')
  .sort()
  .map((path) => ({ group: basename(dirname(path)), ...(JSON.parse(readFileSync(path, 'utf8')) as RecordedScenario) }));

const byName = new Map(recordings.map((recording) => [recording.scenario, recording]));

/** The recording of a scenario. Throws when there is none of this name. */
export function recordingOf(scenario: string): Recording {
  const recording = byName.get(scenario);
  if (!recording) throw new Error(`No scenario is called "${scenario}": see tests/auth/recordings/*/*.json`);
  return recording;
}

/** The server that a recording was made from, in a reader's words: "Supabase Auth v2.196.0". */
export function serverOf({ server }: Recording): string {
  return `Supabase Auth ${server.version.replace(/-.*/, '')}`;
}
