/**
 * Runs the same random sequences on the demo project and on a real Supabase Auth, in step:
 * `npm run differential -- --sessions N --seed S [--profile NAME]`.
 *
 * The real server must run with the settings of the profile (default: `unhurried`), see profiles.ts. real-target.ts
 * describes how it's found. A project whose database isn't DATABASE_URL is rejected. Exits with 0 if all responses were
 * the same. At the first difference, exits with 1 and prints the shortest sequence that still differs, as a scenario to
 * keep.
 */
import { diff, parseArgs } from 'node:util';
import fc from 'fast-check';
import { createDemoProject, type PartialConfig, type Snapshot } from '../src/index.ts';
import { Client } from './client.ts';
import { demoTarget } from './demo-target.ts';
import { type Json, print } from './json.ts';
import { type ProfileName, profiles } from './profiles.ts';
import { realTarget, refuseDemoProject } from './real-target.ts';
import type { RecordedStep } from './recording.ts';
import { sequences, type Turn, Walk } from './sequences.ts';
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
 * Creates a demo project that uses this machine's clock, as the real server does. Time passes in the same way too:
 * everything in its tables ages, but existing access tokens don't.
 */
function demoInStep(config: PartialConfig): Target {
  // The clock stops during a request, and never at a whole second, because recordings show whether a time has a fraction.
  let now = 0;
  const clock = () => (now % 1000 === 0 ? now + 1 : now);
  const target = demoTarget(config);
  const { url } = target;
  let project = createDemoProject({ url, config, clock });
  return {
    ...target,
    fetch: (request) => {
      now = Date.now();
      return project.fetch(request);
    },
    now: Date.now,
    advance: async (milliseconds) => {
      project = createDemoProject({ url, config, clock, snapshot: older(project.snapshot(), milliseconds) });
    },
  };
}

/** Returns the tables of a project with all times moved back. */
function older(snapshot: Snapshot, milliseconds: number): Snapshot {
  const isTime = (key: string, value: unknown) => typeof value === 'number' && /^at$|At$|Until$/.test(key);
  const text = JSON.stringify(snapshot, (key, value) => (isTime(key, value) ? value - milliseconds : value));
  return JSON.parse(text) as Snapshot;
}

interface Difference {
  /** The steps up to the first difference. */
  steps: Turn[];
  answers: string;
}

/**
 * Returns whether the exchanges are the same. The two servers respond some milliseconds apart. So the remaining seconds
 * of a limit aren't compared, and passed minutes and token lifetimes may differ by one.
 */
function areSame(real: RecordedStep[], demo: RecordedStep[]): boolean {
  const [asReal, asDemo] = [real, demo].map((exchanges) => {
    const text = JSON.stringify(exchanges)
      .replaceAll(/after (<about \d+>|\d+) seconds/g, 'after some seconds')
      .replaceAll(/now(?=[,>])/g, 'now + 0 min');
    const time = /(?<=now )[+-] \d+(?= min)|(?<="expires_in":"?)\d+/g;
    return {
      text: text.replaceAll(time, ''),
      times: (text.match(time) ?? []).map((at) => Number(at.replace(' ', ''))),
    };
  });
  const isNear = (at: number, index: number) => Math.abs(at - (asDemo?.times[index] ?? 0)) <= 1;
  return asReal?.text === asDemo?.text && asReal?.times.every(isNear) === true;
}

/** Runs the steps on both servers until a response differs. Returns the difference, if any. */
async function compare(steps: Turn[]): Promise<Difference | undefined> {
  const real = new Walk(await Client.start(target));
  const demo = new Walk(await Client.start(demoInStep(profile.config)));
  try {
    for (const [index, step] of steps.entries()) {
      const seen = real.project.exchanges.length;
      await Promise.all([real.take(step), demo.take(step)]);
      const [asReal = [], asDemo = []] = [real, demo].map(({ project }) => project.exchanges.slice(seen));
      if (!areSame(asReal, asDemo)) return { steps: steps.slice(0, index + 1), answers: marked(asReal, asDemo) };
    }
    return undefined;
  } finally {
    // Each row slows down `advance`.
    for (const id of real.users) await real.project.call(`DELETE /admin/users/${id}`, { as: 'service', body: {} });
  }
}

/** Prints both recordings. Lines from the real server only start with +, lines from the demo project only with -. */
function marked(real: RecordedStep[], demo: RecordedStep[]): string {
  const marks = new Map([
    [-1, '-'],
    [0, ' '],
    [1, '+'],
  ]);
  const [asReal = [], asDemo = []] = [real, demo].map((exchanges) => print(exchanges as Json).split('\n'));
  return diff(asReal, asDemo)
    .map(([mark, line]) => `${marks.get(mark)} ${line}`)
    .join('\n');
}

/** Removes all steps that the difference doesn't need. */
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

function report({ steps, answers }: Difference): void {
  console.log(`
scenario(
  'what-it-shows',
  'What it shows, as a sentence',
  walk([
${steps.map((step) => `    ${print(step as Json)},`).join('\n')}
  ]),
  '${values.profile}',
),

The last step, lines of the demo project with -, of the real server with +:
${answers}`);
}
