/** Emails and text messages in the form that tests read. */
import { decodeEntities } from './go/entities.ts';
import type { Json, KeptMail } from './store.ts';

/** An email that was sent. */
export interface Mail {
  to: string;
  subject: string;
  html: string;
  /** The URL of the first link. */
  link: string | undefined;
  /** The token hash in the link, for `verifyOtp({ token_hash, type })`. */
  tokenHash: string | undefined;
  /** The code to type, if the email shows one. */
  code: string | undefined;
  /** Milliseconds since the epoch. */
  sentAt: number;
}

/** A text message that was sent. */
export interface Text {
  /** The number without "+", as Auth stores it. */
  to: string;
  /** The code to type. */
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

/** Text messages are stored as payloads of the send-SMS hook. */
export function readText(payload: Json): Text {
  const { metadata, sms } = payload as { metadata: { time: string }; sms: { otp: string; phone: string } };
  return { to: sms.phone, code: sms.otp, sentAt: Date.parse(metadata.time) };
}
