/** The mutants of what runs in a page: examples, devices, and the sandbox. Their specs have to notice these mutants. */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, globSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { startServer } from '../../playground/demo-project/contract/start-server.ts';
import type { Instrumented, Mutant } from './instrument.ts';
import type { Test } from './playwright.ts';
import { type Found, type Options, type Suite, search } from './search.ts';

const root = join(import.meta.dirname, '../..');
/** The specs for the sources in a folder. Other specs notice more, so the score is a lower bound. */
const specsOf = {
  'playground/examples/': 'tests/examples/*.spec.ts',
  'playground/runtime/': 'tests/{site/{devices,steps},examples/ways-in}.spec.ts',
  'src/sandbox/': 'tests/site/{sandbox,editor}.spec.ts',
};

/** Where the copy with the mutants is built. It's inside the repository so that it finds the packages. */
const folder = join(root, 'test-results/mutants');

/** For each test, by its title: the mutants that it reaches and how many milliseconds it takes. */
type Reached = { [title: string]: { ids: string[]; time: number } };

/** Builds the guide and its examples with all mutants in them. */
function build({ mutants, texts }: Instrumented): void {
  rmSync(folder, { recursive: true, force: true });
  const run = (line: string) =>
    execFileSync(line, { cwd: folder, shell: true, stdio: ['ignore', 'ignore', 'inherit'] });
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: root });
  for (const path of String(listed)
    .split('\0')
    .filter((path) => path && existsSync(join(root, path))))
    cpSync(join(root, path), join(folder, path), { recursive: true });
  mkdirSync(join(folder, 'node_modules'));
  // Only the fonts of the guide's packages are read from this folder.
  for (const modules of [
    'node_modules/@fontsource',
    ...globSync('playground/{*,examples/*}/node_modules', { cwd: root }),
  ])
    symlinkSync(join(root, modules), join(folder, modules), 'junction');
  const write = (isWanted: (path: string) => boolean) => {
    for (const [path, text] of texts) if (isWanted(path)) writeFileSync(join(folder, path), text);
  };
  // The guide shows the examples' files as they are, so build it before the files change.
  write((path) => path.startsWith('src/'));
  run('npm run build');
  write((path) => path.startsWith('playground/'));
  run('node playground/build.ts dist/play');
  writeFileSync(join(folder, 'mutants.json'), JSON.stringify(mutants));
}

/** Returns the mutants in the last copy that was built. */
export function builtBefore(): Instrumented {
  return { mutants: JSON.parse(readFileSync(join(folder, 'mutants.json'), 'utf8')), texts: new Map() };
}

/** Puts the mutants of an example's file into its identical copies in other examples. */
function withCopies(instrumented: Instrumented): Instrumented {
  const read = (path: string) => readFileSync(join(root, path), 'utf8');
  const { mutants, texts } = instrumented;
  const all = globSync('playground/examples/*/src/*.ts', { cwd: root }).map((path) => path.replaceAll('\\', '/'));
  const copies = [...texts].flatMap(([path, text]) =>
    all
      .filter((other) => other !== path && path.includes('/examples/') && read(other) === read(path))
      .map((other) => [other, text] as const),
  );
  return { mutants, texts: new Map([...texts, ...copies]) };
}

/** Sets up mutants in a page before anything else runs there. */
function switchOn(active: string[]): void {
  const tell = (globalThis as unknown as { tellCovered: (ids: string[]) => void }).tellCovered;
  let fresh: string[] = [];
  const covered = new Proxy<{ [id: string]: number }>(
    {},
    {
      set(counts, id: string, count: number) {
        if (!(id in counts)) {
          if (fresh.length === 0)
            queueMicrotask(() => {
              tell(fresh);
              fresh = [];
            });
          fresh.push(id);
        }
        counts[id] = count;
        return true;
      },
    },
  );
  const mutantCoverage = { static: covered, perTest: {} };
  Object.assign(globalThis, {
    __stryker__: { active: new Set(active), hitCount: 0, hitLimit: 1_000_000, mutantCoverage },
  });
}

