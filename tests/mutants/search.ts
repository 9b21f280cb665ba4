/** Finds out which mutants are noticed, with as few runs of the checks as possible. */
import type { Mutant } from './instrument.ts';

export interface Suite {
  /** The ids of the mutants that each check reaches. */
  reached: ReadonlySet<string>[];
  /** How long each check takes, in milliseconds. */
  times: number[];
  /** Runs checks with these mutants on until one notices. Returns that check and how it noticed. */
  run: (active: string[], checks: number[]) => Promise<{ check: number; by: string } | undefined>;
}

export interface Options {
  /** Stop trying mutants after this many minutes. */
  minutes?: number | undefined;
  /** Reuse the last copy that was built, and what's known about its tests. */
  again: boolean;
}

export interface Found {
  tried: Mutant[];
  /** What noticed each mutant, by the mutant's id. */
  noticed: Map<string, string>;
}

/** How many checks run on a mutant alone before the remaining mutants are tried together. */
const alone = 4;
const together = 24;

/**
 * Finds out what notices each mutant. A tried mutant that nothing notices is a survivor.
 * Stops after `minutes`, if given.
 *
 * First tries each mutant alone, with the checks that are likely to notice it: checks that noticed its neighbors, and
 * checks that reach little else. Most of the rest are survivors. Running every check for each of them would take many
 * times as long, so they're tried in groups. If a check notices a group, the group is halved until it's known which of
 * its mutants the check notices alone.
 */
export async function search(
  mutants: Mutant[],
  { reached, times, run }: Suite,
  minutes = Number.POSITIVE_INFINITY,
): Promise<Found> {
  const noticed = new Map<string, string>();
  const checks = reached.map((_, check) => check);
  const cost = (check: number) => (times[check] ?? 0) * Math.sqrt(reached[check]?.size ?? 0);
  const cheapFirst = checks.toSorted((a, b) => cost(a) - cost(b));
  let known: number[] = [];
  const started = Date.now();
  const report = (done: string) =>
    console.log(`${done}, ${noticed.size} noticed, ${Math.round((Date.now() - started) / 1000)} s`);

  const tried: Mutant[] = [];
  for (const mutant of mutants) {
    if (Date.now() > started + minutes * 60_000) break;
    tried.push(mutant);
    const { id } = mutant;
    const reaching = new Set(cheapFirst.filter((check) => reached[check]?.has(id)));
    const likely = [...known.filter((check) => reaching.has(check)).slice(0, 2), ...reaching];
    const found = reaching.size > 0 && (await run([id], [...new Set(likely)].slice(0, alone)));
    if (found) {
      noticed.set(id, found.by);
      known = [found.check, ...known.filter((check) => check !== found.check)].slice(0, 8);
    }
    if (tried.length % 20 === 0) report(`${tried.length} of ${mutants.length} tried alone`);
  }

  /** Mutants on one line hide each other, so neighbors go to different groups. */
  const left = tried.map(({ id }) => id).filter((id) => !noticed.has(id) && reached.some((ids) => ids.has(id)));
  const count = Math.ceil(left.length / together);
  const groups = Array.from({ length: count }, (_, group) => left.filter((_, index) => index % count === group));
  for (const [index, group] of groups.entries()) {
    await tryTogether(group, cheapFirst);
    report(`group ${index + 1} of ${count} tried`);
  }
  return { tried, noticed };

  async function tryTogether(group: string[], order: number[]): Promise<void> {
    for (const check of order) {
      const members = group.filter((id) => !noticed.has(id) && reached[check]?.has(id));
      const found = members.length > 0 && (await run(members, [check]));
      if (!found) continue;
      if (members.length === 1) noticed.set(members[0] ?? '', found.by);
      else {
        const half = Math.ceil(members.length / 2);
        await tryTogether(members.slice(0, half), [check]);
        await tryTogether(members.slice(half), [check]);
      }
    }
  }
}
