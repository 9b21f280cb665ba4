/** What the nightly workflow reports to maintainers. A script replaces GitHub's `gh` and records its arguments. */
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tell-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** Runs the script with these open issues. Returns the calls that changed something. */
function changesMade(open: { number: number; title: string }[]): { args: string[]; body: string }[] {
  const log = join(folder, 'calls');
  writeFileSync(
    join(folder, 'gh'),
    `#!/usr/bin/env node
const { appendFileSync, readFileSync } = require('node:fs');
const args = process.argv.slice(2);
if (args[1] === 'list') console.log(${JSON.stringify(JSON.stringify(open))});
else appendFileSync(${JSON.stringify(log)}, JSON.stringify({ args, body: readFileSync(0, 'utf8') }) + '\\n');
`,
  );
  chmodSync(join(folder, 'gh'), 0o755);
  execFileSync(process.execPath, [join(import.meta.dirname, 'tell.ts'), folder], {
    env: { ...process.env, PATH: `${folder}${delimiter}${process.env['PATH']}`, RUN_URL: 'https://example.com/run' },
  });
  if (!existsSync(log)) return [];
  return readFileSync(log, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

const title = 'Supabase answers otherwise than recorded';
const head =
  'Found by [the nightly run](https://example.com/run). CONTRIBUTING.md, “Move to a new Auth version”, says what to do.';

test('the first difference opens an issue with the report', () => {
  writeFileSync(join(folder, 'drift.md'), '# Auth v2 beside recordings of v1\n');
  expect(changesMade([{ number: 3, title: `Why ${title}?` }])).toEqual([
    {
      args: ['issue', 'create', '--title', title, '--body-file', '-'],
      body: `${head}\n\n# Auth v2 beside recordings of v1`,
    },
  ]);
});

test('later ones update that issue', () => {
  writeFileSync(join(folder, 'examples.txt'), '1 failed\n');
  expect(changesMade([{ number: 7, title }])).toEqual([
    {
      args: ['issue', 'edit', '7', '--body-file', '-'],
      body: `${head}\n\n# Examples\n\n\`\`\`\`text\n1 failed\n\`\`\`\``,
    },
  ]);
});

test("a report that's too long for an issue is cut, and says where the rest is", () => {
  writeFileSync(join(folder, 'drift.md'), `# Auth\n${'a'.repeat(100_000)}`);
  writeFileSync(join(folder, 'examples.txt'), `${'b'.repeat(100_000)}\n1 failed`);
  const [{ body } = { body: '' }] = changesMade([]);
  expect(body.length).toBeLessThan(65_536);
  expect(body).toContain('…\n\nThe rest is in the artifact of the run.');
  expect(body.endsWith('b\n1 failed\n````')).toBe(true);
});
