/**
 * The tables of Supabase Auth (its schema `auth`) as plain objects, and beside them what the outside keeps: mails, text messages, log lines.
 * Times are milliseconds since the epoch; a text that Auth keeps as NULL or empty is ''.
 */

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

export interface User {
  id: string;
  aud: string;
  role: string;
  email: string;
  phone: string;
  passwordHash: string;
  emailConfirmedAt?: number | undefined;
  phoneConfirmedAt?: number | undefined;
  invitedAt?: number | undefined;
  /** Each token stands here and in `oneTimeTokens`: typed codes are compared with this one, links are found in the table. */
  confirmationToken: string;
  confirmationSentAt?: number | undefined;
  recoveryToken: string;
  recoverySentAt?: number | undefined;
  emailChange: string;
  emailChangeTokenCurrent: string;
  emailChangeTokenNew: string;
  emailChangeSentAt?: number | undefined;
  /** 1 after the first of the two links of a secure email change. */
  emailChangeConfirmStatus: number;
  phoneChange: string;
  phoneChangeToken: string;
  phoneChangeSentAt?: number | undefined;
  reauthenticationToken: string;
  reauthenticationSentAt?: number | undefined;
  lastSignInAt?: number | undefined;
  appMetadata: JsonObject;
  userMetadata: JsonObject;
  isAnonymous: boolean;
  bannedUntil?: number | undefined;
  deletedAt?: number | undefined;
  createdAt: number;
  updatedAt: number;
}

export interface Identity {
  id: string;
  userId: string;
  provider: 'email' | 'phone';
  providerId: string;
  data: JsonObject;
  lastSignInAt: number;
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
  parent: string;
  revoked: boolean;
  /** Grows with each token: the order in which they were issued. */
  serial: number;
  updatedAt: number;
}

export interface Factor {
  id: string;
  userId: string;
  type: 'totp' | 'phone' | 'webauthn';
  status: 'unverified' | 'verified';
  friendlyName: string;
  secret?: string | undefined;
  phone: string;
  credential?: Credential | undefined;
  /** The challenge of a WebAuthn factor that was met last, and the answer to it, as Auth shows them. */
  lastWebAuthnChallenge?: Json | undefined;
  lastChallengedAt?: number | undefined;
  /** How many challenges of it there are. */
  challenges: number;
  createdAt: number;
  updatedAt: number;
}

export interface Challenge {
  id: string;
  factorId: string;
  ip: string;
  otpCode?: string | undefined;
  webAuthn?: WebAuthnSession | undefined;
  verifiedAt?: number | undefined;
  createdAt: number;
}

/** What the answer to a WebAuthn challenge is held against, named and ordered as Auth shows it. Binary values are in base64. */
export type WebAuthnSession = {
  challenge: string;
  rpId: string;
  /** Whose credential is asked for; `null` where anybody may answer. */
  user_id: string | null;
  allowed_credentials?: string[];
  expires: string;
  userVerification: string;
  credParams?: { type: string; alg: number }[];
};

/** A public key that an authenticator made for this project; binary values are in base64url. */
export interface Credential {
  id: string;
  /** A COSE key. */
  publicKey: string;
  /** The model of the authenticator. */
  aaguid: string;
  transports: string[] | null;
  /** Whether it can be copied to other devices, which never changes. */
  backupEligible: boolean;
}

/** A row of `webauthn_credentials`. */
export interface Passkey {
  id: string;
  userId: string;
  credential: Credential;
  friendlyName: string;
  lastUsedAt?: number | undefined;
  createdAt: number;
  updatedAt: number;
}

/** A row of `webauthn_challenges`: of a user who registers a passkey, or of somebody who signs in with one. */
export interface PasskeyChallenge {
  id: string;
  userId?: string | undefined;
  session: WebAuthnSession;
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
  /** `<user id> <type>`: a user has at most one of each type. */
  id: string;
  userId: string;
  type: OneTimeTokenType;
  hash: string;
}

export interface FlowState {
  /** Its auth code. */
  id: string;
  userId: string;
  providerType: string;
  method: string;
  codeChallenge: string;
  codeChallengeMethod: string;
  codeIssuedAt?: number | undefined;
  createdAt: number;
}

/** A mail as Mailpit keeps it. */
export interface KeptMail {
  id: string;
  to: string;
  subject: string;
  html: string;
  read: boolean;
  createdAt: number;
}

/** Reads a row's value in each index; a row without one is left out of that index. */
type Indexed<Row, Index extends string> = Record<Index, (row: Row) => string | undefined>;

