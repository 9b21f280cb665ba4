/**
 * Compares recordings and reports the changes in a form that helps a person decide: each difference once, with the
 * scenarios that show it and the claims that cite those scenarios.
 */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Json } from './json.ts';
import type { RecordedStep, Recording } from './recording.ts';

/** A difference between two recordings, in one place. */
interface Change {
  /** The place: `status`, `header vary`, `claim aal`, `body.message`, `mail.subject` … */
  field: string;
  /** Missing if the field is new, or gone. */
  was?: Json;
  is?: Json;
  /** The call whose response differs, without its query. */
  call: string;
}

/** The same difference in all scenarios that show it. */
export interface Difference extends Omit<Change, 'call'> {
  calls: string[];
  scenarios: string[];
}

/** A place that cites a scenario as proof. */
export interface Citation {
  file: string;
  line: number;
  /** The end of the claim. */
  claim: string;
}

/** The contents of a report. */
export interface Report {
  differences: Difference[];
  citations: { [scenario: string]: Citation[] };
  /** The number of scenarios that were compared. */
  compared: number;
  /** The versions of the servers. */
  was: string;
  is: string;
  /** Scenarios that failed, and why. */
  failed: { [scenario: string]: string };
}

/** Compares pairs of recordings of the same scenarios. A different server doesn't count as a difference. */
export function compare(pairs: [was: Recording, is: Recording][]): Difference[] {
  const found = new Map<string, Difference>();
  for (const [was, is] of pairs) {
    for (const { call, ...change } of changesBetween(was.exchanges, is.exchanges)) {
      const key = JSON.stringify(change);
      const difference = found.get(key) ?? { ...change, calls: [], scenarios: [] };
      found.set(key, difference);
      if (call && !difference.calls.includes(call)) difference.calls.push(call);
      if (!difference.scenarios.includes(was.scenario)) difference.scenarios.push(was.scenario);
    }
  }
  return [...found.values()].sort((a, b) => b.scenarios.length - a.scenarios.length);
}

/** Returns the kind of a step. For a call, returns its route. */
function kindOf(step: RecordedStep): string {
  return 'request' in step ? `${step.request.method} ${step.request.path}` : (Object.keys(step)[0] ?? '');
}

function changesBetween(was: RecordedStep[], is: RecordedStep[]): Change[] {
  const [before, after] = [was.map(kindOf), is.map(kindOf)];
  if (!isDeepStrictEqual(before, after)) {
    const at = before.findIndex((kind, index) => kind !== after[index]);
    const index = at < 0 ? before.length : at;
    return [
      {
        field: `step ${index + 1}`,
        ...(before[index] !== undefined && { was: before[index] }),
        ...(after[index] !== undefined && { is: after[index] }),
        call: '',
      },
      ...changesBetween(was.slice(0, index), is.slice(0, index)),
    ];
  }
  let call = '';
  return was.flatMap((step, index) => {
    const now = is[index] as RecordedStep;
    if ('request' in step) call = `${step.request.method} ${step.request.path.replace(/\?.*/, '')}`;
    return changesIn('', step as unknown as Json, now as unknown as Json).map((change) => ({ ...change, call }));
  });
}

/** Translates a path in a step to a name that readers know. */
function fieldAt(path: string): string {
  return path
    .replace(/^response\.headers\./, 'header ')
    .replace(/^response\./, '')
    .replace(/^.*\baccess_token\.claims\./, 'claim ')
    .replace(/^(mail|text)s\[\]/, '$1')
    .replace(/^log\[\]/, 'log');
}

