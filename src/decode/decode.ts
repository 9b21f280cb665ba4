/** Says what a pasted text is: access tokens, errors, log entries and links of Supabase Auth, several at once. Asks nobody. */
import { causes } from './errors.ts';
import type { Finding } from './finding.ts';
import { findObjects, readJson } from './json.ts';
import { linkPattern, readLink } from './links.ts';
import { readRefusal } from './refusal.ts';
import { readToken, tokenPattern } from './token.ts';

/** What was recognised in a part of the text. */
interface Recognised {
  start: number;
  end: number;
  findings: Finding[];
}

type Reader = (text: string, now: number) => Recognised[];

/**
 * Everything that is recognised in the text, in its order.
 * @param now in seconds, as tokens have it
 */
export function decode(text: string, now: number): Finding[] {
  const all: Recognised[] = [];
  let rest = text;
  for (const read of readers) {
    const recognised = read(rest, now).filter(({ findings }) => findings.length > 0);
    all.push(...recognised);
    rest = without(rest, recognised);
  }
  return all.toSorted((a, b) => a.start - b.start).flatMap(({ findings }) => findings);
}

/** The text with spaces where something was recognised, so that places stay the same. */
function without(text: string, recognised: Recognised[]): string {
  const parts: string[] = [];
  let from = 0;
  for (const { start, end } of recognised) {
    parts.push(text.slice(from, start), ' '.repeat(end - start));
    from = end;
  }
  return parts.join('') + text.slice(from);
}

function each(pattern: RegExp, read: (match: RegExpExecArray, now: number) => Finding[]): Reader {
  return (text, now) =>
    [...text.matchAll(pattern)].map((match) => ({
      start: match.index,
      end: match.index + match[0].length,
      findings: read(match, now),
    }));
}

/** `AuthApiError: message`, perhaps its stack, perhaps what Node prints of its fields. */
const consolePattern = /(?<![\w$])(Auth\w{0,60}Error): ([^\n{]*)(?:\n[ \t]+at [^\n{]*)*(\{[^{}]*\})?/g;

function readConsoleError(name: string | undefined, message: string, printed: string): Finding {
  const status = /\bstatus: (\d{3})\b/.exec(printed)?.[1];
  const code = /\bcode: '(\w+)'/.exec(printed)?.[1];
  return readRefusal(
    { name, message, code, status: status ? Number(status) : undefined },
    'an error of supabase-js, as the console shows it',
  );
}

/** In this order: what an earlier one recognises, a later one no longer sees. */
const readers: Reader[] = [
  (text, now) => findObjects(text).map(({ start, end, value }) => ({ start, end, findings: readJson(value, now) })),
  each(linkPattern, ([link], now) => readLink(link, now)),
  each(tokenPattern, ([token], now) => [readToken(token, now)]),
  each(consolePattern, ([, name, message = '', printed = '']) => [readConsoleError(name, message.trim(), printed)]),
  mentions,
];

/** Codes and messages in text that is otherwise not understood: each code once, where it first shows. */
function mentions(text: string): Recognised[] {
  return Object.entries(causes).flatMap(([code, { messages = [] }]) => {
    const named = new RegExp(`(?<!\\w)${code}(?!\\w)`).exec(text)?.index;
    const message = messages.find((message) => text.includes(message));
    const start = Math.min(named ?? text.length, message === undefined ? text.length : text.indexOf(message));
    if (start === text.length) return [];
    const refusal = { code: named === undefined ? undefined : code, message };
    return [
      { start, end: start, findings: [readRefusal(refusal, 'words in a text that is otherwise not understood')] },
    ];
  });
}