/** Rows by `id`, found through named indexes as well, so that no call looks at every row. Rows are changed through the table only. */
export class Table<Row extends { id: string; updatedAt?: number }, Index extends string = never> {
  readonly #rows = new Map<string, Row>();
  readonly #found = new Map<string, Map<string, Row>>();
  readonly #store: Store;
  readonly #keys: Indexed<Row, Index>;
  readonly #indexes: Index[];
  #all: Row[] | undefined;

  constructor(store: Store, rows: Row[] = [], keys: Indexed<Row, Index> = {} as Indexed<Row, Index>) {
    this.#store = store;
    this.#keys = keys;
    this.#indexes = Object.keys(keys) as Index[];
    for (const row of rows) this.#add(row);
  }

  get(id: string): Row | undefined {
    return this.#rows.get(id);
  }

  /** The rows with this value in an index, in the order in which they came to have it. */
  where(index: Index, value: string): Row[] {
    return [...this.each(index, value)];
  }

  /** As `where`, one by one. */
  each(index: Index, value: string): Iterable<Row> {
    return this.#found.get(`${index} ${value}`)?.values() ?? [];
  }

  /** How many rows have this value in an index. */
  count(index: Index, value: string): number {
    return this.#found.get(`${index} ${value}`)?.size ?? 0;
  }

  insert(row: Row): Row {
    this.#add(row);
    this.#store.onRollback(() => this.#remove(row));
    return row;
  }

  /**
   * Forgets the oldest rows with this value in an index that nobody needs any more, beyond `limit` rows: Auth leaves them to a daily clean-up.
   * Returns how many those were.
   */
  trim(index: Index, value: string, limit: number, isDone: (row: Row) => boolean): number {
    const excess = this.count(index, value) - limit;
    const done = excess > 0 ? this.where(index, value).filter(isDone).slice(0, excess) : [];
    for (const row of done) this.delete(row);
    return done.length;
  }

  /** Changes a row, and the time of its last change with it. */
  update(row: Row, changes: Partial<Row>): Row {
    const touched = row.updatedAt === undefined ? changes : { ...changes, updatedAt: this.#store.now() };
    return this.patch(row, touched);
  }

  /** Changes a row and leaves the time of its last change, as SQL that Auth writes by hand does. */
  patch(row: Row, changes: Partial<Row>): Row {
    const before = Object.fromEntries(Object.keys(changes).map((key) => [key, row[key as keyof Row]])) as Partial<Row>;
    this.#assign(row, changes);
    this.#store.onRollback(() => this.#assign(row, before));
    return row;
  }

  delete(row: Row): void {
    this.#remove(row);
    this.#store.onRollback(() => this.#add(row));
  }

  /** All rows, oldest first; the array belongs to the table. */
  rows(): Row[] {
    this.#all ??= [...this.#rows.values()];
    return this.#all;
  }

  #assign(row: Row, changes: Partial<Row>): void {
    const before = this.#indexes.map((index) => this.#keys[index](row));
    Object.assign(row, changes);
    this.#indexes.forEach((index, at) => {
      const value = this.#keys[index](row);
      if (value === before[at]) return;
      this.#leave(index, before[at], row);
      this.#enter(index, value, row);
    });
  }

  #add(row: Row): void {
    this.#all = undefined;
    this.#rows.set(row.id, row);
    for (const index of this.#indexes) this.#enter(index, this.#keys[index](row), row);
  }

  #remove(row: Row): void {
    this.#all = undefined;
    this.#rows.delete(row.id);
    for (const index of this.#indexes) this.#leave(index, this.#keys[index](row), row);
  }

  #enter(index: Index, value: string | undefined, row: Row): void {
    if (value === undefined) return;
    const place = `${index} ${value}`;
    const rows = this.#found.get(place);
    if (rows) rows.set(row.id, row);
    else this.#found.set(place, new Map([[row.id, row]]));
  }

  #leave(index: Index, value: string | undefined, row: Row): void {
    const place = `${index} ${value}`;
    const rows = this.#found.get(place);
    rows?.delete(row.id);
    if (rows?.size === 0) this.#found.delete(place);
  }
}

/** How many mails, text messages and log lines are kept; the oldest go first. */
const kept = { mails: 500, texts: 500, log: 2000 };

/** The rows of all tables and what the outside keeps, as JSON. */
export interface Tables {
  users: User[];
  identities: Identity[];
  sessions: Session[];
  refreshTokens: RefreshToken[];
  factors: Factor[];
  challenges: Challenge[];
  passkeys: Passkey[];
  passkeyChallenges: PasskeyChallenge[];
  oneTimeTokens: OneTimeToken[];
  flowStates: FlowState[];
  serial: number;
  mails: KeptMail[];
  texts: Json[];
  log: string[];
}

