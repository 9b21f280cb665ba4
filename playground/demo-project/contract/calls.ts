/** Calls in a scenario, and their responses. */
import type { Json } from './json.ts';
import type { Target } from './target.ts';

export interface Session {
  accessToken: string;
  refreshToken: string;
}

export interface CallOptions {
  /** Who makes the call: a session, an API key of the project (`anon` or `service`), or any token. */
  as?: Session | string;
  body?: Json;
  /** A body that isn't JSON, sent unchanged. */
  raw?: string;
  headers?: { [name: string]: string };
  /** The API version to send. `null` sends none, which gets the old error format. */
  version?: string | null;
}

export interface Received<Body = unknown> {
  status: number;
  headers: Headers;
  body: Body;
}

export interface ReceivedMail {
  subject: string;
  html: string;
  /** The URLs of the links in it. */
  links: string[];
}

export interface ReceivedText {
  user: { phone: string; new_phone?: string };
  sms: { otp: string; phone?: string; sms_type?: string };
}

/** Makes calls. To set up a scenario, this is all you need of a client (client.ts). */
export interface Calls {
  readonly target: Target;
  email(name: string): string;
  phone(last: number): string;
  name(value: string, name: string): string;
  call<Body = unknown>(route: string, call?: CallOptions): Promise<Received<Body>>;
  note(sentence: string): void;
  pass(duration: string): Promise<void>;
  newMails(email: string): Promise<ReceivedMail[]>;
  newTexts(): Promise<ReceivedText[]>;
}
