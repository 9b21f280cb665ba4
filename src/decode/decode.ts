/** Explains a pasted text: the access tokens, errors, log entries, and links of Supabase Auth in it. Makes no requests. */
import type { KnownError } from '../book/known-error.ts';
import type { Finding } from './finding.ts';
import { findObjects, readJson } from './json.ts';
import { linkPattern, readLink } from './links.ts';
import { pattern, type Refusal, readRefusal } from './refusal.ts';
import { readToken, tokenPattern } from './token.ts';

/** What was recognized in a part of the text. */
interface Recognized {
  start: number;
  end: number;
  findings: Finding[];
}

type Reader = (text: string, now: number, book: readonly KnownError[]) => Recognized[];

/**
 * Returns everything recognized in the text, in its order.
 * @param now in seconds, as in tokens
 * @param book the errors that it knows
 */
export function decode(text: string, now: number, book: readonly KnownError[]): Finding[] {
  const all: Recognized[] = [];
  let rest = text;
  for (const read of readers) {
    const recognized = read(rest, now, book).filter(({ findings }) => findings.length > 0);
    all.push(...recognized);
    rest = without(rest, recognized);
  }
  return all.toSorted((a, b) => a.start - b.start).flatMap(({ findings }) => findings);
}

/** Replaces what was recognized with spaces, so that positions stay the same. */
function without(text: string, recognized: Recognized[]): string {
  const parts: string[] = [];
  let from = 0;
  for (const { start, end } of recognized) {
    parts.push(text.slice(from, start), ' '.repeat(end - start));
    from = end;
  }
  return parts.join('') + text.slice(from);
}

function each(
  form: RegExp,
  read: (match: RegExpExecArray, now: number, book: readonly KnownError[]) => Finding[],
): Reader {
  return (text, now, book) =>
    [...text.matchAll(form)].map((match) => ({
      start: match.index,
      end: match.index + match[0].length,
      findings: read(match, now, book),
    }));
}

/** Matches `AuthApiError: message`, with or without its stack and the fields that Node prints. */
const consolePattern = /(?<![\w$])(Auth\w{0,60}Error): ([^\n{]*)(?:\n[ \t]+at [^\n{]*)*(\{[^{}]*\})?/g;

function readConsoleError(
  name: string | undefined,
  message: string,
  printed: string,
  book: readonly KnownError[],
): Finding {
  const status = /\bstatus: (\d{3})\b/.exec(printed)?.[1];
  const code = /\bcode: '(\w+)'/.exec(printed)?.[1];
  return readRefusal(
    { name, message, code, status: status ? Number(status) : undefined },
    'a supabase-js error, as the console shows it',
    book,
  );
}

/** The order matters: what one reader recognizes, the next readers don't see. */
const readers: Reader[] = [
  (text, now, book) =>
    findObjects(text).map(({ start, end, value }) => ({ start, end, findings: readJson(value, now, book) })),
  each(linkPattern, ([link], now, book) => readLink(link, now, book)),
  each(tokenPattern, ([token], now) => [readToken(token, now)]),
  each(consolePattern, ([, name, message = '', printed = ''], _now, book) => [
    readConsoleError(name, message.trim(), printed, book),
  ]),
  mentions,
];

/** Finds codes and messages in other text, each once, where it first occurs. If messages overlap, the longest one counts. */
function mentions(text: string, _now: number, book: readonly KnownError[]): Recognized[] {
  const codes = [...new Set(book.map(({ code }) => code))].flatMap((code) => {
    const found = new RegExp(`(?<!\\w)${code}(?!\\w)`).exec(text);
    return found ? [{ code, start: found.index }] : [];
  });
  const messages = book.flatMap((error) =>
    error.messages.flatMap((message) => {
      const found = pattern(message).exec(text);
      return found
        ? [{ code: error.code, message: found[0], start: found.index, end: found.index + found[0].length }]
        : [];
    }),
  );
  const longest = messages.filter(
    ({ start, end }) =>
      !messages.some((other) => other.start <= start && other.end >= end && other.end - other.start > end - start),
  );
  const found = new Map<string, { start: number } & Refusal>();
  for (const { code, message, start } of longest) {
    const named = codes.find((one) => one.code === code);
    if (named || !found.has(message))
      found.set(message, { message, start: Math.min(start, named?.start ?? start), code: named?.code });
  }
  for (const { code, start } of codes)
    if (![...found.values()].some((refusal) => refusal.code === code)) found.set(code, { code, start });
  return [...found.values()].map(({ start, ...refusal }) => ({
    start,
    end: start,
    findings: [readRefusal(refusal, 'words in other text', book)],
  }));
}
