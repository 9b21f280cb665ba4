/**
 * `npm run mutants [-- FILE …]`: breaks the demo project's rules in every small way that Stryker knows, and says which breaks nothing notices.
 *
 * Every mutant of `src/auth` and `src/routes` (or of the files named, such as `routes/token.ts`) is compiled into one copy of the sources behind a switch.
 * Workers then run the recorded scenarios and the checks of boundaries.ts with one switch on at a time, only those that reach the mutant, until one notices.
 * Writes the score and the survivors to result.json when it ran over all files. accepted.json names survivors that no caller can notice, each with its reason.
 * Ends with exit code 1 below 90 %.
 */
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { cp, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { Instrumenter } from '@stryker-mutator/instrumenter';
import type { Coverage, Outcome, Task } from './worker.ts';

const root = join(import.meta.dirname, '../..');
const sources = 'playground/demo-project/src';
const named = process.argv.slice(2);
const files = globSync(['auth/*.ts', 'routes/*.ts'], { cwd: join(root, sources) })
  .map((path) => path.replaceAll('\\', '/'))
  .filter((path) => named.length === 0 || named.includes(path))
  .sort();

/** Longer than any scenario takes: a mutant that needs more has broken something. */
const patience = 30_000;

type Mutant = Awaited<ReturnType<Instrumenter['instrument']>>['mutants'][number];

/** A copy of everything a scenario needs, with all mutants in it. */
async function instrumentedCopy(): Promise<{ folder: string; mutants: readonly Mutant[] }> {
  const folder = await mkdtemp(join(tmpdir(), 'mutants-'));
  for (const path of ['package.json', 'playground/demo-project/contract', 'tests/code', sources])
    await cp(join(root, path), join(folder, path), { recursive: true });
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction');
  const silent = { isDebugEnabled: () => false, debug() {}, info() {} };
  const instrumenter = new Instrumenter(silent as never);
  const input = files.map((name) => ({
    name: join(folder, sources, name),
    content: readFileSync(join(root, sources, name), 'utf8'),
    mutate: true,
  }));
  const result = await instrumenter.instrument(input, { ignorers: [], plugins: null, excludedMutations: [] } as never);
  for (const { name, content } of result.files) await writeFile(name, content);
  return { folder, mutants: result.mutants };
}

/** A worker that takes one task at a time. `active` is a mutant that is switched on while the modules load. */
class Runner {
  readonly #worker: Worker;
  constructor(folder: string, active?: string) {
    const modules = files.map((file) => join(folder, sources, file));
    this.#worker = new Worker(new URL('worker.ts', import.meta.url), { workerData: { folder, modules, active } });
    this.#worker.setMaxListeners(0);
  }

  /** What came of a task; that of one which ends in a crash or never is its reason. */
  do<Result>(task: Task, limit = patience): Promise<Result | { by: string }> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => settle({ by: 'timeout' }), limit);
      const settle = (result: Result | { by: string }) => {
        clearTimeout(timer);
        // Each by its name: a worker has listeners of its own, without which it takes no further task.
        for (const event of ['message', 'error', 'exit']) this.#worker.removeAllListeners(event);
        resolve(result);
      };
      this.#worker.once('message', settle);
      this.#worker.once('error', (error) => settle({ by: `crash: ${String(error)}` }));
      this.#worker.once('exit', () => settle({ by: 'crash' }));
      this.#worker.postMessage(task);
    });
  }

  /** Waits until its modules are there, which takes long on a busy machine. Answers why they can't be loaded, if so. */
  ready(): Promise<Outcome> {
    return this.do<Outcome>({ id: 'none', checks: [] }, 20 * patience);
  }

  stop(): Promise<number> {
    return this.#worker.terminate();
  }
}

/** What the mutant does, in words that stay the same when lines move. */
function describe({ fileName, location, mutatorName, replacement }: Mutant, folder: string): string {
  const file = fileName.slice(join(folder, sources).length + 1).replaceAll('\\', '/');
  const lines = readFileSync(join(root, sources, file), 'utf8')
    .split('\n')
    .slice(location.start.line, location.end.line + 1);
  const from = lines
    .map((line, at) =>
      line
        .slice(at === 0 ? location.start.column : 0, at === lines.length - 1 ? location.end.column : undefined)
        .trim(),
    )
    .join(' ');
  const context = (lines[0] ?? '').trim();
  const short = (text: string) => (text.length > 120 ? `${text.slice(0, 117)}…` : text);
  return `${file}: ${mutatorName}: ${short(from)} → ${short(replacement.replace(/\s+/g, ' '))} in ${short(context)}`;
}

