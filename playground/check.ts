#!/usr/bin/env node
/**
 * Type-checks the playground: `node playground/check.ts`. Examples in plain TypeScript are checked with the runtime's
 * TypeScript 7, which takes a tenth of the time of their own. Theirs is version 6, because 7 is native code, which
 * StackBlitz can't run. `npm run test:all` uses it.
 *
 * Continues after a failure, so that one run reports everything. Exits with 1 if a folder has an error.
 */
import { spawnSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Runs a script of a folder's package.json, and shows its output. Sets the exit code to 1 if it fails. */
function run(folder: string, script: string, ...args: string[]): void {
  const { status } = spawnSync(process.execPath, ['--run', script, '--', ...args], {
    cwd: join(import.meta.dirname, folder),
    stdio: 'inherit',
  });
  if (status !== 0) process.exitCode = 1;
}

for (const folder of ['runtime', 'demo-project', ...globSync('examples/*', { cwd: import.meta.dirname })]) {
  const { scripts } = JSON.parse(readFileSync(join(import.meta.dirname, folder, 'package.json'), 'utf8'));
  if (scripts.check === 'tsc --noEmit') run('runtime', 'check:example', join('..', folder));
  else if (scripts.check) run(folder, 'check');
}
