import type { Config } from '../config.ts';
import type { Factor, JsonObject, Session, Store, User } from '../store.ts';
import type { Claims, Keys } from './keys.ts';

/** What the rules work with: a project with its tables, settings, and clock. */
export interface Project {
  readonly store: Store;
  readonly config: Config;
  readonly keys: Keys;
  /** The origin of the project's URL. */
  readonly url: string;
  /** Milliseconds since the epoch. */
  now(): number;
}

/** A request in the form that the rules work with. */
export interface Call {
  readonly project: Project;
  readonly request: Request;
  /** The path that Auth's router sees, without `/auth/v1`. */
  readonly path: string;
  /** The parameters in the path, such as `factor_id`. */
  readonly params: Record<string, string>;
  /** The values of the query and of a form. */
  readonly form: URLSearchParams;
  /** The body as text. Empty for forms, because Auth has already parsed them and nothing is left to read as JSON. */
  readonly body: string;
  readonly ip: string;
  /** Where the flow may redirect: the validated `redirect_to`, or the site URL. */
  readonly redirectTo: string;
  readonly requestId: string;
  /** The claims of the bearer token, after it was verified. */
  claims?: Claims;
  /** The caller. Guards find it first, and handlers get it from here. */
  caller?: Caller;
  /** The same, for a server with the service key. */
  admin?: Actor;
  /** The user and the factor in the path, after they were found. */
  userInPath?: User;
  factorInPath?: Factor;
  /** Extra headers for the response. */
  readonly headers: Headers;
  /** Extra fields for the request's log line. */
  readonly logged: JsonObject;
}

/** The caller that the bearer token identifies. `session` is `undefined` if the token names no session. */
export interface Caller {
  user: User;
  session: Session | undefined;
}

/** The actor in an audit event: a user, or the role of an admin. */
export type Actor = Pick<User, 'id' | 'email' | 'phone' | 'userMetadata'>;

/** In milliseconds. Challenges and auth codes are valid this long. */
export const fiveMinutes = 300_000;

export const newId = (): string => crypto.randomUUID();

/** Returns random digits for a one-time code. */
export function randomDigits(length: number): string {
  return [...crypto.getRandomValues(new Uint32Array(length))].map((value) => value % 10).join('');
}
