/** All scenarios with their groups. A group is named after its file in scenarios/ and its folder in recordings/. */
import { globSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Scenario } from './scenario.ts';

/** The exports of a file in scenarios/. */
interface Group {
  /** What its scenarios are about, for readers. */
  heading: string;
  scenarios: Scenario[];
}

const folder = join(import.meta.dirname, 'scenarios');
const groups = await Promise.all(
  globSync('*.ts', { cwd: folder })
    .sort()
    .map(async (file): Promise<[string, Group]> => {
      const { heading, scenarios } = (await import(pathToFileURL(join(folder, file)).href)) as Partial<Group>;
      if (!heading || !scenarios) throw new Error(`scenarios/${file} has to export heading and scenarios.`);
      return [basename(file, '.ts'), { heading, scenarios }];
    }),
);

export const scenarios = groups.flatMap(([group, { scenarios }]) =>
  scenarios.map((scenario): [string, Scenario] => [group, scenario]),
);

/** What the scenarios of each group are about. */
export const headings = Object.fromEntries(groups.map(([group, { heading }]) => [group, heading]));
