/** What Supabase Auth writes to its log: one JSON object per line, keys in alphabetical order. */

import { goJson } from '../go/json-writer.ts';
import { timestamp } from '../go/time.ts';
import type { JsonObject } from '../store.ts';
import type { Call, Project } from './project.ts';

/** Adds a line, with the time in whole seconds as Auth has it. */
export function writeLog(project: Project, entry: JsonObject): void {
  const time = timestamp(Math.floor(project.now() / 1000) * 1000);
  project.store.keepLogLine(goJson({ ...entry, time }, true));
}

/** What Auth's lines about a request say of it. */
export function requestFields(call: Call): JsonObject {
  return {
    component: 'api',
    method: call.request.method,
    path: call.path,
    referer: call.redirectTo,
    remote_addr: call.ip,
    request_id: call.requestId,
    ...call.logged,
  };
}

/** Notes that Auth would have answered otherwise. */
export function logLeftOut(call: Call, reason: string): void {
  writeLog(call.project, { ...requestFields(call), level: 'info', msg: `left out of the demo project: ${reason}` });
}
