#!/usr/bin/env node
/**
 * Builds every example for host `page` with the example's own `build` script.
 *
 *   node playground/build.ts OUT                 writes OUT/<slug>/ for each example; ends with an error if one does not build
 *   node playground/build.ts OUT --watch COMMAND builds again at every change, while COMMAND runs (the guide's dev server)
 *
 * An example is a folder in `examples/`.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { globSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

const examplesFolder = join(import.meta.dirname, 'examples');
const [out, watch, ...command] = process.argv.slice(2);
if (!out || (watch && (watch !== '--watch' || command.length === 0))) {
  throw new Error('usage: node playground/build.ts OUT [--watch COMMAND …]');
}

const examples = globSync('*/package.json', { cwd: examplesFolder }).map(dirname);

/** Runs a program in `cwd`, its output shown; resolves to its exit code. `shell` finds npm and npx on Windows too. */
async function run(line, cwd) {
  const [code] = await once(spawn(line, { cwd, stdio: 'inherit', shell: true }), 'exit');
  return code;
}

const builds = examples.map(async (slug) => {
  const outDir = resolve(out, slug);
  const line = `npm run build --silent -- --logLevel warn --emptyOutDir --outDir "${outDir}"${watch ? ' --watch' : ''}`;
  const code = await run(line, join(examplesFolder, slug));
  if (code !== 0) throw new Error(`playground/examples/${slug} does not build (exit code ${code})`);
});

if (watch) {
  const dev = await run(command.join(' '), process.cwd());
  process.exit(dev ?? 1);
}
await Promise.all(builds);
console.log(`built ${examples.join(', ')} into ${out}`);
