import type { CallSite, SeenCall, TakenCall } from '../messages.ts';
import { lookAtPage } from './browser.ts';
import { element, shorten } from './element.ts';
import { type Exchange, inFlight, type Level, seenIn } from './exchange.ts';
import type { Call } from './flows.ts';
import { notify } from './notice.ts';
import { isDemo, isInPage, projectUrl, readJson } from './project.ts';

/** A line of Auth's log. */
interface LogLine {
  [key: string]: unknown;
  msg: string;
  method: string;
  path: string;
  status: number;
  error?: string;
  error_code?: string;
  auth_event?: { actor_username: string };
}

interface Row {
  call: Pick<Exchange, 'method' | 'path' | 'status'>;
  exchange?: Exchange | 'of an earlier page';
  /** Where the app made the call. Found a moment later, and in host `page` alone. */
  site?: CallSite;
  seen?: SeenCall;
  lines?: LogLine[];
  item: HTMLElement;
}

/** How long an app gets to show an answer, in milliseconds. */
const toSettle = 100;

/**
 * `<demo-requests>`: the calls to Supabase Auth, oldest first, each with its answer and what Auth wrote to its log.
 * A `calls` event that bubbles tells all of them, each time they may have changed.
 */
export class DemoRequests extends HTMLElement {
  readonly #list = element('div', {
    className: 'requests',
    tabIndex: 0,
    role: 'group',
    ariaLabel: 'Calls, oldest first',
  });
  /** Those that are in the log, in its order, then the others. */
  readonly #rows: Row[] = [];
  #logged = 0;
  /** Lines of a request that is not completed yet. */
  #lines: LogLine[] = [];
  /** The last line read: what stands after it is new. All is, if it is gone. */
  #last: string | undefined;
  #refreshes = 0;
  /** What the page knows of its newest call. */
  #newest: SeenCall | undefined;

  connectedCallback(): void {
    this.append(element('h3', {}, 'Requests and Auth log'));
    if (!isDemo)
      this.append(
        element('p', {}, 'This is a real project. Its Auth log is in the dashboard, and pages have no access to it.'),
      );
    this.append(this.#list);
  }

  /** The calls that are in Auth's log, oldest first. */
  get logged(): Call[] {
    return this.#rows.slice(0, this.#logged).map((row) => ({
      ...row.call,
      refused: isRefused(row),
      code: codeOf(row),
      user: row.lines?.at(-1)?.auth_event?.actor_username,
    }));
  }

  /** Shows an answered call, and says it. */
  add(exchange: Exchange): void {
    const row = this.#rowOf(exchange, 'exchange');
    row.exchange = exchange;
    if (isInPage) row.seen = seenIn(exchange);
    this.#fill(row);
    this.#tell();
    void this.#locate(row, exchange.stack);
    if (row.seen) void this.#look(row.seen);
    const { method, path, status } = exchange;
    const call = `${method} ${shortPath(path)}`;
    const code = codeOf(row);
    if (status === 0) {
      notify(this, `${call} got no answer.`, { tone: 'refused' });
    } else if (status < 400) {
      notify(this, `${call} returned ${status}.`, { shown: false });
    } else {
      const why = code === 'insufficient_aal' ? ', because it needs a session at aal2' : '';
      notify(this, `Refused: ${call}, ${status} ${code ?? ''}${why}.`, { tone: 'refused' });
    }
  }

  /** Finds the line of the app that made a call. A call stays without it where that can't be found, as when the connection is gone. */
  async #locate(row: Row, stack: string): Promise<void> {
    if (!isInPage) return;
    const { findCallSite } = await import('./call-site.ts');
    const site = await findCallSite(stack).catch(() => undefined);
    if (!site) return;
    row.site = site;
    this.#fill(row);
    this.#tell();
  }

  /** Looks at the app's page once it has dealt with the answer to a call. */
  async #look(seen: SeenCall): Promise<void> {
    if (!isInPage) return;
    this.#newest = seen;
    await new Promise((resolve) => setTimeout(resolve, toSettle));
    if (this.#newest !== seen || inFlight.size > 0) return;
    seen.page = lookAtPage();
    this.#tell();
  }

  /** Shows what is new in Auth's log, also of calls that were no `fetch` of this page, such as an opened link. */
  async refresh(): Promise<void> {
    if (!isDemo) return;
    this.#refreshes += 1;
    const turn = this.#refreshes;
    const log = await readJson<string[]>(`${projectUrl}/log`);
    if (turn !== this.#refreshes) return; // a newer answer is on its way, with all that this one has
    for (const text of log.slice(log.lastIndexOf(this.#last ?? '') + 1)) {
      const line: LogLine = JSON.parse(text);
      this.#lines.push(line);
      if (line.msg !== 'request completed') continue;
      const row = this.#rowOf(line, 'lines');
      row.lines = this.#lines;
      this.#moveToLogged(row);
      this.#lines = [];
      this.#fill(row);
    }
    if (this.#last === undefined) this.#markEarlier();
    this.#last = log.at(-1) ?? '';
    this.#tell();
  }

  /** Marks the calls of the pages before: what is in the log, unless it was heard here, or still will be. */
  #markEarlier(): void {
    const calls = [...inFlight];
    for (const row of this.#rows.toReversed()) {
      if (row.exchange) continue;
      const own = calls.findIndex(({ method, path }) => method === row.call.method && path === row.call.path);
      if (own >= 0) calls.splice(own, 1);
      else {
        row.exchange = 'of an earlier page';
        this.#fill(row);
      }
    }
  }

  /** Tells the page around host `page`. On other hosts nobody listens. */
  #tell(): void {
    if (!isInPage) return;
    const detail = this.#rows.map((row): TakenCall => {
      const { call, site, seen } = row;
      return { ...call, refused: isRefused(row), code: codeOf(row), site, seen };
    });
    this.dispatchEvent(new CustomEvent('calls', { detail, bubbles: true, composed: true }));
  }

  /** The row of this call that still lacks its `part`; a new one if there is none. */
  #rowOf({ method, path, status }: Row['call'], part: 'exchange' | 'lines'): Row {
    const known = this.#rows.find(
      ({ call, [part]: known }) => !known && call.method === method && call.path === path && call.status === status,
    );
    if (known) return known;
    const row: Row = { call: { method, path, status }, item: element('details') };
    this.#rows.push(row);
    this.#list.append(row.item);
    if (!this.#list.matches(':hover, :focus-within')) this.#list.scrollTop = this.#list.scrollHeight;
    return row;
  }

  /** A call may be heard of before older ones are read: those of the pages before. */
  #moveToLogged(row: Row): void {
    const [from, to] = [this.#rows.indexOf(row), this.#logged];
    this.#logged += 1;
    if (from === to) return;
    this.#rows.splice(from, 1);
    this.#rows.splice(to, 0, row);
    this.#list.insertBefore(row.item, this.#rows[to + 1]?.item ?? null);
  }

  #fill(row: Row): void {
    const { call, exchange, site, lines = [], item } = row;
    const refused = isRefused(row);
    const why = refused ? (codeOf(row) ?? errorOf(row) ?? '') : '';
    const outcome = call.status === 0 ? 'no answer' : `${call.status} ${why}`;
    const parts: Node[] = [
      element(
        'summary',
        {},
        element('code', {}, `${call.method} ${shortPath(call.path)}`),
        element('span', { className: refused ? 'chip outcome refused' : 'chip outcome' }, outcome),
        ...(typeof exchange === 'object' ? [effect(exchange, site)] : []),
      ),
    ];
    if (site) parts.push(element('p', { className: 'quiet' }, `${site.called}() in ${site.file}, line ${site.line}`));
    if (typeof exchange === 'object') {
      const { request, headers, body } = exchange;
      parts.push(...block('Request', [shorten(request.headers), pretty(request.body)]));
      parts.push(...block('Response', [shorten(headers), pretty(body)]));
    }
    parts.push(...block('Auth log', lines.map(write)));
    const older = isInPage ? olderLines(row) : undefined; // for readers of the guide: what goes to StackBlitz is kept small
    if (older) {
      parts.push(
        ...block('The same entry on servers before v2.194', older.map(write)),
        element('p', { className: 'quiet' }, 'Derived from the entry above, following supabase/auth#2635. Not tested.'),
      );
    }
    item.replaceChildren(...parts);
  }
}