export class Store {
  readonly users;
  readonly identities;
  readonly sessions;
  readonly refreshTokens;
  readonly factors;
  readonly challenges;
  readonly passkeys;
  readonly passkeyChallenges;
  readonly oneTimeTokens;
  readonly flowStates;
  readonly mails: KeptMail[];
  /** Text messages, as payloads of the send-SMS hook. */
  readonly texts: Json[];
  readonly log: string[];
  readonly now: () => number;
  #serial: number;
  #undo: (() => void)[] = [];

  constructor(now: () => number, tables?: Tables) {
    // A copy: what happens here must not change the snapshot it came from.
    const from = structuredClone(tables);
    this.now = now;
    this.users = new Table(this, from?.users, {
      email: (row: User) => row.email || undefined,
      phone: (row: User) => row.phone || undefined,
      phoneChange: (row: User) => row.phoneChange || undefined,
      aud: (row: User) => row.aud,
    });
    this.identities = new Table(this, from?.identities, {
      user: (row: Identity) => row.userId,
      email: (row: Identity) => (typeof row.data['email'] === 'string' ? row.data['email'].toLowerCase() : undefined),
    });
    this.sessions = new Table(this, from?.sessions, {
      user: (row: Session) => row.userId,
      factor: (row: Session) => row.factorId,
    });
    this.refreshTokens = new Table(this, from?.refreshTokens, {
      session: (row: RefreshToken) => row.sessionId,
      active: (row: RefreshToken) => (row.revoked ? undefined : row.sessionId),
    });
    this.factors = new Table(this, from?.factors, {
      user: (row: Factor) => row.userId,
      // Unverified and without a challenge: Auth clears these away. A factor that lost its challenges is older than all that never had one.
      idle: (row: Factor) =>
        row.status === 'verified' || row.challenges > 0
          ? undefined
          : row.lastChallengedAt === undefined
            ? 'new'
            : 'again',
    });
    this.challenges = new Table(this, from?.challenges, { factor: (row: Challenge) => row.factorId });
    this.passkeys = new Table(this, from?.passkeys, {
      user: (row: Passkey) => row.userId,
      credential: (row: Passkey) => row.credential.id,
    });
    this.passkeyChallenges = new Table(this, from?.passkeyChallenges, {
      user: (row: PasskeyChallenge) => row.userId ?? '',
    });
    this.oneTimeTokens = new Table(this, from?.oneTimeTokens, {
      user: (row: OneTimeToken) => row.userId,
      hash: (row: OneTimeToken) => row.hash,
    });
    this.flowStates = new Table(this, from?.flowStates, { purpose: (row: FlowState) => `${row.userId} ${row.method}` });
    this.#serial = from?.serial ?? 0;
    this.mails = from?.mails ?? [];
    this.texts = from?.texts ?? [];
    this.log = from?.log ?? [];
  }

  /** The next number of a row that needs one. */
  nextSerial(): number {
    this.#serial += 1;
    return this.#serial;
  }

  /** What has changed up to now stays, whatever comes. */
  commit(): void {
    this.#undo = [];
  }

  /** Takes back the changes of all tables since the last commit. Mail, text messages and log lines are out, and stay. */
  rollback(): void {
    for (const undo of this.#undo.reverse()) undo();
    this.#undo = [];
  }

  /** Makes changes that all stay or, if it throws, are all taken back; those of a request under way are not touched. */
  alone<Result>(change: () => Result): Result {
    const others = this.#undo;
    this.#undo = [];
    try {
      return change();
    } catch (error) {
      this.rollback();
      throw error;
    } finally {
      this.#undo = others;
    }
  }

  onRollback(undo: () => void): void {
    this.#undo.push(undo);
  }

  keepMail(mail: KeptMail): void {
    keep(this.mails, mail, kept.mails);
  }

  keepText(text: Json): void {
    keep(this.texts, text, kept.texts);
  }

  keepLogLine(line: string): void {
    keep(this.log, line, kept.log);
  }

  tables(): Tables {
    return structuredClone({
      users: this.users.rows(),
      identities: this.identities.rows(),
      sessions: this.sessions.rows(),
      refreshTokens: this.refreshTokens.rows(),
      factors: this.factors.rows(),
      challenges: this.challenges.rows(),
      passkeys: this.passkeys.rows(),
      passkeyChallenges: this.passkeyChallenges.rows(),
      oneTimeTokens: this.oneTimeTokens.rows(),
      flowStates: this.flowStates.rows(),
      serial: this.#serial,
      mails: this.mails,
      texts: this.texts,
      log: this.log,
    });
  }
}

function keep<Entry>(list: Entry[], entry: Entry, limit: number): void {
  list.push(entry);
  if (list.length > limit) list.shift();
}