function isObject(value: Json | undefined): value is { [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function changesIn(path: string, was: Json | undefined, is: Json | undefined): Omit<Change, 'call'>[] {
  if (isDeepStrictEqual(was, is) && JSON.stringify(was) === JSON.stringify(is)) return [];
  if (Array.isArray(was) && Array.isArray(is))
    return Array.from({ length: Math.max(was.length, is.length) }).flatMap((_, index) =>
      changesIn(`${path}[]`, was[index], is[index]),
    );
  if (isObject(was) && isObject(is)) {
    const keys = [...new Set([...Object.keys(was), ...Object.keys(is)])];
    const inside = keys.flatMap((key) => changesIn(path ? `${path}.${key}` : key, was[key], is[key]));
    if (inside.length > 0) return inside;
    return [{ field: `order of ${fieldAt(path)}`, was: Object.keys(was), is: Object.keys(is) }];
  }
  return [{ field: fieldAt(path), ...(was !== undefined && { was }), ...(is !== undefined && { is }) }];
}

/**
 * Finds citations of these scenarios in files below `folder`: in `scenario="…"`, which can contain several, and in
 * strings in code. Paths are relative to the working directory.
 */
export function citationsOf(scenarios: string[], folder: string): Report['citations'] {
  const citations: Report['citations'] = Object.fromEntries(scenarios.map((name): [string, Citation[]] => [name, []]));
  for (const file of globSync('**/*.{md,mdx,astro,ts,json}', { cwd: folder }).sort()) {
    const lines = readFileSync(join(folder, file), 'utf8').split('\n');
    for (const [index, line] of lines.entries()) {
      for (const match of line.matchAll(/(?<=["'])[a-z\d][a-z\d -]*(?=["'])/g)) {
        for (const name of match[0].split(' ')) {
          const claim = claimBefore(line.slice(0, match.index));
          citations[name]?.push({ file: join(folder, file).replaceAll('\\', '/'), line: index + 1, claim });
        }
      }
    }
  }
  return citations;
}

/** Returns the last sentence before a citation. Replaces components with their attributes, and drops other markup. */
function claimBefore(text: string): string {
  const plain = text
    .replace(/<\w+ [\w-]+=["']$|[\w$.]+: \[?["']$|["'], \[?["']$/, '')
    .replaceAll(/<[A-Z]\w*((?: [\w-]+="[^"]*")+)\s*\/>/g, (_, attributes: string) =>
      [...attributes.matchAll(/"([^"]*)"/g)].map(([, value]) => `[${value}]`).join(' '),
    )
    .replaceAll(/<[^>]*>/g, '')
    .trim();
  return plain.split(/(?<=[.!?])\s+(?=\S)/).at(-1) ?? '';
}

/** Returns the report as Markdown. */
export function markdownOf({ differences, citations, compared, was, is, failed }: Report): string {
  const changed = new Set(differences.flatMap(({ scenarios }) => scenarios));
  const cited = new Set([...changed].flatMap((name) => (citations[name] ?? []).map(({ file }) => file)));
  const lines = [
    `# Auth ${is} beside recordings of ${was}`,
    '',
    `${compared} scenarios compared. ${count(differences.length, 'difference')} in ${count(changed.size, 'scenario')}, cited in ${count(cited.size, 'file')}.`,
  ];
  for (const { field, was, is, calls, scenarios } of differences) {
    lines.push('', `## ${field}: ${shown(was)} → ${shown(is)}`, '');
    if (calls.length > 0) lines.push(`Calls: ${calls.map((call) => `\`${call}\``).join(', ')}`, '');
    for (const name of scenarios) {
      lines.push(`- \`${name}\``);
      for (const { file, line, claim } of citations[name] ?? [])
        lines.push(`  - ${file}:${line}${claim && `: “${claim}”`}`);
    }
  }
  const failures = Object.entries(failed);
  if (failures.length > 0)
    lines.push(
      '',
      '## Scenarios that can’t be taken to their end',
      '',
      ...failures.map(([name, why]) => `- \`${name}\`: ${why}`),
    );
  return `${lines.join('\n')}\n`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

function shown(value: Json | undefined): string {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value);
  return `\`${text.length > 200 ? `${text.slice(0, 200)}…` : text}\``;
}
