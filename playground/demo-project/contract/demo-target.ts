/** The demo project as a target, in this process, with a clock that only the scenario moves. */
import { defaultConfig } from '../src/config.ts';
import { createDemoProject, type PartialConfig, type Snapshot } from '../src/index.ts';
import type { Tables } from '../src/store.ts';
import type { Target } from './target.ts';

/** When scenarios begin, with a fraction of a second that no number of requests makes a whole one: times tell whether they have a fraction. */
const start = Date.UTC(2026, 0, 2, 3, 4, 5, 123);

/**
 * A new, empty demo project with these settings. One that `restarts` is made anew for each request, from what the last one left as JSON.
 * A request takes `requestDuration` milliseconds: enough for two answers to have different times, too little for a limit to pass.
 */
export function demoTarget(config: PartialConfig, { restarts = false, requestDuration = 10 } = {}): Target {
  const url = 'http://127.0.0.1:54321';
  let now = start;
  const options = { url, config, clock: () => now };
  let project = createDemoProject(options);
  return {
    url,
    inbox: `${url}/inbox`,
    sms: `${url}/sms`,
    log: `${url}/log`,
    fetch: (request) => {
      now += requestDuration;
      if (restarts) {
        const snapshot = JSON.parse(JSON.stringify(project.snapshot())) as Snapshot;
        project = createDemoProject({ ...options, snapshot });
      }
      return project.fetch(request);
    },
    now: () => now,
    advance: async (milliseconds) => {
      now += milliseconds;
    },
    verify: async (factorId) => {
      const snapshot = project.snapshot();
      const { tables } = snapshot.state as { tables: Tables };
      for (const factor of tables.factors) if (factor.id === factorId) factor.status = 'verified';
      project = createDemoProject({ ...options, snapshot });
    },
    keys: async () => project.keys,
    jwtSecret: defaultConfig.auth.jwt_secret,
  };
}
