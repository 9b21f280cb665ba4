/** What readers can run: the page's policies, and exercises, which start with SQL that has a mistake. */
import { sourceFile } from '../sandbox/files.ts';
import type { Wanted } from './reach.ts';
import type { Session } from './sessions.ts';

export interface Task {
  id: string;
  title: string;
  /** A description, or the task. */
  text: string;
  /** The SQL that the editor starts with. */
  sql: string;
  /** SQL that runs before the reader's. */
  already?: string;
  /** Where notes are read from. The default is the table. */
  reads?: string;
  exercise?: Exercise;
}

export interface Exercise {
  hint: string;
  solution: string;
  /** What the exercise teaches. */
  lesson: string;
  /** What each session may reach of its own notes when the exercise is solved. None may reach other people's. */
  wanted: Record<Session['key'], Wanted>;
}

const file = (name: string) => sourceFile(`tests/sql/${name}.sql`);

/** The policies that the page shows, in its order. */
export const policies: Task[] = [
  {
    id: 'aal2-for-everyone',
    title: 'Only at aal2',
    text: 'Nobody gets in below aal2. Grace, who has no factor, gets no rows.',
    sql: file('aal2-for-everyone'),
  },
  {
    id: 'aal2-if-enrolled',
    title: 'At aal2, if the user has a factor',
    text: 'Ada has a factor, so she needs aal2. Grace gets her note at aal1.',
    sql: file('aal2-if-enrolled'),
  },
  {
    id: 'grant',
    title: 'The grant that opens the table',
    text: 'The policy from the guide with the obvious repair. Ada’s recovery session reads and changes her note.',
    sql: `${withoutComments(file('reads-mfa-factors'))}\n\n${file('grant-on-mfa-factors')}`,
  },
  {
    id: 'change-at-aal2',
    title: 'Read freely, change at aal2',
    text: 'At aal1 you can read your note, but you can’t change it.',
    sql: file('change-at-aal2'),
  },
  {
    id: 'live-session',
    title: 'Only in a live session at aal2',
    text: 'The only policy here that stops the tokens of a removed factor and of an ended session.',
    sql: file('live-session'),
  },
  {
    id: 'ways-around',
    title: 'A function that passes by every policy',
    text: '“Only at aal2” is in place, and everybody’s notes are read through all_notes().',
    already: file('aal2-for-everyone'),
    sql: file('ways-around'),
    reads: 'all_notes()',
  },
  {
    id: 'none',
    title: 'No policy on aal',
    text: 'The table with its own policy. Write your own SQL, and see what it does.',
    sql: '-- Your SQL\n',
  },
];

const onlyAtAal2: Exercise['wanted'] = {
  none: 'nothing',
  recovery: 'nothing',
  aal2: 'own',
  removed: 'at most own',
  ended: 'at most own',
  grace: 'nothing',
};

/** Each exercise has a mistake that real projects have made. */
export const exercises: Task[] = [
  {
    id: 'restrictive',
    title: 'The policy that opens the table',
    text: 'This policy was meant to keep sessions below aal2 out. Run it, and look at Ada at aal2: she reaches Grace’s note. Make it so that users reach their own notes at aal2, and none at aal1.',
    sql: withoutComments(file('permissive')),
    exercise: {
      hint: 'Postgres joins permissive policies with “or” and restrictive policies with “and”. The table’s own policy, “Own notes”, is permissive.',
      solution: file('aal2-for-everyone'),
      lesson:
        'A permissive policy adds rows, no matter who owns them. A restrictive policy only takes rows away, and that’s what a check of aal has to do.',
      wanted: onlyAtAal2,
    },
  },
  {
    id: 'official-guide',
    title: 'The policy from the official guide',
    text: 'This policy asks for aal2 only if the user has a factor. Run it: every request fails. Make it work: Ada needs aal2, and Grace, who has no factor, reaches her own note at aal1.',
    sql: withoutComments(file('reads-mfa-factors')),
    exercise: {
      hint: 'The policy reads auth.mfa_factors with the rights of the user, who has none on that table. After a grant the user still sees no factor, because the table has row level security. A function that is security definer reads with the rights of its owner.',
      solution: file('aal2-if-enrolled'),
      lesson:
        'A policy runs with the rights of the user who asks. What that user can’t read, a security definer function reads for them, and answers only for that user.',
      wanted: { ...onlyAtAal2, grace: 'own' },
    },
  },
  {
    id: 'forgets-the-owner',
    title: 'The function that forgets the owner',
    text: '“Only at aal2” is in place, and this function asks for aal2 too. Notes are read through it. Run it: Ada reads Grace’s note. Make the function give users their own notes only.',
    already: file('aal2-for-everyone'),
    sql: forgetful(file('all-notes-at-aal2')),
    reads: 'all_notes_at_aal2()',
    exercise: {
      hint: 'The function runs with the rights of its owner, so no policy applies in it. It has to do what both policies did.',
      solution: file('all-notes-at-aal2'),
      lesson:
        'In a security definer function no policy applies. It must check the level and the owner itself, and it needs revoke, because everybody may execute a new function.',
      wanted: onlyAtAal2,
    },
  },
];

function withoutComments(sql: string): string {
  return sql.replaceAll(/^--.*\n/gm, '');
}

/** The page's function, without the condition on the owner. */
function forgetful(sql: string): string {
  const found = withoutComments(sql).replace(' where user_id = (select auth.uid())', '');
  if (found.includes('auth.uid()')) throw new Error('all-notes-at-aal2.sql asks for the owner in other words now');
  return found;
}
