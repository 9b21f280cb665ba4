/** The mutants of what runs in a page: the examples, the devices beside them, the sandbox around them. Noticed by their specs. */
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
/** The specs that are about the sources in a folder. Other specs notice more: what comes out here is the least. */
const specsOf = {
  'playground/examples/': 'tests/examples/*.spec.ts',
  'playground/runtime/': 'tests/site/devices.spec.ts',
  'src/sandbox/': 'tests/site/sandbox.spec.ts',
};

/** Where the copy is built that has the mutants in it: below the repository, where its packages are found as well. */
const folder = join(root, 'test-results/mutants');

/** The mutants that each test reaches, and how many milliseconds it takes, by its title. */
type Reached = { [title: string]: { ids: string[]; time: number } };

/** The guide and its examples, built with all mutants in them. */
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
  // Of the guide's own packages only the fonts are read from this folder.
  for (const modules of [
    'node_modules/@fontsource',
    ...globSync('playground/{*,examples/*}/node_modules', { cwd: root }),
  ])
    symlinkSync(join(root, modules), join(folder, modules), 'junction');
  const write = (isWanted: (path: string) => boolean) => {
    for (const [path, text] of texts) if (isWanted(path)) writeFileSync(join(folder, path), text);
  };
  // The guide shows the examples' files as they are, so it's built before these are changed.
  write((path) => path.startsWith('src/'));
  run('npm run build');
  write((path) => path.startsWith('playground/'));
  run('node playground/build.ts dist/play');
  writeFileSync(join(folder, 'mutants.json'), JSON.stringify(mutants));
}

/** The mutants in the copy that was built last. */
export function builtBefore(): Instrumented {
  return { mutants: JSON.parse(readFileSync(join(folder, 'mutants.json'), 'utf8')), texts: new Map() };
}

/** An example's file that others have too, word for word, has its mutants in all of them. */
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

/** What a page knows of mutants before anything else runs in it. */
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

/** Says by what each of these mutants was noticed. */
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
  const everyday = tests.filter(({ tags }) => !tags.includes('@framework') && !tags.includes('@all'));

  /** Runs a test with these mutants on. Answers what it threw, and tells the mutants that it reached. */
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
    passed.catch(() => undefined); // after `late` nobody else hears of it
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
  for (const test of everyday.filter(({ title }) => !reached[title])) {
    const covered = new Set<string>();
    const started = performance.now();
    const failure = await attempt(test, [], 180_000, covered);
    // It says nothing about mutants then: it needs more time, or compares the files of the copy with others.
    if (failure) console.log(`left out: ${failure}`);
    else reached[test.title] = { ids: [...covered], time: performance.now() - started };
    writeFileSync(kept, JSON.stringify(reached));
  }
  const checks = everyday.filter(({ title }) => reached[title]);
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

  // A test that fails by itself would notice everything.
  for (const test of used) {
    const failure = await attempt(test, [], 180_000);
    if (failure) console.log(`fails without a mutant: ${failure}`);
  }
  await stopBrowser();
  await guide.stop();
  return found;
}
