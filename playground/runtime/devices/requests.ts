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
  /** Where the app made the call. Found a moment later, and only on host `page`. */
  site?: CallSite;
  seen?: SeenCall;
  lines?: LogLine[];
  item: HTMLElement;
}

/** How long an app gets to show an answer, in milliseconds. */
const toSettle = 100;

/**
 * `<demo-requests>`: the calls to Supabase Auth, oldest first, each with its answer and its lines in Auth's log.
 * A bubbling `calls` event has all of them, whenever they may have changed.
 */
export class DemoRequests extends HTMLElement {
  readonly #list = element('div', {
    className: 'requests',
    tabIndex: 0,
    role: 'group',
    ariaLabel: 'Calls, oldest first',
  });
  /** The calls in the order of the log, then those that aren't in it. */
  readonly #rows: Row[] = [];
  #logged = 0;
  /** Lines of requests that aren't completed yet. */
  #lines: LogLine[] = [];
  /** The last line that was read. Lines after it are new, and if it's gone, all are. */
  #last: string | undefined;
  #refreshes = 0;
  /** What the page knows about its newest call. */
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

  /** Shows an answered call and announces it. */
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

  /** Finds the line of the app that made a call. Some calls have none, for example without a connection. */
  async #locate(row: Row, stack: string): Promise<void> {
    if (!isInPage) return;
    const { findCallSite } = await import('./call-site.ts');
    const site = await findCallSite(stack).catch(() => undefined);
    if (!site) return;
    row.site = site;
    this.#fill(row);
    this.#tell();
  }

  /** Records how the app's page looks after it has handled the answer to a call. */
  async #look(seen: SeenCall): Promise<void> {
    if (!isInPage) return;
    this.#newest = seen;
    await new Promise((resolve) => setTimeout(resolve, toSettle));
    if (this.#newest !== seen || inFlight.size > 0) return;
    seen.page = lookAtPage();
    this.#tell();
  }

  /** Shows new lines of Auth's log, including calls that this page didn't make with `fetch`, such as an opened link. */
  async refresh(): Promise<void> {
    if (!isDemo) return;
    this.#refreshes += 1;
    const turn = this.#refreshes;
    const log = await readJson<string[]>(`${projectUrl}/log`);
    if (turn !== this.#refreshes) return; // a newer answer is on its way and includes this one
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

  /** Marks the calls of earlier pages: those in the log that this page didn't make. */
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

  /** Tells the page around host `page`. Other hosts have no listener. */
  #tell(): void {
    if (!isInPage) return;
    const detail = this.#rows.map((row): TakenCall => {
      const { call, site, seen } = row;
      return { ...call, refused: isRefused(row), code: codeOf(row), site, seen };
    });
    this.dispatchEvent(new CustomEvent('calls', { detail, bubbles: true, composed: true }));
  }

  /** Returns the row of this call that still lacks `part`, or a new row. */
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

  /** A new call can arrive before the older calls of earlier pages have been read. */
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
    const older = isInPage ? olderLines(row) : undefined; // only in the guide, to keep the StackBlitz project small
    if (older) {
      parts.push(
        ...block('The same entry on servers before v2.194', older.map(write)),
        element('p', { className: 'quiet' }, 'Derived from the entry above, following supabase/auth#2635. Not tested.'),
      );
    }
    item.replaceChildren(...parts);
  }
}

/** Returns the method that made a call, if it's known, and the session's level before and after it. */
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

/** Returns a heading with its nonempty parts, or nothing if all are empty. */
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
 * Returns the log lines that Auth before v2.194.0 wrote for a refusal, as in supabase/auth#2091: the error alone, then the request
 * without it, both at level `info` (the first at `warning` for 429, at `error` from 500 on). `weak_password` has only the second.
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

/** Returns a log line as Auth writes it, with its keys in alphabetical order. */
function write(line: object): string {
  return JSON.stringify(Object.fromEntries(Object.entries(line).sort(([a], [b]) => (a < b ? -1 : 1))));
}

function bodyOf({ exchange }: Row): Record<string, unknown> {
  return typeof exchange === 'object' && exchange.body.startsWith('{') ? JSON.parse(exchange.body) : {};
}

/** Returns the error code of a refusal, from either form of the body, or else from the log. */
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
