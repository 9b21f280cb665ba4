/** Emails and text messages as a test reads them. */
import { decodeEntities } from './go/entities.ts';
import type { Json, KeptMail } from './store.ts';

/** An email that was sent. */
export interface Mail {
  to: string;
  subject: string;
  html: string;
  /** Where its first link leads. */
  link: string | undefined;
  /** What the link carries, for `verifyOtp({ token_hash, type })`. */
  tokenHash: string | undefined;
  /** The code to type in, if the email shows one. */
  code: string | undefined;
  /** Milliseconds since the epoch. */
  sentAt: number;
}

/** A text message that was sent. */
export interface Text {
  /** The number without "+", as Auth keeps it. */
  to: string;
  /** The code to type in. */
  code: string;
  /** Milliseconds since the epoch. */
  sentAt: number;
}

export function readMail({ to, subject, html, createdAt }: KeptMail): Mail {
  const [, address] = /href="([^"]*)"/.exec(html) ?? [];
  const link = address === undefined ? undefined : decodeEntities(address);
  const query = new URLSearchParams(link?.split('?')[1]?.split('#')[0]);
  const text = decodeEntities(html.replaceAll(/<[^>]*>/g, ' '));
  return {
    to,
    subject,
    html,
    link,
    tokenHash: query.get('token_hash') ?? query.get('token') ?? undefined,
    code: /(?<![\w.+-])\d{6,10}(?![\w@+-])/.exec(text)?.[0],
    sentAt: createdAt,
  };
}

/** Text messages are kept as payloads of the send-SMS hook. */
export function readText(payload: Json): Text {
  const { metadata, sms } = payload as { metadata: { time: string }; sms: { otp: string; phone: string } };
  return { to: sms.phone, code: sms.otp, sentAt: Date.parse(metadata.time) };
}
