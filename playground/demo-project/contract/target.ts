/** A project's API keys. */
export interface ApiKeys {
  anon: string;
  service: string;
}

/** A project to run scenarios on: the demo project, or a real Supabase project. */
export interface Target {
  /** Its origin, without a trailing slash. */
  url: string;
  /** The base URL of its Mailpit API. */
  inbox: string;
  /** The URL of its text messages: payloads of the send-SMS hook, oldest first. */
  sms: string;
  /** The URL of its log lines, oldest first. */
  log: string;
  /** Sends a request without following redirects. */
  fetch(request: Request): Promise<Response>;
  /** Returns the time it uses for one-time passwords and tokens, in milliseconds since the epoch. */
  now(): number;
  /** Ages everything in its tables. Existing access tokens keep their times. */
  advance(milliseconds: number): Promise<void>;
  /** Marks a factor as verified, as if that had happened before the settings changed. */
  verify(factorId: string): Promise<void>;
  keys(): Promise<ApiKeys>;
  /** The secret that signs its access tokens. */
  jwtSecret: string;
}
