/** The recording files. Only record.ts writes them, from a real server. */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { print } from './json.ts';
import type { Recording } from './recording.ts';

/** The current recordings. */
export const folder = join(import.meta.dirname, 'recordings');

/** Recordings of another server, next to the current ones. drift.ts writes them, and adopt.ts moves them over. */
export const beside = join(import.meta.dirname, 'recordings-beside');

/** Returns the path of a scenario's recording. */
export function pathOf(group: string, { name }: { name: string }, within = folder): string {
  return join(within, group, `${name}.json`);
}

/** Returns the text of a recording and its parsed content. Throws if it doesn't exist. */
export function read(path: string): { text: string; recording: Recording } {
  const text = readFileSync(path, 'utf8');
  return { text, recording: JSON.parse(text) as Recording };
}

/** Returns all recordings as `group/name`. */
export function recorded(within = folder): string[] {
  if (!existsSync(within)) return [];
  return globSync('*/*.json', { cwd: within })
    .map((path) => path.replaceAll('\\', '/').replace(/\.json$/, ''))
    .sort();
}

/** Returns the text of recorded.json: when all scenarios were last recorded or found unchanged, and from which server. */
export function today(server: string): string {
  return `${print({ server, on: new Date().toISOString().slice(0, 10) })}\n`;
}
