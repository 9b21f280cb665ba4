import { originalPositionFor, TraceMap } from '@jridgewell/trace-mapping';
import { parseStack } from 'error-stack-parser-es/lite';
import type { CallSite } from '../messages.ts';

/** The source maps loaded so far, by script. `undefined`: the script has none, so it isn't the app's. */
const maps = new Map<string, Promise<TraceMap | undefined>>();

function mapOf(script: string): Promise<TraceMap | undefined> {
  const known = maps.get(script) ?? load(`${script}.map`);
  maps.set(script, known);
  return known;
}

async function load(url: string): Promise<TraceMap | undefined> {
  const answer = await fetch(url);
  // Some hosts send a web page for a missing file.
  return answer.ok && !answer.headers.get('content-type')?.includes('html')
    ? new TraceMap(await answer.text(), url)
    : undefined;
}

/**
 * Finds the line of the app that made a call, from the stack of its `fetch`. Returns `undefined` if the stack doesn't reach
 * the app: only Chromium's continues through each `await`. `playground/build.ts` trims the source maps to the app's own files.
 * So the first frame that a map knows is the app's, and the frame before it is the method of supabase-js.
 */
export async function findCallSite(stack: string): Promise<CallSite | undefined> {
  const frames = parseStack(stack);
  for (const [index, { file, line, col }] of frames.entries()) {
    if (file === undefined || line === undefined || col === undefined) continue;
    const found = await placeInApp(file, line, col);
    const called = frames[index - 1]?.function?.split('.').at(-1)?.replace(/^_/, ''); // public methods call private ones of the same name
    if (found?.source && called) return { called, file: fileOf(found.source), line: found.line };
  }
  return undefined;
}

/** Modules of an edited app have their files' names and lines. Scripts outside the app's folder are runtime and packages. */
async function placeInApp(file: string, line: number, col: number) {
  if (/\.(tsx?|html)$/.test(file)) return { source: file, line };
  const map = file.endsWith('.js') && file.startsWith(folder()) ? await mapOf(file) : undefined;
  return map && originalPositionFor(map, { line, column: col - 1 });
}

function fileOf(source: string): string {
  return source.slice(folder().length);
}

/** Where the app's files are. */
function folder(): string {
  return new URL('.', location.href).href;
}
