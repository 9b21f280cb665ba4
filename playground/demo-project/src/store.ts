/**
 * The tables of Supabase Auth (its schema `auth`) as plain objects, plus what Auth sends out: emails, text messages,
 * and log lines. Times are in milliseconds since the epoch. A string that Auth stores as NULL or empty is ''.
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
  /**
   * Each token is stored both here and in `oneTimeTokens`. Typed codes are compared with this field, and links are
   * looked up in the table.
   */
  confirmationToken: string;
  confirmationSentAt?: number | undefined;
  recoveryToken: string;
  recoverySentAt?: number | undefined;
  emailChange: string;
  emailChangeTokenCurrent: string;
  emailChangeTokenNew: string;
  emailChangeSentAt?: number | undefined;
  /** 1 after the first of the two links of a secure email change has been used. */
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

/** How and when the user last authenticated with this method: a row of `mfa_amr_claims`. */
export interface Claim {
  method: string;
  at: number;
}

export interface Session {
  id: string;
  userId: string;
  aal: Aal;
  /** The factor that last raised the session to aal2. */
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
  /** Increases with each token, so it gives the order of issue. */
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
  /** The last completed challenge of a WebAuthn factor and its answer, as Auth shows them. */
  lastWebAuthnChallenge?: Json | undefined;
  lastChallengedAt?: number | undefined;
  /** How many challenges this factor has. */
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

/**
 * What the answer to a WebAuthn challenge is checked against. Names and order are as Auth shows them. Binary values are
 * in base64.
 */
export type WebAuthnSession = {
  challenge: string;
  rpId: string;
  /** The owner of the requested credential, or `null` if any user may answer. */
  user_id: string | null;
  allowed_credentials?: string[];
  expires: string;
  userVerification: string;
  credParams?: { type: string; alg: number }[];
};

/** A public key that an authenticator created for this project. Binary values are in base64url. */
export interface Credential {
  id: string;
  /** A COSE key. */
  publicKey: string;
  /** The model of the authenticator. */
  aaguid: string;
  transports: string[] | null;
  /** Whether the key can be copied to other devices. This never changes. */
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

/** A row of `webauthn_challenges`, for a user who registers a passkey or anyone who signs in with one. */
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
  /** `<user id> <type>`: a user has at most one token of each type. */
  id: string;
  userId: string;
  type: OneTimeTokenType;
  hash: string;
}

export interface FlowState {
  /** The flow's auth code. */
  id: string;
  userId: string;
  providerType: string;
  method: string;
  codeChallenge: string;
  codeChallengeMethod: string;
  codeIssuedAt?: number | undefined;
  createdAt: number;
}

/** An email as Mailpit stores it. */
export interface KeptMail {
  id: string;
  to: string;
  subject: string;
  html: string;
  read: boolean;
  createdAt: number;
}

/** Returns a row's key in each index. An index skips rows without a key. */
type Indexed<Row, Index extends string> = Record<Index, (row: Row) => string | undefined>;

/** Rows by `id`. Named indexes find rows without looking at each of them. Change rows only through the table. */
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

  /** Returns the rows with this key in an index, in the order in which they got it. */
  where(index: Index, value: string): Row[] {
    return [...this.each(index, value)];
  }

  /** Like `where`, but iterates. */
  each(index: Index, value: string): Iterable<Row> {
    return this.#found.get(`${index} ${value}`)?.values() ?? [];
  }

  /** Returns the number of rows with this key in an index. */
  count(index: Index, value: string): number {
    return this.#found.get(`${index} ${value}`)?.size ?? 0;
  }

  insert(row: Row): Row {
    this.#add(row);
    this.#store.onRollback(() => this.#remove(row));
    return row;
  }

  /**
   * Deletes the oldest finished rows with this key in an index while there are more than `limit` rows. Auth leaves that
   * to a daily cleanup. Returns how many were deleted.
   */
  trim(index: Index, value: string, limit: number, isDone: (row: Row) => boolean): number {
    const excess = this.count(index, value) - limit;
    const done = excess > 0 ? this.where(index, value).filter(isDone).slice(0, excess) : [];
    for (const row of done) this.delete(row);
    return done.length;
  }

  /** Changes a row and sets `updatedAt`. */
  update(row: Row, changes: Partial<Row>): Row {
    const touched = row.updatedAt === undefined ? changes : { ...changes, updatedAt: this.#store.now() };
    return this.patch(row, touched);
  }

  /** Changes a row but keeps `updatedAt`, like Auth's handwritten SQL. */
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

  /** Returns all rows, oldest first. Don't change the array: it belongs to the table. */
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

/** How many emails, text messages, and log lines to keep. The oldest are dropped first. */
const kept = { mails: 500, texts: 500, log: 2000 };

/** All tables and everything sent out, as JSON. */
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
    // Copies, so that changes here don't reach the snapshot.
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
      // Unverified factors without a challenge, which Auth deletes. A factor that lost its challenges ('again') is
      // older than every factor that never had one ('new').
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

  /** Returns the next serial number. */
  nextSerial(): number {
    this.#serial += 1;
    return this.#serial;
  }

  /** Keeps all changes so far, even if a rollback follows. */
  commit(): void {
    this.#undo = [];
  }

  /**
   * Undoes the changes in all tables since the last commit. Emails, text messages, and log lines have already been
   * sent, so they stay.
   */
  rollback(): void {
    for (const undo of this.#undo.reverse()) undo();
    this.#undo = [];
  }

  /** Runs `change` and undoes its changes if it throws. Changes of the current request aren't affected. */
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
