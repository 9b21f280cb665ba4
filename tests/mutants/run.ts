/**
 * `npm run mutants [-- AREA | FILE …] [--sample N] [--seed S] [--again] [--minutes M]`: breaks the code in every small
 * way that Stryker knows, and reports which breaks nothing notices.
 *
 * Compiles all mutants of an area, or of the named files, into one copy of the sources, each behind a switch. Then runs
 * the area's tests with mutants switched on, but only the tests that reach them: see search.ts.
 *
 * - `--sample` tries only N of an area's mutants, drawn at random. `--seed` (default 1) decides which.
 * - `--minutes` stops after that time. The score then covers only the mutants that were tried.
 * - `--again` skips building the guide, for a second run of the same areas in which only tests have changed.
 *
 * Writes the score and the survivors of each whole area to result.json. accepted.json lists survivors that nobody can
 * notice, each with its reason. Exits with code 1 if an area is below 90 %.
 */
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { builtBefore, noticedInBrowser } from './browser.ts';
import { type Instrumented, instrument, type Mutant } from './instrument.ts';
import { noticedRules } from './rules.ts';
import type { Found, Options } from './search.ts';

interface Area {
  files: string[];
  /** Areas with the same value are compiled and tried together. */
  together: 'rules' | 'browser';
}

const areas: { [name: string]: Area } = {
  rules: { files: ['playground/demo-project/src/{auth,routes}/*.ts'], together: 'rules' },
  // What each flow does, in plain TypeScript. Examples in other frameworks share the part that talks to
  // Auth, and pass the same specs.
  examples: {
    files: ['playground/examples/{phone-step-up,reproduce-the-401,totp-step-up}/src/!(*.d).ts'],
    together: 'browser',
  },
  devices: { files: ['playground/runtime/devices/*.ts', 'playground/runtime/page.ts'], together: 'browser' },
  // Leaves out files.ts, which runs while the guide is built.
  sandbox: { files: ['src/sandbox/!(files).ts'], together: 'browser' },
};

const notice: {
  [group in Area['together']]: (all: Instrumented, mutants: Mutant[], options: Options) => Promise<Found>;
} = { rules: noticedRules, browser: noticedInBrowser };

interface Result {
  /** How many mutants there are and how many were tried. */
  mutants: number;
  tried: number;
  seed?: number;
  noticed: number;
  accepted: number;
  /** The percentage of the tried mutants (without accepted survivors) that was noticed. */
  score: number;
  survivors: string[];
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    sample: { type: 'string' },
    seed: { type: 'string', default: '1' },
    again: { type: 'boolean', default: false },
    minutes: { type: 'string' },
  },
});

/** Draws this many items at random. The same seed draws the same items. */
function draw<Item>(items: Item[], count: number, seed: number): Item[] {
  let state = seed;
  const random = () => {
    state = (state + 0x6d2b79f5) | 0; // mulberry32
    let bits = Math.imul(state ^ (state >>> 15), 1 | state);
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
    return (bits ^ (bits >>> 14)) >>> 0;
  };
  const drawn = items.map((item) => [random(), item] as const).sort(([a], [b]) => a - b);
  return drawn.slice(0, count).map(([, item]) => item);
}

const root = join(import.meta.dirname, '../..');
const read = <Content>(file: string) => JSON.parse(readFileSync(join(import.meta.dirname, file), 'utf8')) as Content;
const accepted = new Set(
  read<{ reason: string; mutants: string[] }[]>('accepted.json').flatMap(({ mutants }) => mutants),
);
const named = positionals.filter((word) => !(word in areas));
const areasNamed = positionals.filter((word) => word in areas);
const chosen = Object.entries(areas).filter(([name]) => areasNamed.length === 0 || areasNamed.includes(name));

/** Returns the files that match these patterns. Identical files count once. */
function once(files: string[]): string[] {
  const all = globSync(files, { cwd: root })
    .map((path) => path.replaceAll('\\', '/'))
    .sort();
  return [...new Map(all.map((path) => [readFileSync(join(root, path), 'utf8'), path])).values()];
}

/** Returns the named files of an area, or all of its files. */
function filesOf({ files }: Area): string[] {
  return once(files).filter((path) => named.length === 0 || named.some((end) => path.endsWith(end)));
}

/** Prints the result of an area, and saves it if it covers every file. Returns whether it's good enough. */
function report(name: string, mutants: Mutant[], tried: Mutant[], noticed: Map<string, string>): boolean {
  const survivors = tried.filter(({ id }) => !noticed.has(id));
  const open = survivors.filter(({ what }) => !accepted.has(what));
  const seen = tried.length - survivors.length;
  const triedNow = new Set(tried.map(({ what }) => what));
  const there = new Set(mutants.map(({ what }) => what));
  const files = new Set(mutants.map(({ file }) => file));
  const stale = [...accepted].filter(
    (what) =>
      (files.has(what.split(':')[0] ?? '') && !there.has(what)) ||
      (triedNow.has(what) && !survivors.some((survivor) => survivor.what === what)),
  );
  for (const { what, line } of open) console.log(`survived, line ${line}: ${what}`);
  for (const what of stale) console.log(`accepted, but noticed or not there any more: ${what}`);
  const score = Math.floor((1000 * seen) / (seen + open.length)) / 10;
  console.log(
    `${name}: ${seen} noticed, ${survivors.length - open.length} accepted, ${open.length} survived: ${score} %`,
  );
  if (named.length === 0) {
    const result: Result = {
      mutants: mutants.length,
      tried: tried.length,
      ...(values.sample ? { seed: Number(values.seed) } : {}),
      noticed: seen,
      accepted: survivors.length - open.length,
      score,
      survivors: open.map(({ what }) => what),
    };
    const results = { ...read<{ [area: string]: Result }>('result.json'), [name]: result };
    writeFileSync(join(import.meta.dirname, 'result.json'), `${JSON.stringify(results, undefined, 2)}\n`);
  }
  return score >= 90 && stale.length === 0;
}

let passed = true;
for (const group of ['rules', 'browser'] as const) {
  const parts = chosen
    .filter(([, { together }]) => together === group)
    .map(([name, area]) => ({ name, files: new Set(filesOf(area)) }))
    .filter(({ files }) => files.size > 0);
  if (parts.length === 0) continue;
  // In a page, everything is compiled together, so a mutant has the same number whichever area is tried.
  const whole = Object.values(areas).filter(({ together }) => together === group);
  const instrumented =
    group === 'rules'
      ? await instrument(parts.flatMap(({ files }) => [...files]))
      : values.again
        ? builtBefore()
        : await instrument(whole.flatMap(({ files }) => once(files)));
  const drawn = parts.map(({ name, files }) => {
    const mutants = instrumented.mutants.filter(({ file }) => files.has(file));
    const tried = values.sample ? draw(mutants, Number(values.sample), Number(values.seed)) : mutants;
    console.log(`${name}: ${mutants.length} mutants in ${files.size} files, ${tried.length} are tried`);
    return tried;
  });
  const { tried, noticed } = await notice[group](instrumented, drawn.flat(), {
    again: values.again,
    minutes: values.minutes === undefined ? undefined : Number(values.minutes),
  });
  for (const { name, files } of parts) {
    const isPart = ({ file }: Mutant) => files.has(file);
    passed = report(name, instrumented.mutants.filter(isPart), tried.filter(isPart), noticed) && passed;
  }
}
process.exit(passed ? 0 : 1);
