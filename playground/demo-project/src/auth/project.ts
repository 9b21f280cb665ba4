import type { Config } from '../config.ts';
import type { Factor, JsonObject, Session, Store, User } from '../store.ts';
import type { Claims, Keys } from './keys.ts';

/** What the rules stand on: one project, its tables, its settings and its clock. */
export interface Project {
  readonly store: Store;
  readonly config: Config;
  readonly keys: Keys;
  /** The origin under which the project is reached. */
  readonly url: string;
  /** Milliseconds since the epoch. */
  now(): number;
}

/** One request, as the rules see it. */
export interface Call {
  readonly project: Project;
  readonly request: Request;
  /** As Auth's router sees it, without `/auth/v1`. */
  readonly path: string;
  /** Values of the path, such as `factor_id`. */
  readonly params: Record<string, string>;
  /** Values of the query, and of a form. */
  readonly form: URLSearchParams;
  /** The body as text; empty for a form, which Auth reads for its values, so that nothing is left to be read as JSON. */
  readonly body: string;
  readonly ip: string;
  /** Where the flow may lead back to: the validated `redirect_to`, or the site's URL. */
  readonly redirectTo: string;
  readonly requestId: string;
  /** Of the bearer token, once it was found to be good. */
  claims?: Claims;
  /** Who calls, once that is known: guards find it, and handlers ask again. */
  caller?: Caller;
  /** The same for a server with the service key. */
  admin?: Actor;
  /** The user and the factor that the path names, once they were found. */
  userInPath?: User;
  factorInPath?: Factor;
  /** Headers of the answer, beside those that every answer has. */
  readonly headers: Headers;
  /** What the request's log line says beside the usual. */
  readonly logged: JsonObject;
}

/** Who calls, by the bearer token. `session` is undefined for a token that names none. */
export interface Caller {
  user: User;
  session: Session | undefined;
}

/** Who does something: a user, or the role of an admin. */
export type Actor = Pick<User, 'id' | 'email' | 'phone' | 'userMetadata'>;

/** In milliseconds: the life of challenges and auth codes. */
export const fiveMinutes = 300_000;

export const newId = (): string => crypto.randomUUID();

/** Random digits, as in a one-time code. */
export function randomDigits(length: number): string {
  return [...crypto.getRandomValues(new Uint32Array(length))].map((value) => value % 10).join('');
}