/** Returns what noticed each of these mutants. */
export async function noticedInBrowser(
  instrumented: Instrumented,
  mutants: Mutant[],
  { again, minutes }: Options,
): Promise<Found> {
  if (!again) build(withCopies(instrumented));
  const guide = await startServer('npm', ['run', 'preview', '--', '--port', '0', '--ignore-lock'], { cwd: folder });
  process.env['GUIDE_URL'] = guide.url;
  registerHooks({
    resolve: (name, context, next) =>
      name === '@playwright/test' && !context.parentURL?.includes('/tests/mutants/')
        ? { url: pathToFileURL(join(import.meta.dirname, 'playwright.ts')).href, shortCircuit: true }
        : next(name, context),
  });
  const { beginSpec, stopBrowser, tests } = await import('./playwright.ts');
  const specs = Object.entries(specsOf)
    .filter(([path]) => mutants.some(({ file }) => file.startsWith(path)))
    .map(([, pattern]) => pattern);
  for (const spec of globSync(specs, { cwd: root }).sort()) {
    beginSpec(spec);
    await import(pathToFileURL(join(root, spec)).href);
  }
  const own = tests.filter(({ tags }) => !tags.includes('@framework')); // the nightly ones too

  /** Runs a test with these mutants on. Returns what it threw and the mutants that it reached. */
  async function attempt({ title, run }: Test, active: string[], limit: number, covered = new Set<string>()) {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise((_, reject) => {
      timer = setTimeout(() => reject(new Error('it takes too long')), limit);
    });
    const passed = run(async (context) => {
      await context.exposeBinding('tellCovered', (_, ids: string[]) => {
        for (const id of ids) covered.add(id);
      });
      await context.addInitScript(switchOn, active);
    });
    passed.catch(() => undefined); // after `late`, nothing else handles its rejection
    try {
      await Promise.race([passed, late]);
      return undefined;
    } catch (error) {
      if (String(error).includes('it takes too long')) await stopBrowser();
      return `${title}: ${String(error).split('\n')[0]}`;
    } finally {
      clearTimeout(timer);
    }
  }

  const kept = join(folder, 'reached.json');
  const reached: Reached = again && existsSync(kept) ? JSON.parse(readFileSync(kept, 'utf8')) : {};
  for (const test of own.filter(({ title }) => !reached[title])) {
    const covered = new Set<string>();
    const started = performance.now();
    const failure = await attempt(test, [], 180_000, covered);
    // Such a test says nothing about mutants: it needs more time, or it compares the copy's files with others.
    if (failure) console.log(`left out: ${failure}`);
    else reached[test.title] = { ids: [...covered], time: performance.now() - started };
    writeFileSync(kept, JSON.stringify(reached));
  }
  const checks = own.filter(({ title }) => reached[title]);
  const times = checks.map(({ title }) => reached[title]?.time ?? 0);
  console.log(`${checks.length} tests take ${Math.round(times.reduce((a, b) => a + b, 0) / 1000)} s`);

  const used = new Set<Test>();
  const suite: Suite = {
    reached: checks.map(({ title }) => new Set(reached[title]?.ids)),
    times,
    run: async (active, indexes) => {
      for (const index of indexes) {
        const test = checks[index];
        const by = test && (await attempt(test, active, 60_000 + 3 * (times[index] ?? 0)));
        if (!by) continue;
        used.add(test);
        return { check: index, by };
      }
      return undefined;
    },
  };
  const found = await search(mutants, suite, minutes);

  // A test that fails without mutants would notice everything.
  for (const test of used) {
    const failure = await attempt(test, [], 180_000);
    if (failure) console.log(`fails without a mutant: ${failure}`);
  }
  await stopBrowser();
  await guide.stop();
  return found;
}
