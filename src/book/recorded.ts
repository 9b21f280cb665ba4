/**
 * What recordings of a real Supabase Auth say of each error in the book. Loading this module throws when a recorded code isn't explained, or when the
 * book explains a code or a message that nothing shows and that has no source.
 */
import { endpointOf } from '../proof/endpoints.ts';
import { callsOf, errorOf, type Recording, recordings } from '../proof/recordings.ts';
import { callsTo } from './calls.ts';
import { type Advice, type Entry, type ErrorCode, errors, topics } from './errors.ts';
import type { KnownError } from './known-error.ts';

/** One way in which an error arrives. */
export interface Answer {
  status: number;
  /** What differs from case to case is "…". */
  message: string;
  /** Methods of supabase-js, or what else gets it. */
  callers: readonly string[];
  /** A recording that has it. */
  scenario?: string;
}

/** An advice of the book, with the answers that it is for. */
export interface Explained extends Advice {
  answers: Answer[];
}

export interface ExplainedError {
  code: ErrorCode;
  entry: Entry;
  /** The advice of the code itself, then that of its messages. */
  explained: [Explained, ...Explained[]];
}

/** What is quoted, what a recording has a name for, and the parts of messages that depend on the input or on settings. */
const whatDiffers =
  /(?<=")[^"]*(?=")|<[^>]*>|(?<=verify signature, )(?!token has invalid claims).*|(?<=as JSON: ).*|(?<=at least )\d+(?= characters)|(?<=of each: ).*|(?<=requested: ).*|(?<=for sort ')[^']*/g;

interface Recorded {
  code: string;
  status: number;
  message: string;
  endpoint: string;
  recording: Recording;
}

const recorded: Recorded[] = recordings.flatMap((recording) =>
  callsOf(recording).flatMap(({ request, response }) => {
    const error = errorOf(response);
    if (!error) return [];
    const message = error.message.replace(whatDiffers, '…');
    return [{ endpoint: endpointOf(request), status: response.status, code: error.code, message, recording }];
  }),
);

/** Scenarios that send what no app sends. */
const oddRequests = new Set(['bad-input', 'edges', 'http']);

/** Recorded answers of an error that a reader can meet: what only a test sends is left out, unless there is nothing else. */
function answersOf(code: ErrorCode, { callers, messages = {}, ownMessage, unrecorded }: Entry): Answer[] {
  if (unrecorded) return [{ ...unrecorded, callers: callers ?? [] }];
  const answers = new Map<string, Answer & { callers: string[] }>();
  const all = recorded.filter((error) => error.code === code);
  const met = all.filter(
    ({ endpoint, status, message, recording }) =>
      callersOf(endpoint, status).length > 0 && (Object.hasOwn(messages, message) || !oddRequests.has(recording.group)),
  );
  for (const { endpoint, status, message, recording } of met.length > 0 ? met : all.slice(0, 1)) {
    const key = `${status} ${message}`;
    const answer = answers.get(key) ?? {
      status,
      message: ownMessage ?? message,
      callers: [],
      scenario: recording.scenario,
    };
    for (const caller of callersOf(endpoint, status)) if (!answer.callers.includes(caller)) answer.callers.push(caller);
    answers.set(key, answer);
  }
  return [...answers.values()].sort((a, b) => a.status - b.status);
}

/** supabase-js keeps these answers of `signOut()` to itself: for it the user is signed out then. */
function callersOf(endpoint: string, status: number): string[] {
  return endpoint === 'POST /logout' && [401, 403, 404].includes(status) ? [] : callsTo(endpoint);
}

function explain(code: ErrorCode, entry: Entry): ExplainedError {
  const { messages = {} } = entry;
  const answers = answersOf(code, entry);
  const given = (advice: Advice, some: Answer[]): Explained => ({
    ...advice,
    answers: some.map((answer) => ({ ...answer, callers: advice.callers ?? answer.callers })),
  });
  return {
    code,
    entry,
    explained: [
      given(
        entry,
        answers.filter(({ message }) => !Object.hasOwn(messages, message)),
      ),
      ...Object.entries(messages).map(([message, advice]) =>
        given(
          advice,
          answers.filter((answer) => answer.message === message),
        ),
      ),
    ],
  };
}

/** What is wrong between the book and the recordings, in sentences. */
export function disagreements(
  book: { [code: string]: Entry },
  all: readonly Pick<Recorded, 'code' | 'message'>[],
): string[] {
  const found = (code: string, message?: string) =>
    all.some((error) => error.code === code && (message === undefined || error.message === message));
  return [
    ...[...new Set(all.map(({ code }) => code))]
      .filter((code) => !Object.hasOwn(book, code))
      .map((code) => `A recording has the error ${code}, which src/book/errors.ts doesn't explain.`),
    ...Object.entries(book).flatMap(([code, { messages = {}, source, tested }]) =>
      source || tested
        ? found(code) && source
          ? [`src/book/errors.ts calls ${code} untested, but a recording has it.`]
          : []
        : [undefined, ...Object.keys(messages)]
            .filter((message) => !found(code, message))
            .map(
              (message) =>
                `No recording has the error ${[code, message].join(' ').trim()}, and src/book/errors.ts names no source.`,
            ),
    ),
  ];
}

const problems = disagreements(errors, recorded);
if (problems.length > 0) throw new Error(problems.join('\n'));

/** Every error with its answers, under the headings of the book. */
export const book: [heading: string, errors: ExplainedError[]][] = Object.entries(topics).map(([heading, entries]) => [
  heading,
  Object.entries(entries).map(([code, entry]) => explain(code as ErrorCode, entry)),
]);

/** As much of the book as Decode needs in the browser: texts by code and message. */
export const knownErrors: KnownError[] = book.flatMap(([, all]) =>
  all.flatMap(({ code, entry, explained: [own, ...others] }) => {
    const messages = [...new Set(recorded.filter((error) => error.code === code).map(({ message }) => message))];
    const kept = entry.ownMessage ? [] : entry.unrecorded ? [entry.unrecorded.message] : messages;
    const special = Object.keys(entry.messages ?? {});
    return [
      known(
        code,
        own,
        kept.filter((message) => !special.includes(message)),
      ),
      ...others.map((advice, index) => known(code, advice, special.slice(index, index + 1))),
    ];
  }),
);

function known(code: string, { cause, fix, page }: Advice, messages: string[]): KnownError {
  return { code, messages, cause, fix, ...(page && { page }) };
}
