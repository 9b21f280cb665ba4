/** The demo project as a target. It runs in this process, with a clock that only the scenario moves. */
import { defaultConfig } from '../src/config.ts';
import { createDemoProject, type PartialConfig, type Snapshot } from '../src/index.ts';
import type { Tables } from '../src/store.ts';
import type { Target } from './target.ts';

/**
 * When scenarios begin. Recordings show whether a time has a fraction of a second, so no number of requests may add up
 * to a whole second.
 */
const start = Date.UTC(2026, 0, 2, 3, 4, 5, 123);

/**
 * Creates an empty demo project with these settings. With `restarts`, each request gets a new project, made from the
 * last project's state as JSON. A request takes `requestDuration` milliseconds. That's long enough for two responses to
 * have different times, and too short to reach a limit.
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
