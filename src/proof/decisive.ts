import { calls, type MethodName } from '../book/calls.ts';
import { endpointOf } from './endpoints.ts';
import { callsOf, errorOf, type Recording } from './recordings.ts';

/**
 * Returns the index of the call that a claim is about: the call that matches most of what the claim names (a code,
 * status, method, or level). If several match equally well, the last one counts, because earlier calls set the
 * scene. If the claim names nothing, returns the index of the first refusal, or else of the last call. Undefined
 * for a recording without calls.
 */
export function decisiveCall(recording: Recording, claim: string): number | undefined {
  const all = callsOf(recording);
  const scores = all.map(({ request, response }) => {
    const code = errorOf(response)?.code;
    const methods = (Object.keys(calls) as MethodName[]).filter(
      (call) => call.includes('(') && claim.includes(call.slice(0, -1)),
    );
    const level = /"aal":"(aal[12])"/.exec(JSON.stringify(response))?.[1];
    return [
      code && claim.includes(code) ? 4 : 0,
      methods.some((call) => calls[call] === endpointOf(request)) ? 3 : 0,
      new RegExp(`\\b${response.status}\\b`).test(claim) ? 2 : 0,
      level && claim.includes(level) ? 1 : 0,
    ].reduce<number>((sum, score) => sum + score, 0);
  });
  const best = Math.max(...scores);
  if (best > 0) return scores.lastIndexOf(best);
  const refused = all.findIndex(({ response }) => response.status >= 400 || errorOf(response));
  return refused >= 0 ? refused : all.length > 0 ? all.length - 1 : undefined;
}
