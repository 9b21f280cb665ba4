/** The table of endpoints matches the router, and includes every route of the real server. */
import { expect, test } from 'vitest';
import { leftOut, served } from '../src/endpoints.ts';
import { Client } from './client.ts';
import { demoTarget } from './demo-target.ts';
import { callsOf } from './recording.ts';
import { pathOf, read } from './recordings.ts';
import { paths, scenarios } from './scenarios/routes.ts';

const table = [...Object.keys(served), ...leftOut.flatMap(({ endpoints }) => endpoints)].map(split);

function split(endpoint: string): [method: string, path: string] {
  const [method = '', path = ''] = endpoint.split(' ');
  return [method, path];
}

/** Returns the table's methods for a path. A parameter in another route can match part of the path. */
function methodsInTable(path: string): string {
  const matching = table.filter(([, pattern]) => RegExp(`^${pattern.replaceAll(/:\w+/g, '[^/]+')}$`).test(path));
  return [...new Set(matching.map(([method]) => method))].sort().join(', ');
}

/** Returns the real server's methods for each path, from its recorded responses to a method that no path supports. */
function methodsOfServer(): { [path: string]: string | undefined } {
  const scenario = scenarios.find(({ name }) => name === 'routes');
  if (!scenario) throw new Error('no scenario routes');
  const calls = callsOf(read(pathOf('routes', scenario)).recording);
  expect(calls).toHaveLength(paths.length);
  const allowed = calls.map(({ response }) => response.headers['allow'] as string | undefined);
  return Object.fromEntries(paths.map((path, index) => [path, allowed[index]]));
}

test('the table has the paths and methods of the real server', () => {
  const ofTable = Object.fromEntries(paths.map((path) => [path, methodsInTable(path)]));
  // For callbacks, Auth checks the state before the method, and redirects to the site if there's no state.
  expect(methodsOfServer()).toEqual({ ...ofTable, '/callback': undefined });
  expect([...new Set(table.map(([, path]) => path))].sort()).toEqual(paths.toSorted());
});

test('no endpoint is in the table twice', () => {
  const all = table.map((endpoint) => endpoint.join(' '));
  expect(all.toSorted()).toEqual([...new Set(all)].sort());
});

/** Calls an endpoint of a new demo project with sufficient rights. Returns the response and what was logged. */
async function ask(endpoint: string): Promise<{ status: number; body: unknown; log: string[] }> {
  const project = await Client.start(demoTarget({}));
  const ada = await project.given.userWithFactor();
  const [method, path] = split(endpoint);
  const ids: Record<string, string> = { ':user_id': ada.id, ':factor_id': ada.factor.id };
  const filled = path.replaceAll(/:\w+/g, (name) => ids[name] ?? '00000000-0000-4000-8000-000000000000');
  const as = /^\/(admin|invite)/.test(path) ? 'service' : ada.session;
  const { status, body } = await project.call(`${method} ${filled}`, { as });
  const lines = (await (await project.target.fetch(new Request(`${project.target.url}/log`))).json()) as string[];
  const log = lines.map((line) => JSON.parse(line) as { path?: string; msg: string });
  return { status, body, log: log.filter((line) => line.path === filled).map(({ msg }) => msg) };
}

const unknown = { status: 404, body: '404 page not found\n' };

test("an endpoint that's in no table gets the answer of an unknown route", async () => {
  expect(await ask('GET /nonsense')).toEqual({ ...unknown, log: ['request completed'] });
});

for (const endpoint of Object.keys(served)) {
  test(`served: ${endpoint}`, async () => {
    const { status, body } = await ask(endpoint);
    expect({ status, body }).not.toEqual(unknown);
    expect(status).not.toBe(405);
  });
}

for (const { endpoints, reason, off } of leftOut) {
  for (const endpoint of endpoints) {
    test(`left out: ${endpoint}`, async () => {
      expect(await ask(endpoint)).toEqual({
        ...(off ? { status: 404, body: { code: off.code, message: off.message } } : unknown),
        log: [`left out of the demo project: ${reason}`, 'request completed'],
      });
    });
  }
}
