/** The demo project as a target, in this process, with a clock that only the scenario moves. */
import { createDemoProject } from '../../playground/demo-project/src/app.ts';
import { defaultConfig, type PartialConfig } from '../../playground/demo-project/src/config.ts';
import type { Keys, Target } from './target.ts';

/** When scenarios begin, with a fraction of a second that no number of requests makes a whole one: times tell whether they have a fraction. */
const start = Date.UTC(2026, 0, 2, 3, 4, 5, 123);

/** A request takes this long, in milliseconds: enough for two answers to have different times, too little for a limit to pass. */
const requestDuration = 10;

/** A new, empty demo project with these settings. */
export function demoTarget(config: PartialConfig): Target {
  const url = 'http://127.0.0.1:54321';
  let now = start;
  const project = createDemoProject({ url, config, clock: () => now });
  return {
    url,
    inbox: `${url}/inbox`,
    sms: `${url}/sms`,
    log: `${url}/log`,
    fetch: (request) => {
      now += requestDuration;
      return project.fetch(request);
    },
    now: () => now,
    advance: async (milliseconds) => {
      now += milliseconds;
    },
    keys: async () => (await (await project.fetch(new Request(`${url}/keys`))).json()) as Keys,
    jwtSecret: defaultConfig.auth.jwt_secret,
  };
}
