/**
 * What recordings of a real Supabase Auth say about each error in the book. Loading this module throws if a recorded
 * code isn't explained, or if the book explains a code or message that has neither a recording nor a source.
 */
import { endpointOf } from '../proof/endpoints.ts';
import { callsOf, errorOf, type Recording, recordings } from '../proof/recordings.ts';
import { callsTo } from './calls.ts';
import { type Advice, type Entry, type ErrorCode, errors, topics } from './errors.ts';
import type { KnownError } from './known-error.ts';

/** An error response from Auth. The same error can come with several statuses and messages. */
export interface Answer {
  status: number;
  /** "…" replaces what varies. */
  message: string;
  /** The methods of supabase-js, or whatever else gets it. */
  callers: readonly string[];
  /** A scenario whose recording has it. */
  scenario?: string;
}

/** An entry of the book and the recorded responses that it explains. */
export interface Explained extends Advice {
  answers: Answer[];
}

export interface ExplainedError {
  code: ErrorCode;
  entry: Entry;
  /** The advice for the code itself, then the advice for its messages. */
  explained: [Explained, ...Explained[]];
}

/** Matches what varies: quoted text, what recordings replace with a name, and parts that depend on input or settings. */
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

/** Groups of scenarios that send what no app sends. */
const oddRequests = new Set(['bad-input', 'edges', 'http']);

/** Returns the recorded answers of an error. Leaves out those that only a test can cause, unless there are no others. */
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

/** Returns who gets an answer. supabase-js hides these answers of `signOut()`, because the user is then signed out. */
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

/** Returns the contradictions between the book and the recordings, as sentences. */
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

/** Every error with its answers, under the book's headings. */
export const book: [heading: string, errors: ExplainedError[]][] = Object.entries(topics).map(([heading, entries]) => [
  heading,
  Object.entries(entries).map(([code, entry]) => explain(code as ErrorCode, entry)),
]);

/** What Decode needs of the book in the browser: texts by code and message. */
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
