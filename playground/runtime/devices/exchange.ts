import type { SeenCall } from '../messages.ts';
import { projectUrl, timePassed } from './project.ts';
import { decode } from './session.ts';

/** A call of the app to Supabase Auth, and its answer. */
export interface Exchange {
  method: string;
  /** Without `/auth/v1`. */
  path: string;
  /** 0 if there was no answer. `body` then says why. */
  status: number;
  body: string;
  request: { headers: string; body: string };
  /** The headers of the answer that matter here. */
  headers: string;
  /** The session's level before and after, from the tokens in request and answer. */
  levels: [before: Level, after: Level];
  /** The access token or API key that was sent. */
  token: string;
  /** The JavaScript stack of the call. */
  stack: string;
}

export type Level = 'aal1' | 'aal2' | 'no session';

/** The headers that explain a flow. The others are the same in every call, or matter only to the browser. */
const headersThatMatter = ['authorization', 'x-supabase-api-version', 'x-sb-error-code', 'retry-after', 'location'];

/** How many frames of a stack reach from `fetch` through supabase-js to the app. */
const stackDepth = 50;

/** This page's calls without an answer yet. Auth's log may already have them. */
export const inFlight = new Set<Pick<Exchange, 'method' | 'path'>>();

/** Reports every call that the page sends to Supabase Auth from now on, once it's answered. */
export function listen(heard: (exchange: Exchange) => void): void {
  if ('stackTraceLimit' in Error) Error.stackTraceLimit = stackDepth; // Chromium's default is 10
  const send = window.fetch;
  window.fetch = async (input, init) => {
    const { stack = '' } = new Error();
    const asked = input instanceof Request ? input : { url: String(input), method: 'GET', headers: undefined };
    const { origin, pathname, search } = new URL(asked.url, location.href);
    if (origin !== projectUrl || !pathname.startsWith('/auth/v1/')) return send(input, init);
    const path = pathname.slice('/auth/v1'.length);
    const headers = new Headers(init?.headers ?? asked.headers);
    const request = { headers: write(headers), body: typeof init?.body === 'string' ? init.body : '' };
    const token = headers.get('authorization')?.replace(/^Bearer /i, '') ?? '';
    const before = levelOf(token);
    const call = { method: init?.method ?? asked.method, path, request, token, stack };
    inFlight.add(call);
    const hear = (answered: Pick<Exchange, 'status' | 'body' | 'headers' | 'levels'>) => {
      inFlight.delete(call);
      heard({ ...call, ...answered });
    };
    try {
      const answer = await send(input, init);
      answer
        .clone()
        .text()
        .then((body) => {
          const { status, headers } = answer;
          const ends = path === '/logout' && !search.includes('scope=others') && answer.ok;
          const newToken = tokenIn(body);
          const after = ends ? 'no session' : newToken ? levelOf(newToken) : before;
          hear({ status, body, headers: write(headers), levels: [before, after] });
        });
      return answer;
    } catch (error) {
      hear({ status: 0, body: String(error), headers: '', levels: [before, before] });
      throw error;
    }
  };
}

function write(headers: Headers): string {
  return headersThatMatter
    .filter((name) => headers.has(name))
    .map((name) => `${name}: ${headers.get(name)}`)
    .join('\n');
}

/** Returns the level that an access token has. An API key has none. */
function levelOf(token: string): Level {
  return token.split('.').length === 3 ? (decode(token).aal ?? 'no session') : 'no session';
}

/** Returns what the page knows about its call, except how the app looked. */
export function seenIn({ request, token, levels: [level] }: Exchange): SeenCall {
  const sent = request.body.startsWith('{') ? JSON.parse(request.body) : {};
  const email = level === 'no session' ? sent.email : decode(token).email;
  return { level, email, at: Date.now() + timePassed(), sent: Object.keys(sent) };
}

function tokenIn(body: string): string | undefined {
  return /"access_token":"([^"]+)"/.exec(body)?.[1];
}
