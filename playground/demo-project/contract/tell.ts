/**
 * Reports what the nightly workflow (.github/workflows/real.yml) found: `node tell.ts FOLDER` opens an issue, or
 * updates the open one.
 *
 * FOLDER contains `drift.md`, the report of drift.ts, and `examples.txt`, the output of the example specs. A file is
 * missing if nothing was found. Needs GitHub's `gh` with GH_TOKEN and GH_REPO, and RUN_URL, the URL of the workflow
 * run. This script has permission to write issues, so it runs nothing but `gh`.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const title = 'Supabase answers otherwise than recorded';

/** GitHub accepts up to 65,536 characters. */
const limits = { drift: 45_000, examples: 15_000 };

/** Shortens a text to the limit. Keeps the start of a report, or the end of a log. */
function shorten(text: string, limit: number, from: 'start' | 'end'): string {
  if (text.length <= limit) return text;
  return from === 'start'
    ? `${text.slice(0, limit)}…\n\nThe rest is in the artifact of the run.`
    : `…${text.slice(-limit)}`;
}

/** Returns the text of the issue. */
export function bodyOf(folder: string, runUrl: string): string {
  const read = (file: string) => {
    const path = join(folder, file);
    return existsSync(path) ? readFileSync(path, 'utf8').trim() : '';
  };
  const [drift, examples] = [read('drift.md'), read('examples.txt')];
  return [
    `Found by [the nightly run](${runUrl}). CONTRIBUTING.md, “Move to a new Auth version”, says what to do.`,
    ...(drift ? [shorten(drift, limits.drift, 'start')] : []),
    ...(examples ? ['# Examples', `\`\`\`\`text\n${shorten(examples, limits.examples, 'end')}\n\`\`\`\``] : []),
  ].join('\n\n');
}

/** Updates the open issue with this title, or opens one. Returns what it did. */
export function tell(body: string): string {
  const gh = (...args: string[]) => execFileSync('gh', ['issue', ...args], { input: body, encoding: 'utf8' }).trim();
  const found = gh('list', '--state', 'open', '--search', `in:title "${title}"`, '--json', 'number,title');
  const open = (JSON.parse(found) as { number: number; title: string }[]).find((issue) => issue.title === title);
  if (!open) return gh('create', '--title', title, '--body-file', '-');
  return gh('edit', String(open.number), '--body-file', '-');
}

if (import.meta.main) {
  const [folder = '.'] = process.argv.slice(2);
  console.log(tell(bodyOf(folder, process.env['RUN_URL'] ?? '')));
}
