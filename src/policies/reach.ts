/** A trial of the reader's SQL, and its result: which notes each session can reach. */
import type { Person, Session } from './sessions.ts';

export const commands = ['read', 'add', 'change', 'delete'] as const;
export type Command = (typeof commands)[number];

/** Postgres' answer to a statement. */
export type Answer = { rows: number } | { error: string };

/** What a session may do with the notes of one person. */
export type Answers = Record<Command, Answer>;

export type Reach = Record<Session['key'], Record<Person, Answers>>;

export interface Trial {
  /** The reader's SQL. It runs as a migration does, after `already`. */
  sql: string;
  already: string;
  /** Where notes are read from: the table, or a function that returns its rows. */
  reads: string;
  people: Record<Person, string>;
  sessions: Pick<Session, 'key' | 'claims'>[];
}

/** Why the reader's SQL didn't run. `at` is an index into the text, if Postgres names a place. */
export interface SqlError {
  message: string;
  at?: number;
}

export type Outcome = { reach: Reach } | { error: SqlError };

/** What a session must be able to reach to solve an exercise. Nobody may reach other people's notes. */
export type Wanted = 'own' | 'nothing' | 'at most own';

export function isReached(answer: Answer): boolean {
  return 'rows' in answer && answer.rows > 0;
}

/** Says what a session may do with a person's notes: "read, add", "nothing", or "error" if even reading fails. */
export function words(answers: Answers): string {
  const reached = commands.filter((command) => isReached(answers[command])).join(', ');
  return reached || ('error' in answers.read ? 'error' : 'nothing');
}

/** Returns a sentence about the first unmet condition of an exercise, or undefined if it's solved. Leaks come first. */
export function problem(
  reach: Reach,
  wanted: Record<Session['key'], Wanted>,
  sessions: Pick<Session, 'key' | 'name' | 'person'>[],
): string | undefined {
  const tried = sessions.flatMap(({ key, name, person }) =>
    (['ada', 'grace'] as const).flatMap((owner) =>
      commands.map((command) => ({
        key,
        name,
        command,
        owner,
        isOwn: owner === person,
        answer: reach[key][owner][command],
      })),
    ),
  );
  const leak = tried.find(({ isOwn, answer }) => !isOwn && isReached(answer));
  if (leak) return `${leak.name} can still ${leak.command} ${noteOf(leak.owner)}.`;
  const wrong = tried.find(
    ({ key, isOwn, answer }) => isOwn && wanted[key] === (isReached(answer) ? 'nothing' : 'own'),
  );
  if (!wrong) return undefined;
  const { name, command, answer } = wrong;
  if (isReached(answer)) return `${name} can still ${command} her own note.`;
  return `${name} can’t ${command} her own note${'error' in answer ? `: ${answer.error}` : '.'}`;
}

export function noteOf(owner: Person): string {
  return owner === 'ada' ? 'Ada’s note' : 'Grace’s note';
}
