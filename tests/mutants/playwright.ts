/**
 * Runs specs in this process with one browser for all of them, because starting Playwright for each mutant takes longer
 * than the tests. Specs get this module in place of `@playwright/test` (see browser.ts). It has only what the specs for
 * examples, devices, and sandboxes use.
 */
import { type Browser, chromium, expect as playwrightExpect } from '@playwright/test';
import { launchOptions } from '../support/browser.ts';

export * from '@playwright/test';

/** Long enough for a page on a busy machine, but short enough when the awaited thing never comes. */
const timeout = 20_000;
export const expect = playwrightExpect.configure({ timeout });

type Values = { [name: string]: unknown };
type Use = (value: unknown) => Promise<void>;
type Body = (values: Values, use: Use) => unknown;
type Fixtures = { [name: string]: unknown };
interface Details {
  tag?: string | string[];
}

interface Scope {
  title: string;
  tags: string[];
  options: Values;
  skips: ((values: Values) => boolean)[];
}

export interface Test {
  title: string;
  tags: string[];
  /** Runs the test in a browser that `prepare` has set up. Throws what the test throws. */
  run: (prepare: (context: Awaited<ReturnType<Browser['newContext']>>) => Promise<void>) => Promise<void>;
}

/** The tests of the specs imported so far. */
export const tests: Test[] = [];
let scopes: Scope[] = [];

/** Assigns the tests that follow to this spec. */
export function beginSpec(title: string): void {
  scopes = [{ title, tags: [], options: {}, skips: [] }];
}

let browser: Browser | undefined;
export async function stopBrowser(): Promise<void> {
  await browser?.close().catch(() => undefined);
  browser = undefined;
}

const contextOptions = ['locale', 'timezoneId', 'colorScheme', 'viewport', 'reducedMotion', 'javaScriptEnabled'];
const tagsOf = ({ tag = [] }: Details) => [tag].flat();

/** Returns the names of the fixtures that a test or fixture uses. */
function fixturesOf(body: Body): string[] {
  const [, names = ''] = /^(?:async )?(?:function\s*\w*)?\s*\(\s*\{([^}]*)\}/.exec(body.toString()) ?? [];
  return names.split(',').flatMap((name) => name.split(':')[0]?.trim() || []);
}

function define(fixtures: Fixtures) {
  const settingOf = (name: string) => {
    const fixture = fixtures[name];
    const [value, { auto = false } = {}] = (Array.isArray(fixture) ? fixture : [fixture]) as [
      unknown,
      { auto?: boolean }?,
    ];
    return { value, auto };
  };

  async function run(scope: Scope[], body: Body, prepare: Parameters<Test['run']>[0]): Promise<void> {
    const options: Values = Object.assign({}, ...scope.map(({ options }) => options));
    const ends: (() => Promise<void>)[] = [];
    const values: Values = {};
    const own: { [name: string]: () => Promise<unknown> } = {
      browser: async () => (browser ??= await chromium.launch(launchOptions)),
      context: async () => {
        const picked = Object.fromEntries(Object.entries(options).filter(([name]) => contextOptions.includes(name)));
        const context = await ((await value('browser')) as Browser).newContext(picked);
        context.setDefaultTimeout(timeout);
        ends.push(() => context.close());
        await prepare(context);
        return context;
      },
      page: async () => ((await value('context')) as Awaited<ReturnType<Browser['newContext']>>).newPage(),
    };

    async function value(name: string): Promise<unknown> {
      if (!(name in values)) values[name] = await make(name);
      return values[name];
    }

    async function all(names: string[]): Promise<Values> {
      for (const name of names) await value(name);
      return values;
    }

    async function make(name: string): Promise<unknown> {
      if (name in options) return options[name];
      if (!(name in fixtures)) return own[name]?.();
      const { value: fixture } = settingOf(name);
      if (typeof fixture !== 'function') return fixture;
      const needs = await all(fixturesOf(fixture as Body));
      return new Promise((resolve, reject) => {
        let release = () => {};
        const released = new Promise<void>((end) => {
          release = end;
        });
        const whole = (async () =>
          (fixture as Body)(needs, async (made) => {
            resolve(made);
            await released;
          }))();
        whole.catch(reject);
        ends.push(async () => {
          release();
          await whole;
        });
      });
    }

    const failures: unknown[] = [];
    const note = (error: unknown) => failures.push(error);
    try {
      const automatic = Object.keys(fixtures).filter((name) => settingOf(name).auto);
      await body(await all([...automatic, ...fixturesOf(body)]), async () => {});
    } catch (error) {
      note(error);
    }
    for (const end of ends.reverse()) await end().catch(note);
    if (failures.length > 0) throw failures[0];
  }

  const test = (title: string, details: Details | Body, body?: Body) => {
    const scope = [...scopes];
    const options: Values = Object.assign({}, ...scope.map(({ options }) => options));
    const host = options['host'] ?? settingOf('host').value;
    if (scope.some(({ skips }) => skips.some((isSkipped) => isSkipped({ ...options, host })))) return;
    const steps = body ?? (details as Body);
    tests.push({
      title: [...scope.map(({ title }) => title), title].join(' › '),
      tags: [...scope.flatMap(({ tags }) => tags), ...(body ? tagsOf(details as Details) : [])],
      run: (prepare) => run(scope, steps, prepare),
    });
  };

  return Object.assign(test, {
    extend: (more: Fixtures) => define({ ...fixtures, ...more }),
    use: (options: Values) => Object.assign(scopes.at(-1)?.options ?? {}, options),
    slow: () => undefined,
    skip: (isSkipped: (values: Values) => boolean) => scopes.at(-1)?.skips.push(isSkipped),
    describe: (title: string, details: Details | (() => void), register?: () => void) => {
      scopes.push({ title, tags: register ? tagsOf(details as Details) : [], options: {}, skips: [] });
      (register ?? (details as () => void))();
      scopes.pop();
    },
  });
}

export const test = define({});
