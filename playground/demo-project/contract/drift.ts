/**
 * `npm run drift`: whether a server answers as recorded. Runs the scenarios of the default settings on the real target (real-target.ts says how it is
 * found), writes no recording, and prints each difference, as Markdown. Ends with 1 if there is one.
 *
 * A server whose hook is a database function (playground/demo-project/supabase) may do two things otherwise: it does not keep the order of
 * keys in text messages, and its log names that function.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Json, print } from './json.ts';
import type { Exchange } from './project.ts';
import { realTarget, refuseDemoProject } from './real-target.ts';
import { pathOf, read } from './recording.ts';
import { run } from './scenario.ts';
import { scenarios } from './scenarios.ts';

function sorted(value: Json): Json {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, item]) => [key, sorted(item)]));
}

function textOf(exchanges: Exchange[]): string {
  const text = print(exchanges.map((exchange) => ('texts' in exchange ? sorted(exchange) : exchange)));
  return `${text.replaceAll('"pg-functions://postgres/public/send_sms"', '"<project>/sms"')}\n`;
}

const target = realTarget();
await refuseDemoProject(target);
const folder = mkdtempSync(join(tmpdir(), 'drift-'));
let differences = 0;
let compared = 0;
for (const [group, scenario] of scenarios) {
  if (scenario.profile !== 'default') continue;
  compared += 1;
  const files = { recorded: join(folder, 'recorded'), found: join(folder, 'found') };
  writeFileSync(files.recorded, textOf(read(pathOf(group, scenario)).recording.exchanges));
  let found: string;
  try {
    found = textOf(await run(scenario, target));
  } catch (error) {
    found = `${error}\n`; // a step that could not be taken is a difference like any other
  }
  writeFileSync(files.found, found);
  try {
    execFileSync('git', ['diff', '--no-index', '--no-color', files.recorded, files.found], { encoding: 'utf8' });
  } catch (error) {
    const { stdout = String(error) } = error as { stdout?: string };
    differences += 1;
    console.log(
      `### ${group}: ${scenario.name}\n\n${scenario.title}\n\n\`\`\`diff\n${stdout.replace(/^.*?(?=@@)/s, '')}\`\`\`\n`,
    );
  }
}
rmSync(folder, { recursive: true });
const health = (await (await target.fetch(new Request(`${target.url}/auth/v1/health`))).json()) as { version: string };
console.log(`${compared} scenarios on Auth ${health.version}, ${differences} answered otherwise than recorded.`);
process.exitCode = differences > 0 ? 1 : 0;
