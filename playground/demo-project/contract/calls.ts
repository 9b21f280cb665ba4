/** Calls of a scenario: what they are made of, and what comes back. */
import type { Json } from './json.ts';
import type { Target } from './target.ts';

export interface Session {
  accessToken: string;
  refreshToken: string;
}

export interface CallOptions {
  /** Whose call it is: a session, one of the project's keys (`anon` or `service`), or any token. */
  as?: Session | string;
  body?: Json;
  /** A body that is not JSON, sent as it is. */
  raw?: string;
  headers?: { [name: string]: string };
  /** The API version asked for; `null` asks for none and gets the old form of errors. */
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
  /** Where the links in it lead. */
  links: string[];
}

export interface ReceivedText {
  user: { phone: string; new_phone?: string };
  sms: { otp: string; phone?: string; sms_type?: string };
}

/** Makes calls. What sets the scene of a scenario needs no more of a client (client.ts). */
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
