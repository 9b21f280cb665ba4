/**
 * Replaces current recordings with the new ones from `npm run drift`: `npm run adopt [-- group or scenario …]`. Without
 * names, adopts all of them. The others stay in their folder, so you can move to a new version of Auth in steps.
 */
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beside, folder, recorded } from './recordings.ts';

/**
 * Moves recordings to another folder and returns their names as `group/name`. Moving the last one also moves
 * recorded.json, next to the target folder.
 */
export function adopt(names: string[], { from = beside, to = folder } = {}): string[] {
  const isNamed = (path: string) =>
    names.length === 0 || [...path.split('/'), path].some((part) => names.includes(part));
  const adopted = recorded(from).filter(isNamed);
  for (const path of adopted) {
    mkdirSync(dirname(join(to, path)), { recursive: true });
    renameSync(join(from, `${path}.json`), join(to, `${path}.json`));
  }
  if (adopted.length > 0 && recorded(from).length === 0) {
    const date = join(from, 'recorded.json');
    if (existsSync(date)) renameSync(date, join(dirname(to), 'recorded.json'));
    rmSync(from, { recursive: true });
  }
  return adopted;
}

if (import.meta.main) {
  const adopted = adopt(process.argv.slice(2));
  if (adopted.length === 0)
    console.error('There is no such recording to adopt. `npm run drift -- --all` records them.');
  else console.log(`${adopted.length} recordings adopted. \`git diff\` shows what changed.`);
  process.exitCode = adopted.length === 0 ? 1 : 0;
}