/** What made a call, if that's found, and the session's level before and after it, in one chip if it's the same. */
function effect({ levels: [before, after] }: Exchange, site: CallSite | undefined): HTMLElement {
  const chip = (level: Level) =>
    element('span', { className: `chip ${level === 'no session' ? 'none' : level}` }, level);
  return element(
    'span',
    { className: 'effect' },
    ...(site ? [element('small', {}, `${site.called}() `)] : []),
    chip(before),
    ...(before === after ? [] : [' → ', chip(after)]),
  );
}

/** A heading with what stands below it, empty parts left out; nothing if all are. */
function block(heading: string, parts: string[]): HTMLElement[] {
  const text = parts.filter(Boolean).join('\n');
  return text === '' ? [] : [element('h4', {}, heading), element('pre', {}, text)];
}

function errorOf({ lines = [] }: Row): string | undefined {
  return lines.find((line) => line.error)?.error;
}

function isRefused(row: Row): boolean {
  return row.call.status === 0 || row.call.status >= 400 || errorOf(row) !== undefined;
}

/**
 * What Auth before v2.194.0 wrote for a refusal, as met in supabase/auth#2091: the error alone, then the request without it, both
 * at level `info` (the first at `warning` for 429, at `error` from 500 on); of `weak_password` only the second.
 * Source: supabase/auth 47b3d942 (#2635) and 8cb19ef4 (#2632), both first in v2.194.0.
 */
function olderLines(row: Row): object[] | undefined {
  const today = row.lines?.at(-1);
  if (today?.error === undefined) return undefined;
  const { error, error_code, duration, status, ...request } = today;
  const second = { ...request, duration, error_code, level: 'info', status };
  const code = codeOf(row);
  if (code === 'weak_password') return [{ ...second, error_code: code }];
  const level = status >= 500 ? 'error' : status === 429 ? 'warning' : 'info';
  const message = error.startsWith(`${status}: `)
    ? error
    : `${status}: ${bodyOf(row)['message'] ?? bodyOf(row)['msg'] ?? error}`;
  return [{ ...request, error, level, msg: message }, second];
}

/** A log line as Auth writes it: its keys in alphabetical order. */
function write(line: object): string {
  return JSON.stringify(Object.fromEntries(Object.entries(line).sort(([a], [b]) => (a < b ? -1 : 1))));
}

function bodyOf({ exchange }: Row): Record<string, unknown> {
  return typeof exchange === 'object' && exchange.body.startsWith('{') ? JSON.parse(exchange.body) : {};
}

/** Supabase Auth's code of a refusal, from either form of the body, or else from the log. */
function codeOf(row: Row): string | undefined {
  const { error_code = row.lines?.at(-1)?.error_code, code } = bodyOf(row);
  return [error_code, code].find((value) => typeof value === 'string') as string | undefined;
}

function pretty(body: string): string {
  return shorten(body.startsWith('{') ? JSON.stringify(JSON.parse(body), null, 2) : body);
}

function shortPath(path: string): string {
  return path.replace(/[0-9a-f-]{36}/, (id) => `${id.slice(0, 4)}…`);
}
