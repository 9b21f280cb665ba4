import { originalPositionFor, TraceMap } from '@jridgewell/trace-mapping';
import { parseStack } from 'error-stack-parser-es/lite';
import type { CallSite } from '../messages.ts';

/** The source map of each script, once it was asked for. `undefined`: it has none, so it isn't the app's. */
const maps = new Map<string, Promise<TraceMap | undefined>>();

function mapOf(script: string): Promise<TraceMap | undefined> {
  const known = maps.get(script) ?? load(`${script}.map`);
  maps.set(script, known);
  return known;
}

async function load(url: string): Promise<TraceMap | undefined> {
  const answer = await fetch(url);
  // A host may answer with a page of its own where there's no file.
  return answer.ok && !answer.headers.get('content-type')?.includes('html')
    ? new TraceMap(await answer.text(), url)
    : undefined;
}

/**
 * Finds where the app made a call, from the stack of the `fetch` that it led to. `undefined` where the stack doesn't reach the app: only Chromium's goes on through each `await`.
 * `playground/build.ts` makes the source maps, which know of the app's own files alone: so the first place in them is the app's, and what that called is supabase-js.
 */
export async function findCallSite(stack: string): Promise<CallSite | undefined> {
  const frames = parseStack(stack);
  for (const [index, { file, line, col }] of frames.entries()) {
    if (file === undefined || line === undefined || col === undefined) continue;
    const found = await placeInApp(file, line, col);
    const called = frames[index - 1]?.function?.split('.').at(-1)?.replace(/^_/, ''); // the public method of that name calls it
    if (found?.source && called) return { called, file: fileOf(found.source), line: found.line };
  }
  return undefined;
}

/** The modules of an edited app have the names of their files, and the same lines. */
async function placeInApp(file: string, line: number, col: number) {
  if (/\.(tsx?|html)$/.test(file)) return { source: file, line };
  const map = file.endsWith('.js') ? await mapOf(file) : undefined;
  return map && originalPositionFor(map, { line, column: col - 1 });
}

function fileOf(source: string): string {
  return source.slice(new URL('.', location.href).href.length);
}
