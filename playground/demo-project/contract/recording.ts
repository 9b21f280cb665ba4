/** Recordings: one file per scenario, written from a real server only. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Json, print } from './json.ts';
import { type ProfileName, profiles } from './profiles.ts';
import type { Exchange } from './project.ts';
import type { Scenario } from './scenario.ts';

export interface Recording {
  scenario: string;
  title: string;
  server: { name: string; version: string };
  settings: Json;
  exchanges: Exchange[];
}

export const folder = join(import.meta.dirname, 'recordings');

/** Where the recording of a scenario lies. */
export function pathOf(group: string, scenario: Scenario): string {
  return join(folder, group, `${scenario.name}.json`);
}

/** What is not shown of signing keys: with it anybody can sign. */
const privateParts = ['d', 'p', 'q', 'dp', 'dq', 'qi'];

/** The settings of a profile as recordings show them. */
function settingsOf(profile: ProfileName): Json {
  const text = JSON.stringify(profiles[profile].config, (key, value: Json) =>
    privateParts.includes(key) ? undefined : value,
  );
  return JSON.parse(text) as Json;
}

/** The text of a recording: the same exchanges give the same text. */
export function textOf({ name, title, profile }: Scenario, server: Recording['server'], exchanges: Exchange[]): string {
  const recording: Recording = { scenario: name, title, server, settings: settingsOf(profile), exchanges };
  return `${print(recording as unknown as Json)}\n`;
}

/** The text of a recording and what it says. Throws if there is none. */
export function read(path: string): { text: string; recording: Recording } {
  const text = readFileSync(path, 'utf8');
  return { text, recording: JSON.parse(text) as Recording };
}

/** All recordings there are, as `group/name`. */
export function recorded(): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.json'))
    .map((path) => path.replaceAll('\\', '/').replace(/\.json$/, ''))
    .sort();
}
