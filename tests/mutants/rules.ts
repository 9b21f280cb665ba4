/** The mutants of the demo project's rules. The recorded scenarios and the checks in boundaries.ts have to notice them. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { Worker } from 'node:worker_threads';
import { build } from 'esbuild';
import type { Instrumented, Mutant } from './instrument.ts';
import { type Found, type Options, type Suite, search } from './search.ts';
import type { Coverage, Outcome, Task } from './worker.ts';

const root = join(import.meta.dirname, '../..');

/** Much longer than any scenario takes. A mutant that needs more has broken something. */
const timeout = 60_000;

/** Bundles the demo project, as scenarios use it, into one file with all mutants. */
async function bundle({ texts }: Instrumented, outfile: string): Promise<void> {
  const contents = `
    export { demoTarget } from './playground/demo-project/contract/demo-target.ts';
    export { preload } from './playground/demo-project/src/index.ts';
    export * as inbox from './playground/demo-project/src/routes/inbox.ts'; // preload() leaves it out`;
  await build({
    stdin: { contents, resolveDir: root },
    bundle: true,
    format: 'cjs',
    platform: 'node',
    outfile,
    plugins: [
      {
        name: 'mutants',
        setup: ({ onLoad }) =>
          onLoad({ filter: /\.ts$/ }, ({ path }) => {
            const text = texts.get(relative(root, path).replaceAll('\\', '/'));
            return text === undefined ? undefined : { contents: text, loader: 'ts' };
          }),
      },
    ],
  });
}

/** A worker that takes one task at a time. */
class Runner {
  readonly #worker: Worker;
  constructor(bundle: string) {
    this.#worker = new Worker(new URL('worker.ts', import.meta.url), { workerData: { bundle } });
    this.#worker.setMaxListeners(0);
  }

  /** Runs a task and returns its result. If the task crashes or never ends, returns that as the reason. */
  do<Result>(task: Task, limit = timeout): Promise<Result | { by: string }> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => settle({ by: 'timeout' }), limit);
      const settle = (result: Result | { by: string }) => {
        clearTimeout(timer);
        // Remove each by name: the worker has its own listeners, and takes no more tasks without them.
        for (const event of ['message', 'error', 'exit']) this.#worker.removeAllListeners(event);
        resolve(result);
      };
      this.#worker.once('message', settle);
      this.#worker.once('error', (error) => settle({ by: `crash: ${String(error)}` }));
      this.#worker.once('exit', () => settle({ by: 'crash' }));
      this.#worker.postMessage(task);
    });
  }

  stop(): Promise<number> {
    return this.#worker.terminate();
  }
}

/** Returns what noticed each of these mutants. */
export async function noticedRules(
  instrumented: Instrumented,
  mutants: Mutant[],
  { minutes }: Options,
): Promise<Found> {
  const folder = await mkdtemp(join(tmpdir(), 'mutants-'));
  const file = join(folder, 'demo-project.cjs');
  await bundle(instrumented, file);
  let runner = new Runner(file);
  const coverage = await runner.do<Coverage>({ active: [] }, 20 * timeout);
  if ('by' in coverage) throw new Error(`without a mutant: ${coverage.by}`);
  const atLoad = new Set(coverage.atLoad);
  console.log(
    `${coverage.reached.length} checks take ${Math.round(coverage.times.reduce((a, b) => a + b) / 1000)} s; ${atLoad.size} mutants run while modules load`,
  );

  const suite: Suite = {
    // Code that runs while modules load can affect any check.
    reached: coverage.reached.map((ids) => new Set([...ids, ...atLoad])),
    times: coverage.times,
    run: async (active, checks) => {
      const task = { active, checks, atLoad: active.some((id) => atLoad.has(id)) };
      const { by, check } = (await runner.do<Outcome>(task)) as Outcome;
      if (by !== undefined && check === undefined && !by.startsWith('does not load')) {
        await runner.stop();
        runner = new Runner(file);
        await runner.do<Outcome>({ active: [], checks: [] }, 20 * timeout);
      }
      return by === undefined ? undefined : { by, check: check ?? checks[0] ?? 0 };
    },
  };
  const found = await search(mutants, suite, minutes);
  await runner.stop();
  await rm(folder, { recursive: true });
  return found;
}
