/**
 * Compares a server with the recordings. `npm run drift -- --all [group or scenario …]` starts a server for each
 * profile in turn (real-server.ts lists what this needs) and records every scenario in `recordings-beside`. It prints
 * the differences from the current recordings to stdout, as Markdown. `npm run adopt` makes the new recordings current.
 *
 * Without `--all`, runs the scenarios of one profile (`--profile NAME`, or `default`) on the server that the
 * environment names: see real-target.ts. `--cited-in FOLDER` is where to look for the claims that the report lists.
 * `--port` is where to start servers. Exits with 1 if something differs.
 *
 * A server whose hook is a database function (playground/demo-project/supabase) may differ in two ways: it doesn't keep
 * the order of keys in text messages, and its log names the function.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Json } from './json.ts';
import { take } from './recorder.ts';
import type { RecordedStep, Recording } from './recording.ts';
import { beside, pathOf, read, today } from './recordings.ts';
import { citationsOf, compare, markdownOf, type Report } from './report.ts';
import { textOf } from './scenario.ts';

const { values, positionals: names } = parseArgs({
  allowPositionals: true,
  options: {
    all: { type: 'boolean', default: false },
    profile: { type: 'string', default: 'default' },
    port: { type: 'string', default: '54321' },
    'cited-in': { type: 'string' },
  },
});

/** Removes the differences that a hook in the database causes. */
function comparable(recording: Recording): Recording {
  const exchanges = recording.exchanges.map((step) => ('texts' in step ? { texts: step.texts.map(sorted) } : step));
  const text = JSON.stringify(exchanges).replaceAll('"pg-functions://postgres/public/send_sms"', '"<project>/sms"');
  return { ...recording, exchanges: JSON.parse(text) as RecordedStep[] };
}

function sorted(value: Json): Json {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, item]) => [key, sorted(item)]));
}

rmSync(beside, { recursive: true, force: true });
const pairs: [was: Recording, is: Recording][] = [];
const failed: Report['failed'] = {};
let is = '';
for await (const { group, scenario, server, steps } of take({ ...values, names, port: Number(values.port) })) {
  is = server.version;
  if (steps instanceof Error) {
    failed[scenario.name] = steps.message;
    continue;
  }
  const text = textOf(scenario, server, steps);
  const path = pathOf(group, scenario, beside);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  const { recording } = read(pathOf(group, scenario));
  pairs.push([comparable(recording), comparable(JSON.parse(text) as Recording)]);
}
if (values.all && names.length === 0) writeFileSync(join(beside, 'recorded.json'), today(is));

const differences = compare(pairs);
const was = [...new Set(pairs.map(([{ server }]) => server.version))].join(', ');
const folder = values['cited-in'];
const changed = [...new Set([...differences.flatMap(({ scenarios }) => scenarios), ...Object.keys(failed)])];
const citations = folder ? citationsOf(changed, folder) : {};
console.log(markdownOf({ differences, citations, compared: pairs.length, was, is, failed }));
process.exitCode = changed.length > 0 ? 1 : 0;
