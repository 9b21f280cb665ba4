/**
 * Records scenarios from a real Supabase Auth: `npm run record -- --all`, or
 * `npm run record [-- --profile NAME] [group or scenario …]`.
 *
 * With `--all`, starts a server for each profile in turn (real-server.ts lists what this needs) and records everything,
 * or only the groups and scenarios you name. Without it, records those of one profile (default: `default`) from the
 * server that the environment names (see real-target.ts). That server must run with the profile's settings, see
 * profiles.ts. A project whose database isn't DATABASE_URL is rejected. `--port` is where to start servers (default:
 * 54321).
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
// One date for all recordings. With a date in each, files would change even if nothing else in them did.
if (values.all && names.length === 0) writeFileSync(join(import.meta.dirname, 'recorded.json'), today(version));
