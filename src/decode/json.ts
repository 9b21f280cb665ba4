/** Finds JSON in text, and reads what Auth, its log, and supabase-js write as JSON. */
import { callsOfRequest } from '../book/calls.ts';
import type { KnownError } from '../book/known-error.ts';
import { type Finding, shown } from './finding.ts';
import { readRefusal } from './refusal.ts';
import { readClaims, readToken } from './token.ts';

type Fields = Record<string, unknown>;

/** A part of the text, and the object that it contains. */
export interface Piece {
  start: number;
  end: number;
  value: Fields;
}

/**
 * Returns the outermost JSON objects in a text, in order. Skips what isn't JSON, but finds objects
 * inside it. Takes time proportional to the text, whatever the text is: looks at each bracket once, and
 * limits failed parses with a budget.
 */
export function findObjects(text: string): Piece[] {
  const found: Piece[] = [];
  let budget = 4 * text.length;
  const waiting = bracketed(text).reverse();
  for (let next = waiting.pop(); next && budget >= 0; next = waiting.pop()) {
    const { start, end, inside } = next;
    const value = /^\{\s*"/.test(text.slice(start, start + 80)) ? parsed(text.slice(start, end)) : undefined;
    if (value) found.push({ start, end, value });
    else waiting.push(...inside.reverse());
    budget -= end - start;
  }
  return found;
}

interface Bracketed {
  start: number;
  end: number;
  inside: Bracketed[];
}

/** Finds matching curly brackets and what's between them. Ignores brackets in strings, which end at the end of the line. */
function bracketed(text: string): Bracketed[] {
  const outermost: Bracketed = { start: -1, end: -1, inside: [] };
  const open = [outermost];
  const token = /"(?:[^"\\\n]|\\.)*"?|[{}]/g;
  for (let at = text.indexOf('{'); at >= 0; ) {
    token.lastIndex = at;
    const [bracket] = token.exec(text) ?? [];
    if (bracket === undefined) break;
    at = token.lastIndex;
    if (bracket === '{') open.push({ start: at - 1, end: -1, inside: [] });
    if (bracket === '}') {
      const closed = open.pop();
      if (closed) open.at(-1)?.inside.push({ ...closed, end: at });
      if (open.length === 1) at = text.indexOf('{', at);
    }
  }
  return open.flatMap(({ inside }) => inside);
}

/** Parses a text as a JSON object. Returns undefined if it isn't one, because any text can contain brackets. */
function parsed(text: string): Fields | undefined {
  try {
    return JSON.parse(text) as Fields;
  } catch {
    return undefined;
  }
}

/** Returns what's recognized in a JSON value, up to six levels deep. Empty if there's nothing. */
export function readJson(value: unknown, now: number, book: readonly KnownError[], depth = 0): Finding[] {
  if (typeof value !== 'object' || value === null || depth > 6) return [];
  const fields = value as Fields;
  const { event_message: entry, access_token: token, code, message, name, aal } = fields;
  if (typeof entry === 'string') return readDashboardEntry(entry, now, book);
  if (isLogLine(fields)) return [readLogLine(fields, book)];
  if (typeof token === 'string') return [withRefreshToken(readToken(token, now), fields)];
  if (typeof aal === 'string' && 'session_id' in fields) return [readClaims(fields, now)];
  if (typeof fields['msg'] === 'string' && typeof code === 'number')
    return [readOldBody(fields, fields['msg'], code, book)];
  if (typeof message === 'string' && (typeof code === 'string' || /^Auth\w*Error$/.test(String(name)))) {
    return [readNewBody(fields, message, book)];
  }
  return Object.values(fields).flatMap((inner) => readJson(inner, now, book, depth + 1));
}

function readDashboardEntry(entry: string, now: number, book: readonly KnownError[]): Finding[] {
  const lines = findObjects(entry).flatMap(({ value }) => readJson(value, now, book));
  return lines.map((finding) => ({
    ...finding,
    says: finding.says.map(([name, meaning]) =>
      name === 'Recognized as' ? [name, 'an entry of the Auth log, from the dashboard'] : [name, meaning],
    ),
  }));
}

