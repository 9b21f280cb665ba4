/**
 * Records scenarios from a real Supabase Auth: `npm run record [-- --profile NAME] [group or scenario …]`, or `npm run record -- --all`.
 *
 * Records the scenarios of one profile (`default` if none is named), or of these only the groups and scenarios named, and rewrites their files. The server must run with
 * the settings of that profile, see profiles.ts; real-target.ts says how it is found. A project that is not backed by DATABASE_URL is refused.
 *
 * With `--all`, starts a server for each profile in turn and records everything. real-server.ts says what that needs.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { print } from './json.ts';
import { type ProfileName, profileNamed, profiles } from './profiles.ts';
import { startRealServer } from './real-server.ts';
import { realTarget, refuseDemoProject } from './real-target.ts';
import { pathOf, type Recording, textOf } from './recording.ts';
import { run } from './scenario.ts';
import { scenarios } from './scenarios.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { profile: { type: 'string', default: 'default' }, all: { type: 'boolean', default: false } },
});
if (values.all) await recordAll();
else await record(profileNamed(values.profile));

/** Records what was named of one profile, from the server that the environment names. */
async function record(profile: ProfileName): Promise<void> {
  const target = realTarget();
  await refuseDemoProject(target);
  const health = (await (
    await target.fetch(new Request(`${target.url}/auth/v1/health`))
  ).json()) as Recording['server'];
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
}

/** Records every profile that has scenarios, each from a server of its own and in a process of its own, because a target is named by the environment. */
async function recordAll(): Promise<void> {
  const used = [...new Set(scenarios.map(([, { profile }]) => profile))];
  for (const [index, profile] of used.entries()) {
    console.log(`\n${index + 1} of ${used.length}: ${profile}`);
    const server = await startRealServer(profile);
    try {
      const env = { ...process.env, SUPABASE_URL: server.url, DATABASE_URL: server.databaseUrl };
      const child = spawn(process.execPath, [import.meta.filename, '--profile', profile], { env, stdio: 'inherit' });
      const [code] = await once(child, 'exit');
      if (code !== 0) throw new Error(`The scenarios of profile ${profile} couldn't be recorded.`);
    } finally {
      await server.stop();
    }
  }
}
