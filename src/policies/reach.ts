/** What a trial of the reader's SQL is, and what comes of it: which notes each session reaches. */
import type { Person, Session } from './sessions.ts';

export const commands = ['read', 'add', 'change', 'delete'] as const;
export type Command = (typeof commands)[number];

/** What Postgres answers one statement. */
export type Answer = { rows: number } | { error: string };

/** What a session may do with the notes of one person. */
export type Answers = Record<Command, Answer>;

export type Reach = Record<Session['key'], Record<Person, Answers>>;

export interface Trial {
  /** The reader's SQL, run as a project's migrations are, after `already`. */
  sql: string;
  already: string;
  /** What is read: the table, or a function that gives its rows. */
  reads: string;
  people: Record<Person, string>;
  sessions: Pick<Session, 'key' | 'claims'>[];
}

/** Why the reader's SQL didn't run, and where in the SQL, if Postgres says so: an index into the text. */
export interface SqlError {
  message: string;
  at?: number;
}

export type Outcome = { reach: Reach } | { error: SqlError };

/** What an exercise wants a session to reach. Nobody may reach the notes of others. */
export type Wanted = 'own' | 'nothing' | 'at most own';

export function isReached(answer: Answer): boolean {
  return 'rows' in answer && answer.rows > 0;
}

/** What a session may do with somebody's notes, in words: "read, add", "nothing", or "error" if even reading fails. */
export function words(answers: Answers): string {
  const reached = commands.filter((command) => isReached(answers[command])).join(', ');
  return reached || ('error' in answers.read ? 'error' : 'nothing');
}

/** The first thing that isn't as an exercise wants it, in a sentence; undefined if there is none. Reaching the notes of others comes first. */
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