function withRefreshToken(finding: Finding, { refresh_token: refreshToken }: Fields): Finding {
  if (refreshToken === undefined) return finding;
  return {
    ...finding,
    says: [
      ...finding.says,
      ['Refresh token', 'is there too. It gives full access to the session, so never pass it on'],
    ],
  };
}

/** Reads the format for requests without `X-Supabase-Api-Version`, or with a version before 2024-01-01. */
function readOldBody(
  { error_code: errorCode }: Fields,
  message: string,
  status: number,
  book: readonly KnownError[],
): Finding {
  const code = typeof errorCode === 'string' ? errorCode : undefined;
  return readRefusal(
    { code, status, message },
    'an error body in the older form, for requests without `X-Supabase-Api-Version`',
    book,
  );
}

/**
 * Reads the format that `X-Supabase-Api-Version: 2024-01-01` introduced. Errors of supabase-js
 * and of the database look like it.
 */
function readNewBody({ code, name, status }: Fields, message: string, book: readonly KnownError[]): Finding {
  const from =
    typeof name === 'string'
      ? 'a supabase-js error, as JSON'
      : /^(?:[0-9A-Z]{5}|PGRST\d+)$/.test(String(code))
        ? 'a database error'
        : 'an error body, as supabase-js gets it';
  const text = (value: unknown) => (typeof value === 'string' ? value : undefined);
  return readRefusal(
    { code: text(code), name: text(name), status: typeof status === 'number' ? status : undefined, message },
    from,
    book,
  );
}

function isLogLine({ level, msg, component, time, auth_audit_event: audit }: Fields): boolean {
  return (
    typeof level === 'string' &&
    typeof msg === 'string' &&
    (component !== undefined || time !== undefined || audit !== undefined)
  );
}

/**
 * Reads a line of Auth's log. Since v2.194, a refused request has one line, with the `msg` "request completed". Before,
 * it had two, and the first had the error in `msg`. Successes and audit events are lines too.
 */
function readLogLine(line: Fields, book: readonly KnownError[]): Finding {
  const { method, path, time, request_id: id, referer, remote_addr: address, grant_type: grant } = line;
  const more: Finding['says'] = [];
  if (typeof method === 'string' && typeof path === 'string') {
    const request = `${method} ${path}`;
    const callers = callsOfRequest(method, path, typeof grant === 'string' ? grant : undefined)
      .map((call) => (call.includes('(') ? `\`${call}\`` : call))
      .join(' or ');
    more.push(['Request', `\`${shown(request)}\`${grant ? ` (${shown(grant)})` : ''}${callers && `: ${callers}`}`]);
  }
  if (time) more.push(['Time', shown(time)]);
  if (address) more.push(['From', shown(address)]);
  if (referer) more.push(['referer', `${shown(referer)}: where Auth redirects to, not the page that made the request`]);
  if (id) more.push(['request_id', `\`${shown(id)}\`: the same in every line of this request`]);

  const error = [line['error'], line['msg']].find((text) => /^\d{3}: /.test(String(text)));
  const [, status, message] = /^(\d{3}): (.*)$/s.exec(String(error)) ?? [];
  const code = typeof line['error_code'] === 'string' ? line['error_code'] : undefined;
  if (code || message) {
    const said = message ?? (line['error'] === undefined ? undefined : shown(line['error']));
    return readRefusal(
      { code, status: Number(line['status'] ?? status), message: said },
      line['error_code'] || line['msg'] === 'request completed'
        ? 'a line of the Auth log'
        : 'a line of the Auth log, in the form before v2.194',
      book,
      more,
    );
  }
  const event = (line['auth_event'] ?? line['auth_audit_event']) as Fields | undefined;
  if (event?.['action']) {
    more.unshift(['Event', `\`${shown(event['action'])}\`, by ${shown(event['actor_username'] ?? event['actor_id'])}`]);
  }
  return {
    title: `Log line: ${shown(event?.['action'] ?? line['msg'])}`,
    state: 'none',
    says: [
      ['Recognized as', 'a line of the Auth log'],
      ...(line['status'] === undefined ? [] : [['Status', shown(line['status'])] as [string, string]]),
      ...more,
    ],
    why: `Its level is \`${shown(line['level'])}\` and it has no error: this request succeeded.`,
    todo: 'To find the error, look for lines with the level `warning` or `error` at the same time.',
    links: [],
  };
}
