/**
 * Records scenarios from a real Supabase Auth: `npm run record [-- --profile NAME] [group or scenario …]`.
 *
 * Records the scenarios of one profile (`default` if none is named), or of these only the groups and scenarios named, and rewrites their files. The server must run with
 * the settings of that profile, see profiles.ts; real-target.ts says how it is found. A project that is not backed by DATABASE_URL is refused.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { print } from './json.ts';
import { type ProfileName, profiles } from './profiles.ts';
import { realTarget, refuseDemoProject } from './real-target.ts';
import { pathOf, type Recording, textOf } from './recording.ts';
import { run } from './scenario.ts';
import { scenarios } from './scenarios.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { profile: { type: 'string', default: 'default' } },
});
if (!Object.hasOwn(profiles, values.profile))
  throw new Error(`--profile is one of ${Object.keys(profiles).join(', ')}`);
const profile = values.profile as ProfileName;

const target = realTarget();
await refuseDemoProject(target);
const health = (await (await target.fetch(new Request(`${target.url}/auth/v1/health`))).json()) as Recording['server'];
const server = { name: health.name, version: health.version };
console.log(`${server.name} ${server.version} at ${target.url}, which must run with`, profiles[profile].server);

for (const [group, scenario] of scenarios) {
  if (scenario.profile !== profile) continue;
  if (positionals.length > 0 && !positionals.includes(group) && !positionals.includes(scenario.name)) continue;
  const text = textOf(scenario, server, await run(scenario, target));
  const path = pathOf(group, scenario);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
  console.log(`${group}/${scenario.name}`);
}
// One date for all: in each recording it would change files in which nothing else has.
if (profile === 'default' && positionals.length === 0) {
  const on = new Date().toISOString().slice(0, 10);
  await writeFile(join(import.meta.dirname, 'recorded.json'), `${print({ server: server.version, on })}\n`);
}
