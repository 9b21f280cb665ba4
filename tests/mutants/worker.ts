/** Runs scenarios and checks of boundaries in one process, with one mutant switched on at a time: run.ts gives the orders. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';

/** Without an id: every check, to see which mutants it reaches. */
export interface Task {
  id?: string;
  checks?: number[];
}

export interface Coverage {
  /** The mutants that each check reaches. */
  perCheck: string[][];
  /** The mutants that run while modules load. */
  atLoad: string[];
}

/** What noticed a mutant, in words, and which check it was; neither for one that survives. */
export interface Outcome {
  by?: string;
  check?: number;
}

type Counts = { [id: string]: number };

const { folder, modules, active } = workerData as { folder: string; modules: string[]; active?: string };
const stryker: {
  activeMutant?: string | undefined;
  currentTestId?: string;
  hitCount?: number;
  hitLimit: number;
  mutantCoverage: { static: Counts; perTest: { [test: string]: Counts } };
} = { activeMutant: active, hitLimit: 1_000_000, mutantCoverage: { static: {}, perTest: {} } };
Object.assign(globalThis, { __stryker__: stryker });

const load = <Module>(path: string) => import(pathToFileURL(path).href) as Promise<Module>;
const ofTests = <Module>(file: string) => load<Module>(join(folder, 'playground/demo-project/contract', file));

// The demo project tells faults of its own there, and a mutant is one.
console.error = () => {};

/** Each throws, or answers `false`, where the demo project does otherwise than recorded. */
async function allChecks(): Promise<[name: string, check: () => Promise<unknown>][]> {
  // All at once, so that what runs while they load is not taken for a part of the first scenario.
  for (const module of modules) await load(module);
  const { demoTarget } =
    await ofTests<typeof import('../../playground/demo-project/contract/demo-target.ts')>('demo-target.ts');
  const { profiles } =
    await ofTests<typeof import('../../playground/demo-project/contract/profiles.ts')>('profiles.ts');
  const { pathOf, read } =
    await ofTests<typeof import('../../playground/demo-project/contract/recordings.ts')>('recordings.ts');
  const { run, textOf } =
    await ofTests<typeof import('../../playground/demo-project/contract/scenario.ts')>('scenario.ts');
  const { scenarios } =
    await ofTests<typeof import('../../playground/demo-project/contract/scenarios.ts')>('scenarios.ts');
  const { boundaries } =
    await ofTests<typeof import('../../playground/demo-project/contract/boundaries.ts')>('boundaries.ts');
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

async function reach(): Promise<Coverage> {
  const all = await checks;
  for (const [index, [name, check]] of all.entries()) {
    stryker.currentTestId = `check ${index}`;
    if ((await check()) === false) throw new Error(`${name} does not pass on its own`);
  }
  const { perTest, static: atLoad } = stryker.mutantCoverage;
  return {
    perCheck: all.map((_, index) => Object.keys(perTest[`check ${index}`] ?? {})),
    atLoad: Object.keys(atLoad),
  };
}

async function notice(id: string, order: number[]): Promise<Outcome> {
  let all: Awaited<typeof checks>;
  try {
    all = await checks;
  } catch (error) {
    return { by: `does not load: ${String(error)}` };
  }
  if (order.length === 0) return {};
  stryker.activeMutant = id;
  stryker.hitCount = 0;
  for (const index of order) {
    const [name, check] = all[index] ?? ['', async () => true];
    try {
      if ((await check()) === false) return { by: name, check: index };
    } catch {
      return { by: name, check: index };
    }
  }
  return {};
}

parentPort?.on('message', ({ id, checks: order = [] }: Task) => {
  const answer = id === undefined ? reach() : notice(id, order);
  answer.then(
    (result) => parentPort?.postMessage(result),
    (error) => parentPort?.postMessage({ by: String(error) }),
  );
});
