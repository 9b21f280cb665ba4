/**
 * Records scenarios from a real Supabase Auth: `npm run record -- --all`, or `npm run record [-- --profile NAME] [group or scenario …]`.
 *
 * With `--all`, starts a server for each profile in turn (real-server.ts says what that needs) and records everything, or the groups and scenarios that are named.
 * Without, records those of one profile (`default` if none is named) from the server that the environment names (real-target.ts says how). It must run
 * with the settings of that profile, see profiles.ts. A project that is not backed by DATABASE_URL is refused.
 * `--port` is where servers are started, 54321 if it isn't given.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { print } from './json.ts';
import { take } from './recorder.ts';
import { folder, pathOf, today } from './recordings.ts';
import { textOf } from './scenario.ts';
import { headings } from './scenarios.ts';

const { values, positionals: names } = parseArgs({
  allowPositionals: true,
  options: {
    all: { type: 'boolean', default: false },
    profile: { type: 'string', default: 'default' },
    port: { type: 'string', default: '54321' },
  },
});

let version = '';
for await (const { group, scenario, server, steps } of take({ ...values, names, port: Number(values.port) })) {
  if (steps instanceof Error) throw steps;
  const path = pathOf(group, scenario);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, textOf(scenario, server, steps));
  version = server.version;
}
writeFileSync(join(folder, 'headings.json'), `${print(headings)}\n`);
// One date for all: in each recording it would change files in which nothing else has.
if (values.all && names.length === 0) writeFileSync(join(import.meta.dirname, 'recorded.json'), today(version));
