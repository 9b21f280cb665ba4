/**
 * Runs the same random sequences on the demo project and on a real Supabase Auth, in step: `npm run differential -- --sessions N --seed S [--profile NAME]`.
 *
 * The real server runs with the settings of the profile (`unhurried` if none is named), see profiles.ts; real-target.ts says how it is found. A project
 * that is not backed by DATABASE_URL is refused. Ends with 0 when all answers were the same. At the first difference it ends with 1 and prints
 * that sequence, as short as it still differs, as a scenario to keep.
 */
import { parseArgs } from 'node:util';
import fc from 'fast-check';
import { createDemoProject } from '../../playground/demo-project/src/app.ts';
import type { PartialConfig } from '../../playground/demo-project/src/config.ts';
import type { Snapshot } from '../../playground/demo-project/src/store.ts';
import { demoTarget } from './demo-target.ts';
import { type Json, print } from './json.ts';
import { type ProfileName, profiles } from './profiles.ts';
import { Project } from './project.ts';
import { realTarget, refuseDemoProject } from './real-target.ts';
import { type Step, sequences, Walk } from './sequences.ts';
import type { Target } from './target.ts';

const { values } = parseArgs({
  options: {
    sessions: { type: 'string', default: '100' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    profile: { type: 'string', default: 'unhurried' },
  },
});
if (!Object.hasOwn(profiles, values.profile))
  throw new Error(`--profile is one of ${Object.keys(profiles).join(', ')}`);
const profile = profiles[values.profile as ProfileName];
const [sessions, seed] = [Number(values.sessions), Number(values.seed)];

/**
 * A new demo project that goes by this machine's clock, as the real server does, and whose time passes in the same way: everything in its
 * tables gets older, access tokens in hand do not.
 */
function demoInStep(config: PartialConfig): Target {
  // Never a whole second: times tell whether they have a fraction.
  const clock = () => Math.max(Date.now(), Math.floor(Date.now() / 1000) * 1000 + 1);
  const target = demoTarget(config);
  const { url } = target;
  let project = createDemoProject({ url, config, clock });
  return {
    ...target,
    fetch: (request) => project.fetch(request),
    now: clock,
    advance: async (milliseconds) => {
      project = createDemoProject({ url, config, clock, snapshot: older(project.snapshot(), milliseconds) });
    },
  };
}

/** The tables of a project with every time in them moved back. */
function older(snapshot: Snapshot, milliseconds: number): Snapshot {
  const isTime = (key: string, value: unknown) => typeof value === 'number' && /^at$|At$|Until$/.test(key);
  const text = JSON.stringify(snapshot, (key, value) => (isTime(key, value) ? value - milliseconds : value));
  return JSON.parse(text) as Snapshot;
}

interface Difference {
  /** The steps up to that which was answered differently. */
  steps: Step[];
  real: string;
  demo: string;
}

/** Takes the steps on both, until an answer differs; then returns how. */
async function compare(steps: Step[]): Promise<Difference | undefined> {
  const real = new Walk(await Project.start(realTarget()));
  const demo = new Walk(await Project.start(demoInStep(profile.config)));
  try {
    for (const [index, step] of steps.entries()) {
      const seen = real.project.exchanges.length;
      await Promise.all([real.take(step), demo.take(step)]);
      const news = [real, demo].map(({ project }) => print(project.exchanges.slice(seen) as Json));
      if (news[0] !== news[1]) return { steps: steps.slice(0, index + 1), real: news[0] ?? '', demo: news[1] ?? '' };
    }
    return undefined;
  } finally {
    // Every row makes the passing of time slower.
    for (const id of real.users) await real.project.call(`DELETE /admin/users/${id}`, { as: 'service', body: {} });
  }
}

/** The difference without every step that it does not take. */
async function shrink(difference: Difference): Promise<Difference> {
  let shortest = difference;
  for (let size = Math.ceil(difference.steps.length / 2); size >= 1; size = Math.floor(size / 2)) {
    for (let at = 0; at < shortest.steps.length - 1; ) {
      const without = await compare(shortest.steps.toSpliced(at, Math.min(size, shortest.steps.length - 1 - at)));
      if (without) shortest = without;
      else at += size;
    }
  }
  return shortest;
}

const target = realTarget();
await refuseDemoProject(target);
console.log(`${sessions} sessions, seed ${seed}, profile ${values.profile}; the server must run with`, profile.server);

const started = performance.now();
let steps = 0;
for (const [index, sequence] of fc.sample(sequences(25, 35), { seed, numRuns: sessions }).entries()) {
  const difference = await compare(sequence);
  if (difference) {
    console.log(`Session ${index + 1} differs. Shrinking …`);
    report(await shrink(difference));
    process.exit(1);
  }
  steps += sequence.length;
  const done = index + 1;
  if (done % 10 === 0 || done === sessions)
    console.log(
      `${done} sessions, ${steps} steps, no difference, ${Math.round((performance.now() - started) / 1000)} s`,
    );
}

function report({ steps, real, demo }: Difference): void {
  const lines = steps.map((step) => `    ${print(step as Json)},`);
  console.log(`
scenario(
  'what-it-shows',
  'What it shows, as a sentence',
  walk([
${lines.join('\n')}
  ]),
  '${values.profile}',
),

real server:
${real}

demo project:
${demo}`);
}
