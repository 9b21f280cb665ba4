/** The log of Supabase Auth: one JSON object per line, keys sorted. */

import { goJson } from '../go/json-writer.ts';
import { timestamp } from '../go/time.ts';
import type { JsonObject } from '../store.ts';
import type { Call, Project } from './project.ts';

/** Adds a line, with the time in whole seconds as in Auth. */
export function writeLog(project: Project, entry: JsonObject): void {
  const time = timestamp(Math.floor(project.now() / 1000) * 1000);
  project.store.keepLogLine(goJson({ ...entry, time }, true));
}

/** The fields in all of Auth's lines about a request. */
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

/** Logs that Auth would have responded differently. */
export function logLeftOut(call: Call, reason: string): void {
  writeLog(call.project, { ...requestFields(call), level: 'info', msg: `left out of the demo project: ${reason}` });
}