const { folder, mutants } = await instrumentedCopy();
console.log(`${mutants.length} mutants in ${files.length} files`);
const first = new Runner(folder);
const coverage = await first.do<Coverage>({}, 20 * patience);
await first.stop();
if ('by' in coverage) throw new Error(`without a mutant: ${coverage.by}`);

const reached = new Map<string, number[]>();
for (const [check, ids] of coverage.perCheck.entries())
  for (const id of ids) reached.set(id, [...(reached.get(id) ?? []), check]);
const atLoad = new Set(coverage.atLoad);
const everything = coverage.perCheck.map((_, index) => index);

const outcomes = new Map<string, string | undefined>();
const queue = [...mutants];
let lastKillers: number[] = [];

/** Checks that noticed the last mutants come first: the next one is their neighbor. */
function order(checks: number[]): number[] {
  const known = lastKillers.filter((check) => checks.includes(check));
  return [...known, ...checks.filter((check) => !known.includes(check))];
}

async function work(): Promise<void> {
  let runner = new Runner(folder);
  await runner.ready();
  for (let mutant = queue.shift(); mutant; mutant = queue.shift()) {
    const { id } = mutant;
    const checks = atLoad.has(id) ? everything : reached.get(id);
    if (!checks) {
      outcomes.set(id, undefined);
      continue;
    }
    // What is read once, while a module loads, needs modules that load with the switch on.
    const own = atLoad.has(id) ? new Runner(folder, id) : runner;
    const broken = own === runner ? {} : await own.ready();
    const { by, check } = broken.by ? broken : ((await own.do<Outcome>({ id, checks: order(checks) })) as Outcome);
    outcomes.set(id, by);
    if (check !== undefined) lastKillers = [check, ...lastKillers.filter((known) => known !== check)].slice(0, 8);
    if (own !== runner) await own.stop();
    else if (by && check === undefined) {
      await runner.stop();
      runner = new Runner(folder);
      await runner.ready();
    }
    if (outcomes.size % 50 === 0) console.log(`${outcomes.size} of ${mutants.length}`);
  }
  await runner.stop();
}

const started = Date.now();
await Promise.all(Array.from({ length: Number(process.env['WORKERS'] ?? availableParallelism()) }, work));

const accepted = JSON.parse(readFileSync(join(import.meta.dirname, 'accepted.json'), 'utf8')) as {
  reason: string;
  mutants: string[];
}[];
const isAccepted = new Set(accepted.flatMap((entry) => entry.mutants));
const survivors = mutants
  .filter(({ id }) => outcomes.get(id) === undefined)
  .map((mutant) => ({ what: describe(mutant, folder), line: mutant.location.start.line + 1 }));
const open = survivors.filter(({ what }) => !isAccepted.has(what));
const gone = [...isAccepted].filter(
  (what) => files.includes(what.split(':')[0] ?? '') && !survivors.some((survivor) => survivor.what === what),
);
const noticed = mutants.length - survivors.length;
const score = Math.floor((1000 * noticed) / (mutants.length - (survivors.length - open.length))) / 10;
for (const { what, line } of open) console.log(`survived, line ${line}: ${what}`);
for (const what of gone) console.log(`accepted, but noticed or not there any more: ${what}`);
console.log(
  `${noticed} of ${mutants.length} noticed, ${survivors.length - open.length} accepted, ${open.length} survived: ${score} % in ${Math.round((Date.now() - started) / 1000)} s`,
);
if (named.length === 0) {
  const result = {
    mutants: mutants.length,
    noticed,
    accepted: survivors.length - open.length,
    score,
    survivors: open.map(({ what }) => what),
  };
  writeFileSync(join(import.meta.dirname, 'result.json'), `${JSON.stringify(result, undefined, 2)}\n`);
}
await rm(folder, { recursive: true });
process.exit(score < 90 || gone.length > 0 ? 1 : 0);
