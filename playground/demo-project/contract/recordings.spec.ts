/** The demo project answers as the recorded server did; and a recording that says something else is noticed. */
import { describe, expect, test } from 'vitest';
import { demoTarget } from './demo-target.ts';
import { type Json, print } from './json.ts';
import { profiles } from './profiles.ts';
import type { Exchange } from './project.ts';
import { pathOf, type Recording, read, recorded, textOf } from './recording.ts';
import { run, type Scenario } from './scenario.ts';
import { scenarios } from './scenarios.ts';

/** Runs a scenario on the demo project and writes down what happened as a recording of that server would say it. */
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

test('scenarios have names of their own', () => {
  const names = scenarios.map(([, { name }]) => name);
  expect(names.toSorted()).toEqual([...new Set(names)].sort());
});

/** The step of a recording with this route and, of several, the last. */
function step({ exchanges }: Recording, route: string): { request: Exchange; response: Exchange; index: number } {
  const index = exchanges.findLastIndex(({ request }) => {
    const { method, path } = (request ?? {}) as Exchange;
    return `${method} ${path}` === route;
  });
  const { request, response } = exchanges[index] ?? {};
  if (!request || !response) throw new Error(`no ${route} in the recording`);
  return { request: request as Exchange, response: response as Exchange, index };
}

const edits: [string, (recording: Recording) => void][] = [
  ['a wrong status', (recording) => Object.assign(step(recording, 'PUT /user').response, { status: 403 })],
  [
    'a missing header',
    (recording) => delete (step(recording, 'PUT /user').response['headers'] as Exchange)['x-sb-error-code'],
  ],
  [
    'a wrong header',
    (recording) => Object.assign(step(recording, 'PUT /user').response['headers'] as Exchange, { vary: '*' }),
  ],
  [
    'another order of keys',
    (recording) => {
      const { response } = step(recording, 'PUT /user');
      response['body'] = Object.fromEntries(Object.entries(response['body'] as Exchange).reverse());
    },
  ],
  [
    'a wrong claim',
    (recording) => {
      const { response } = step(recording, 'POST /token?grant_type=password');
      const token = (response['body'] as { access_token: { claims: Exchange } }).access_token;
      token.claims['aal'] = 'aal2';
    },
  ],
  [
    'a side effect that did not take place',
    (recording) => delete (step(recording, 'GET /user').response['body'] as Exchange)['recovery_sent_at'],
  ],
  ['a call that was not made', (recording) => recording.exchanges.splice(step(recording, 'GET /user').index, 1)],
  [
    'another user of the same kind',
    (recording) => Object.assign(step(recording, 'GET /user').response['body'] as Exchange, { id: '<user 2>' }),
  ],
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
