/** Runs scenarios on real servers, for record.ts and drift.ts. */
import { existsSync } from 'node:fs';
import { type Json, print } from './json.ts';
import { type ProfileName, profileNamed, profiles } from './profiles.ts';
import { startRealServer } from './real-server.ts';
import { type RealTarget, realTarget, refuseDemoProject, targetAt } from './real-target.ts';
import type { RecordedStep, Recording } from './recording.ts';
import { pathOf, read } from './recordings.ts';
import { run, type Scenario } from './scenario.ts';
import { scenarios } from './scenarios.ts';

/** Which scenarios to run, and on which server. record.ts explains the command line. */
export interface Orders {
  /**
   * Runs every profile, each on a server started for it. Otherwise runs `profile`, on the server that the environment
   * names.
   */
  all: boolean;
  profile: string;
  /** The groups and scenarios to run. If empty, all of them. */
  names: string[];
  /** The port where servers are started. */
  port: number;
}

/** A scenario that ran: its steps, or the error that stopped it. */
export interface Taken {
  group: string;
  scenario: Scenario;
  server: Recording['server'];
  steps: RecordedStep[] | Error;
}

/** Runs the scenarios one after the other. Reports progress on stderr. */
export async function* take({ all, profile, names, port }: Orders): AsyncGenerator<Taken> {
  const wanted = scenarios.filter(
    ([group, { name }]) => names.length === 0 || names.includes(group) || names.includes(name),
  );
  const used = [...new Set(wanted.map(([, { profile }]) => profile))];
  for (const [index, name] of (all ? used : [profileNamed(profile)]).entries()) {
    const ofProfile = wanted.filter(([, scenario]) => scenario.profile === name);
    if (!all) {
      yield* takeOn(realTarget(), ofProfile, name);
      continue;
    }
    console.error(`\n${index + 1} of ${used.length} profiles: ${name}`);
    const server = await startRealServer(name, port);
    try {
      yield* takeOn(targetAt(server), ofProfile, name);
    } finally {
      await server.stop();
    }
  }
}

async function* takeOn(
  target: RealTarget,
  wanted: [group: string, scenario: Scenario][],
  profile: ProfileName,
): AsyncGenerator<Taken> {
  await refuseDemoProject(target);
  const health = await target.fetch(new Request(`${target.url}/auth/v1/health`));
  const { name, version } = (await health.json()) as Recording['server'];
  console.error(`${name} ${version} at ${target.url}, which must run with`, profiles[profile].server);
  for (const [group, scenario] of wanted) {
    console.error(`${group}/${scenario.name}`);
    const path = pathOf(group, scenario);
    const known = existsSync(path) ? read(path).recording.exchanges : undefined;
    const steps = await takeUntilSure(scenario, target, known);
    yield { group, scenario, server: { name, version }, steps };
  }
}

/**
 * Runs a scenario until two results agree; the current recording counts as a result. On a busy machine, a server may
 * time out or a code may expire, and that shouldn't be recorded. After four different results, the last one counts.
 */
async function takeUntilSure(
  scenario: Scenario,
  target: RealTarget,
  known?: RecordedStep[],
): Promise<RecordedStep[] | Error> {
  const attempts = profiles[scenario.profile].counts ? 1 : 4;
  const seen = [known && textOf(known)];
  let result: RecordedStep[] | Error = [];
  for (let attempt = 1; attempt <= attempts; attempt++) {
    result = await run(scenario, target).catch((error: Error) => error);
    const text = textOf(result);
    if (seen.includes(text)) return result;
    seen.push(text);
  }
  return result;
}

function textOf(result: RecordedStep[] | Error): string {
  return result instanceof Error ? String(result) : print(result as unknown as Json);
}
