/**
 * The tables of Supabase Auth (its schema `auth`) as plain objects, and beside them what the outside keeps: mails, text messages, log lines.
 * Times are milliseconds since the epoch; absent values are left out.
 */

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

export interface Identity {
  identityId: string;
  providerId: string;
  provider: 'email' | 'phone';
  data: { [key: string]: Json };
  lastSignInAt: number;
  createdAt: number;
  updatedAt: number;
}

export interface User {
  id: string;
  role: string;
  email?: string | undefined;
  phone?: string | undefined;
  passwordHash?: string | undefined;
  emailConfirmedAt?: number | undefined;
  phoneConfirmedAt?: number | undefined;
  invitedAt?: number | undefined;
  confirmationSentAt?: number | undefined;
  recoverySentAt?: number | undefined;
  emailChange?: string | undefined;
  emailChangeSentAt?: number | undefined;
  emailChangeConfirmStatus?: number | undefined;
  phoneChange?: string | undefined;
  phoneChangeSentAt?: number | undefined;
  reauthenticationSentAt?: number | undefined;
  lastSignInAt?: number | undefined;
  appMetadata: { [key: string]: Json };
  userMetadata: { [key: string]: Json };
  identities: Identity[];
  isAnonymous: boolean;
  bannedUntil?: number | undefined;
  deletedAt?: number | undefined;
  createdAt: number;
  updatedAt: number;
}

export type Aal = 'aal1' | 'aal2';

/** How a session was signed in, and when last: a row of `mfa_amr_claims`. */
export interface Claim {
  method: string;
  at: number;
}

export interface Session {
  id: string;
  userId: string;
  aal: Aal;
  /** The factor that lifted it last. */
  factorId?: string | undefined;
  claims: Claim[];
  createdAt: number;
  refreshedAt?: number | undefined;
}

export interface RefreshToken {
  /** The token itself. */
  id: string;
  sessionId: string;
  userId: string;
  parent?: string | undefined;
  revoked: boolean;
  updatedAt: number;
}

export interface Factor {
  id: string;
  userId: string;
  type: 'totp' | 'phone';
  status: 'unverified' | 'verified';
  friendlyName: string;
  secret?: string | undefined;
  phone?: string | undefined;
  lastChallengedAt?: number | undefined;
  createdAt: number;
  updatedAt: number;
}

export interface Challenge {
  id: string;
  factorId: string;
  ip: string;
  otpCode?: string | undefined;
  verifiedAt?: number | undefined;
  createdAt: number;
}

export type OneTimeTokenType =
  | 'confirmation_token'
  | 'reauthentication_token'
  | 'recovery_token'
  | 'email_change_token_new'
  | 'email_change_token_current'
  | 'phone_change_token';

export interface OneTimeToken {
  /** `<user id>:<type>`: a user has at most one of each type. */
  id: string;
  userId: string;
  type: OneTimeTokenType;
  hash: string;
}

export interface FlowState {
  /** Its auth code. */
  id: string;
  userId: string;
  method: string;
  codeChallenge: string;
  codeChallengeMethod: string;
  codeIssuedAt?: number | undefined;
  createdAt: number;
}

/** A mail as Mailpit keeps it. */
export interface Mail {
  id: string;
  to: string;
  subject: string;
  html: string;
  createdAt: number;
}

/** Rows by `id`, found through named indexes as well, so that no call looks at every row. Rows are changed through `update` only. */
export class Table<Row extends { id: string }, Index extends string = never> {
  readonly #rows = new Map<string, Row>();
  readonly #ids = new Map<string, Set<string>>();
  readonly #keys: Record<Index, (row: Row) => string | undefined>;

  /** `keys` say by what rows are found; a row without a key is left out of that index. */
  constructor(rows: Row[], keys: Record<Index, (row: Row) => string | undefined>) {
    this.#keys = keys;
    for (const row of rows) this.insert(row);
  }

  insert(row: Row): Row {
    this.#rows.set(row.id, row);
    for (const place of this.#places(row)) {
      const ids = this.#ids.get(place);
      if (ids) ids.add(row.id);
      else this.#ids.set(place, new Set([row.id]));
    }
    return row;
  }

