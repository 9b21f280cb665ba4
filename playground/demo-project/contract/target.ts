/** A project's API keys. */
export interface ApiKeys {
  anon: string;
  service: string;
}

/** A project that scenarios run against: the demo project, or a real Supabase. */
export interface Target {
  /** Its origin, without a slash at the end. */
  url: string;
  /** The base of its Mailpit API. */
  inbox: string;
  /** Where its text messages are: payloads of the send-SMS hook, oldest first. */
  sms: string;
  /** Where the lines of its log are, oldest first. */
  log: string;
  /** Answers a request, redirects not followed. */
  fetch(request: Request): Promise<Response>;
  /** The time by which it sends one-time passwords and makes tokens, in milliseconds since the epoch. */
  now(): number;
  /** Makes everything in its tables this much older. Access tokens in hand keep their times. */
  advance(milliseconds: number): Promise<void>;
  /** Makes a factor a verified one, as if it had been verified before the settings became what they are. */
  verify(factorId: string): Promise<void>;
  keys(): Promise<ApiKeys>;
  /** The secret its access tokens are signed with. */
  jwtSecret: string;
}
