/** The sessions that try the policies, and their rows in Auth's tables. The claims come from recorded tokens. */
import { type Claims, id, recordedClaims } from './recorded-claims.ts';

export type Person = 'ada' | 'grace';

/** The ids of the users. Each has a note. Ada has a verified factor, Grace has none. */
export const people: Record<Person, string> = { ada: id('user', 1), grace: id('user', 2) };

export interface Session {
  key: 'none' | 'recovery' | 'aal2' | 'removed' | 'ended' | 'grace';
  /** Its name within a sentence: "Ada at aal2". */
  name: string;
  person?: Person;
  /** The claims of its token. */
  token?: 'aal1' | 'aal2';
  label: string;
  /** The recording that the claims come from. */
  scenario?: string;
  claims: Pick<Claims, 'role'> & Partial<Claims>;
  /** The session's level in Auth's table. Undefined if Auth has no such session. */
  stored?: 'aal1' | 'aal2';
}

const recorded: (Omit<Session, 'claims'> & Required<Pick<Session, 'person' | 'token' | 'scenario'>>)[] = [
  {
    key: 'recovery',
    name: 'Ada at aal1',
    person: 'ada',
    token: 'aal1',
    label: 'Ada, after a reset link',
    scenario: 'recovery-session-cannot-change-password',
    stored: 'aal1',
  },
  {
    key: 'aal2',
    name: 'Ada at aal2',
    person: 'ada',
    token: 'aal2',
    label: 'Ada, after the step-up',
    scenario: 'step-up-in-the-recovery-session-lets-the-password-change',
    stored: 'aal2',
  },
  {
    key: 'removed',
    name: 'Ada with the token of a removed factor',
    person: 'ada',
    token: 'aal2',
    label: 'Ada, after that factor was removed',
    scenario: 'aal-column-and-token-can-disagree',
    stored: 'aal1',
  },
  {
    key: 'ended',
    name: 'Ada with the token of an ended session',
    person: 'ada',
    token: 'aal2',
    label: 'Ada, after the session ended',
    scenario: 'the-access-token-of-an-ended-session-passes-outside-auth',
  },
  {
    key: 'grace',
    name: 'Grace at aal1',
    person: 'grace',
    token: 'aal1',
    label: 'Grace, who has no factor, after a reset link',
    scenario: 'verify-recovery-hash-as-recovery',
    stored: 'aal1',
  },
];

/** The first has no session: its requests carry the publishable key, which stands for the role `anon`. */
export const sessions: Session[] = [
  { key: 'none', name: 'A request without a session', label: 'No session', claims: { role: 'anon' } },
  ...recorded.map((session, index) => ({
    ...session,
    claims: {
      ...recordedClaims(session.scenario, `${session.token} token of session 1`),
      // Each recording has a user 1 and a session 1. Here they share one database.
      sub: people[session.person],
      session_id: id('session', index + 1),
    },
  })),
];
