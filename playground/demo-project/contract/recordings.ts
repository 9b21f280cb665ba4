/** The files of recordings. Only a real server writes them: see record.ts. */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { print } from './json.ts';
import type { Recording } from './recording.ts';

/** The recordings that hold. */
export const folder = join(import.meta.dirname, 'recordings');

/** Recordings of another server, beside those that hold: drift.ts writes them, adopt.ts moves them over. */
export const beside = join(import.meta.dirname, 'recordings-beside');

/** Where the recording of a scenario lies. */
export function pathOf(group: string, { name }: { name: string }, within = folder): string {
  return join(within, group, `${name}.json`);
}

/** The text of a recording and what it says. Throws if there is none. */
export function read(path: string): { text: string; recording: Recording } {
  const text = readFileSync(path, 'utf8');
  return { text, recording: JSON.parse(text) as Recording };
}

/** All recordings there are, as `group/name`. */
export function recorded(within = folder): string[] {
  if (!existsSync(within)) return [];
  return globSync('*/*.json', { cwd: within })
    .map((path) => path.replaceAll('\\', '/').replace(/\.json$/, ''))
    .sort();
}

/** The text of recorded.json, which says when all scenarios were last recorded, or found unchanged, and from which server. */
export function today(server: string): string {
  return `${print({ server, on: new Date().toISOString().slice(0, 10) })}\n`;
}
