/** The demo project responds as the recorded server did, and changed recordings are noticed. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { demoTarget } from './demo-target.ts';
import { type Json, print } from './json.ts';
import { profiles } from './profiles.ts';
import { accessTokensIn, type RecordedCall, type Recording } from './recording.ts';
import { folder, pathOf, read, recorded } from './recordings.ts';
import { run, type Scenario, textOf } from './scenario.ts';
import { headings, scenarios } from './scenarios.ts';

/** Runs a scenario on the demo project and returns its recording, as if that server had written it. */
async function onDemoProject(scenario: Scenario, { server }: Recording): Promise<string> {
  return textOf(scenario, server, await run(scenario, demoTarget(profiles[scenario.profile].config)));
}

for (const [group, scenario] of scenarios) {
  if (profiles[scenario.profile].leftOut) continue;
  test(`${group}: ${scenario.name}`, async () => {
    const { text, recording } = read(pathOf(group, scenario));
    expect(await onDemoProject(scenario, recording)).toBe(text);
  });
}

test('every scenario has a recording, every recording a scenario', () => {
  expect(scenarios.map(([group, { name }]) => `${group}/${name}`).sort()).toEqual(recorded());
});

test('the headings of the recordings are those of the scenarios', () => {
  expect(JSON.parse(readFileSync(join(folder, 'headings.json'), 'utf8'))).toEqual(headings);
});

test('no two scenarios have the same name', () => {
  const names = scenarios.map(([, { name }]) => name);
  expect(names.toSorted()).toEqual([...new Set(names)].sort());
});

/** Returns the recording's last call with this route. */
function call({ exchanges }: Recording, route: string): RecordedCall & { index: number } {
  const index = exchanges.findLastIndex(
    (step) => 'request' in step && `${step.request.method} ${step.request.path}` === route,
  );
  const step = exchanges[index];
  if (!step || !('request' in step)) throw new Error(`no ${route} in the recording`);
  return { ...step, index };
}

/** Returns the body of that call's response. */
const bodyOf = (recording: Recording, route: string) => call(recording, route).response.body as { [key: string]: Json };

const edits: [string, (recording: Recording) => void][] = [
  ['a wrong status', (recording) => Object.assign(call(recording, 'PUT /user').response, { status: 403 })],
  ['a missing header', (recording) => delete call(recording, 'PUT /user').response.headers['x-sb-error-code']],
  ['a wrong header', (recording) => Object.assign(call(recording, 'PUT /user').response.headers, { vary: '*' })],
  [
    'another order of keys',
    (recording) => {
      const { response } = call(recording, 'PUT /user');
      response.body = Object.fromEntries(Object.entries(bodyOf(recording, 'PUT /user')).reverse());
    },
  ],
  [
    'a wrong claim',
    (recording) => {
      const [token] = accessTokensIn(bodyOf(recording, 'POST /token?grant_type=password'));
      Object.assign(token?.claims ?? {}, { aal: 'aal2' });
    },
  ],
  ['a side effect that did not take place', (recording) => delete bodyOf(recording, 'GET /user')['recovery_sent_at']],
  ['a call that was not made', (recording) => recording.exchanges.splice(call(recording, 'GET /user').index, 1)],
  ['another user of the same kind', (recording) => Object.assign(bodyOf(recording, 'GET /user'), { id: '<user 2>' })],
];

describe('an edited recording is caught', () => {
  const name = 'recovery-session-cannot-change-password';
  const [group, scenario] = scenarios.find(([, scenario]) => scenario.name === name) ?? [];
  if (!group || !scenario) throw new Error(`no scenario ${name}`);

  for (const [what, edit] of edits) {
    test(what, async () => {
      const { text, recording } = read(pathOf(group, scenario));
      edit(recording);
      const edited = `${print(recording as unknown as Json)}\n`;
      expect(edited).not.toBe(text);
      expect(await onDemoProject(scenario, recording)).not.toBe(edited);
      expect(await onDemoProject(scenario, recording)).toBe(text);
    });
  }
});
