/**
 * Runs scenarios and the checks of boundaries.ts in one process, with mutants of the demo project
 * switched on. rules.ts sends the tasks.
 */
import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Script } from 'node:vm';
import { parentPort, workerData } from 'node:worker_threads';
import type * as target from '../../playground/demo-project/contract/demo-target.ts';

/** Without `checks`, runs all of them to see which mutants each reaches. */
export interface Task {
  active: string[];
  /** Whether one of the mutants runs while modules load. */
  atLoad?: boolean;
  checks?: number[];
}

export interface Coverage {
  /** The mutants that each check reaches. */
  reached: string[][];
  /** How long each check takes, in milliseconds. */
  times: number[];
  /** The mutants that run while modules load. */
  atLoad: string[];
}

/** What noticed a mutant, as text, and which check that was. A survivor has neither. */
export interface Outcome {
  by?: string;
  check?: number;
}

type Counts = { [id: string]: number };

const stryker = {
  active: new Set<string>(),
  currentTestId: '',
  hitCount: 0,
  hitLimit: 1_000_000,
  mutantCoverage: { static: {} as Counts, perTest: {} as { [test: string]: Counts } },
};
Object.assign(globalThis, { __stryker__: stryker });

// The demo project logs its own faults to it, and a mutant is one.
console.error = () => {};

interface Bundle extends Pick<typeof target, 'demoTarget'> {
  preload: () => Promise<void>;
}

const bundle = new Script(
  `(require, module) => {${readFileSync((workerData as { bundle: string }).bundle, 'utf8')}\n}`,
  {
    // for Node's own modules, which aren't in the bundle
    importModuleDynamically: (name) => import(name) as never,
  },
).runInThisContext() as (require: NodeJS.Require, module: { exports: unknown }) => void;

/** Loads the demo project again, because it reads much only once, while modules load. */
async function fresh(): Promise<Bundle['demoTarget']> {
  const module = { exports: {} as Bundle };
  bundle(process.getBuiltinModule as never, module);
  await module.exports.preload();
  return module.exports.demoTarget;
}

let demoTarget: Bundle['demoTarget'];
Object.assign(globalThis, { demoTarget: (...all: Parameters<Bundle['demoTarget']>) => demoTarget(...all) });

// The scenarios and checks load once, and use the demo project that's current when they run.
registerHooks({
  resolve: (name, context, next) =>
    name.endsWith('/demo-target.ts')
      ? { url: 'data:text/javascript,export const { demoTarget } = globalThis', shortCircuit: true }
      : next(name, context),
});

const ofContract = <Module>(file: string) =>
  import(
    pathToFileURL(join(import.meta.dirname, '../../playground/demo-project/contract', file)).href
  ) as Promise<Module>;

/** Returns all checks. Each throws or answers `false` if the demo project differs from the recording. */
async function allChecks(): Promise<[name: string, check: () => Promise<unknown>][]> {
  const { profiles } =
    await ofContract<typeof import('../../playground/demo-project/contract/profiles.ts')>('profiles.ts');
  const { pathOf, read } =
    await ofContract<typeof import('../../playground/demo-project/contract/recordings.ts')>('recordings.ts');
  const { run, textOf } =
    await ofContract<typeof import('../../playground/demo-project/contract/scenario.ts')>('scenario.ts');
  const { scenarios } =
    await ofContract<typeof import('../../playground/demo-project/contract/scenarios.ts')>('scenarios.ts');
  const { boundaries } =
    await ofContract<typeof import('../../playground/demo-project/contract/boundaries.ts')>('boundaries.ts');
  const recorded = scenarios
    .filter(([, { profile }]) => !profiles[profile].leftOut)
    .map(([group, scenario]): [string, () => Promise<unknown>] => {
      const { text, recording } = read(pathOf(group, scenario));
      const check = async () =>
        text === textOf(scenario, recording.server, await run(scenario, demoTarget(profiles[scenario.profile].config)));
      return [`${group}/${scenario.name}`, check];
    });
  return [...recorded, ...boundaries];
}

const checks = allChecks();
const clean = fresh();

async function reach(): Promise<Coverage> {
  demoTarget = await clean;
  const times: number[] = [];
  const all = await checks;
  for (const [index, [name, check]] of all.entries()) {
    stryker.currentTestId = `check ${index}`;
    const started = performance.now();
    if ((await check()) === false) throw new Error(`${name} does not pass on its own`);
    times.push(performance.now() - started);
  }
  const { perTest, static: atLoad } = stryker.mutantCoverage;
  const reached = all.map((_, index) => Object.keys(perTest[`check ${index}`] ?? {}));
  return { reached, times, atLoad: Object.keys(atLoad) };
}

async function notice({ active, atLoad, checks: order = [] }: Task): Promise<Outcome> {
  const all = await checks;
  demoTarget = await clean;
  stryker.hitCount = 0;
  stryker.active = new Set(active);
  try {
    if (atLoad) demoTarget = await fresh();
  } catch (error) {
    return { by: `does not load: ${String(error)}` };
  }
  for (const check of order) {
    const [by, passes] = all[check] ?? ['', async () => true];
    try {
      if ((await passes()) === false) return { by, check };
    } catch {
      return { by, check };
    }
  }
  return {};
}

parentPort?.on('message', (task: Task) => {
  const answer = task.checks ? notice(task) : reach();
  answer
    .catch((error: unknown) => ({ by: String(error) }))
    .then((result) => {
      stryker.active = new Set();
      parentPort?.postMessage(result);
    });
});