  get(id: string): Row | undefined {
    return this.#rows.get(id);
  }

  /** The rows with this value in an index, in the order in which they came to have it. */
  where(index: Index, value: string): Row[] {
    return [...(this.#ids.get(`${index} ${value}`) ?? [])].flatMap((id) => this.#rows.get(id) ?? []);
  }

  update(row: Row, changes: Partial<Row>): Row {
    const before = this.#places(row);
    Object.assign(row, changes);
    const after = this.#places(row);
    if (before.join() === after.join()) return row;
    this.#forget(row.id, before);
    return this.insert(row);
  }

  delete(row: Row): void {
    this.#forget(row.id, this.#places(row));
    this.#rows.delete(row.id);
  }

  rows(): Row[] {
    return [...this.#rows.values()];
  }

  #places(row: Row): string[] {
    return (Object.keys(this.#keys) as Index[]).flatMap((index) => {
      const value = this.#keys[index](row);
      return value === undefined ? [] : [`${index} ${value}`];
    });
  }

  #forget(id: string, places: string[]): void {
    for (const place of places) {
      const ids = this.#ids.get(place);
      ids?.delete(id);
      if (ids?.size === 0) this.#ids.delete(place);
    }
  }
}

/** Adds to a list that forgets its oldest entries beyond `limit`, as Mailpit and a log viewer do. */
export function remember<Entry>(list: Entry[], entry: Entry, limit = 500): void {
  list.push(entry);
  if (list.length > limit) list.splice(0, list.length - limit);
}

/** Everything a project remembers, as JSON. */
export interface Snapshot {
  users: User[];
  sessions: Session[];
  refreshTokens: RefreshToken[];
  factors: Factor[];
  challenges: Challenge[];
  oneTimeTokens: OneTimeToken[];
  flowStates: FlowState[];
  mails: Mail[];
  sms: Json[];
  log: string[];
}

export class Store {
  readonly users;
  readonly sessions;
  readonly refreshTokens;
  readonly factors;
  readonly challenges;
  readonly oneTimeTokens;
  readonly flowStates;
  readonly mails: Mail[];
  readonly sms: Json[];
  readonly log: string[];

  constructor(snapshot?: Snapshot) {
    // A copy: what happens here must not change the snapshot it came from.
    const from: Partial<Snapshot> = snapshot ? structuredClone(snapshot) : {};
    this.users = new Table(from.users ?? [], {
      email: (row: User) => row.email,
      phone: (row: User) => row.phone,
      newPhone: (row: User) => row.phoneChange,
    });
    this.sessions = new Table(from.sessions ?? [], {
      user: (row: Session) => row.userId,
      factor: (row: Session) => row.factorId,
    });
    this.refreshTokens = new Table(from.refreshTokens ?? [], { session: (row: RefreshToken) => row.sessionId });
    this.factors = new Table(from.factors ?? [], { user: (row: Factor) => row.userId });
    this.challenges = new Table(from.challenges ?? [], { factor: (row: Challenge) => row.factorId });
    this.oneTimeTokens = new Table(from.oneTimeTokens ?? [], {
      user: (row: OneTimeToken) => row.userId,
      hash: (row: OneTimeToken) => row.hash,
    });
    this.flowStates = new Table(from.flowStates ?? [], { purpose: (row: FlowState) => `${row.userId} ${row.method}` });
    this.mails = from.mails ?? [];
    this.sms = from.sms ?? [];
    this.log = from.log ?? [];
  }

  snapshot(): Snapshot {
    return structuredClone({
      users: this.users.rows(),
      sessions: this.sessions.rows(),
      refreshTokens: this.refreshTokens.rows(),
      factors: this.factors.rows(),
      challenges: this.challenges.rows(),
      oneTimeTokens: this.oneTimeTokens.rows(),
      flowStates: this.flowStates.rows(),
      mails: this.mails,
      sms: this.sms,
      log: this.log,
    });
  }
}
