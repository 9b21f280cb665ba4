/** The report on a server that differs from the recordings, and adopting its recordings. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { adopt } from './adopt.ts';
import { demoTarget } from './demo-target.ts';
import { Planted } from './planted.ts';
import { profiles } from './profiles.ts';
import type { RecordedStep, Recording } from './recording.ts';
import { pathOf, read, recorded } from './recordings.ts';
import { citationsOf, compare, markdownOf } from './report.ts';
import { run } from './scenario.ts';
import { scenarios } from './scenarios.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'report-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

function write(files: { [path: string]: string }): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

test('it names exactly the status, the claim and the header that a changed server differs in', async () => {
  const pairs: [Recording, Recording][] = [];
  for (const [group, scenario] of scenarios) {
    if (!['recover', 'sessions'].includes(group)) continue;
    const { recording } = read(pathOf(group, scenario));
    const target = demoTarget(profiles[scenario.profile].config);
    const planted = new Planted('/auth/v1', target.fetch);
    const exchanges = await run(scenario, { ...target, fetch: (request) => planted.fetch(request) });
    pairs.push([recording, { ...recording, exchanges, server: { name: 'GoTrue', version: 'v3' } }]);
  }
  const found = compare(pairs);
  expect(found.map(({ field, was, is, calls }) => ({ field, was, is, calls }))).toEqual(
    expect.arrayContaining([
      { field: 'status', was: 401, is: 403, calls: ['PUT /user'] },
      { field: 'claim role', was: 'authenticated', is: 'member', calls: ['POST /token'] },
      { field: 'header cache-control', is: 'no-store', calls: ['POST /logout'] },
    ]),
  );
  expect(found).toHaveLength(3);
  expect(found.find(({ field }) => field === 'status')?.scenarios).toContain('recovery-session-cannot-change-password');
});

const recordingOf = (...exchanges: RecordedStep[]): Recording => ({
  scenario: 'a-scenario',
  title: 'A scenario',
  server: { name: 'GoTrue', version: 'v1' },
  settings: {},
  exchanges,
});
const answered = (body: { [key: string]: string }): RecordedStep => ({
  request: { method: 'GET', path: '/user?a=b', headers: {} },
  response: { status: 200, headers: {}, body },
});

test.each([
  [
    'another order of keys',
    [answered({ a: '1', b: '2' })],
    [answered({ b: '2', a: '1' })],
    [{ field: 'order of body', was: ['a', 'b'], is: ['b', 'a'], calls: ['GET /user'] }],
  ],
  [
    'a field that is gone',
    [answered({ a: '1' })],
    [answered({})],
    [{ field: 'body.a', was: '1', calls: ['GET /user'] }],
  ],
  [
    'a line of the log',
    [answered({}), { log: [{ msg: 'one' }] }],
    [answered({}), { log: [{ msg: 'two' }] }],
    [{ field: 'log.msg', was: 'one', is: 'two', calls: ['GET /user'] }],
  ],
  [
    'a step that is not taken any more, and what changed before it',
    [answered({ a: '1' }), { given: 'more' }],
    [answered({ a: '2' })],
    [
      { field: 'step 2', was: 'given', calls: [] },
      { field: 'body.a', was: '1', is: '2', calls: ['GET /user'] },
    ],
  ],
] as [string, RecordedStep[], RecordedStep[], object[]][])('it tells %s', (_, was, is, differences) => {
  expect(compare([[recordingOf(...was), recordingOf(...is)]])).toEqual(
    differences.map((difference) => ({ ...difference, scenarios: ['a-scenario'] })),
  );
});

test('it lists the claims that cite a scenario, with page and line', () => {
  write({
    'content/docs/page.mdx': [
      'First this. A recovery session is at <Aal level="1" />.<Proof scenario="other a-scenario" />',
      'About a-scenario in passing.',
    ].join('\n'),
    'book/calls.ts': "  { name: 'x', scenario: 'a-scenario' },\n  ['Stay.', 'a-scenario-more'],",
  });
  expect(citationsOf(['a-scenario'], folder)).toEqual({
    'a-scenario': [
      { file: join(folder, 'book/calls.ts'), line: 1, claim: "{ name: 'x'," },
      { file: join(folder, 'content/docs/page.mdx'), line: 1, claim: 'A recovery session is at [1].' },
    ],
  });
});

test('it reads as a list of decisions', () => {
  const report = {
    differences: [{ field: 'status', was: 401, is: 403, calls: ['PUT /user'], scenarios: ['a-scenario', 'another'] }],
    citations: { 'a-scenario': [{ file: 'src/page.mdx', line: 3, claim: 'It is refused.' }] },
    failed: { broken: 'no session in 500' },
    compared: 349,
    was: 'v1',
    is: 'v2',
  };
  expect(markdownOf(report)).toBe(`# Auth v2 beside recordings of v1

349 scenarios compared. 1 difference in 2 scenarios, cited in 1 file.

## status: \`401\` → \`403\`

Calls: \`PUT /user\`

- \`a-scenario\`
  - src/page.mdx:3: “It is refused.”
- \`another\`

## Scenarios that can’t be taken to their end

- \`broken\`: no session in 500
`);
});

test('recordings are adopted one by one, and the date with the last of them', () => {
  const [from, to] = [join(folder, 'beside'), join(folder, 'recordings')];
  write({
    'beside/user/one.json': 'new one',
    'beside/user/two.json': 'new two',
    'beside/token/three.json': 'new three',
    'beside/recorded.json': 'today',
    'recordings/user/one.json': 'old one',
    'recordings/user/two.json': 'old two',
    'recorded.json': 'yesterday',
  });
  const text = (path: string) => readFileSync(join(folder, path), 'utf8');
  expect(adopt(['nothing'], { from, to })).toEqual([]);
  expect(adopt(['one'], { from, to })).toEqual(['user/one']);
  expect([text('recordings/user/one.json'), text('recordings/user/two.json'), text('recorded.json')]).toEqual([
    'new one',
    'old two',
    'yesterday',
  ]);
  expect(adopt([], { from, to })).toEqual(['token/three', 'user/two']);
  expect([text('recordings/user/two.json'), text('recordings/token/three.json'), text('recorded.json')]).toEqual([
    'new two',
    'new three',
    'today',
  ]);
  expect(recorded(from)).toEqual([]);
});
