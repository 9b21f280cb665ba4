/** Mail in Mailpit's HTTP API, so that what reads a local Supabase stack's mail reads this: https://mailpit.axllent.org/docs/api-v1/ */
import type { Project } from '../auth/project.ts';
import type { Mail } from '../store.ts';

/** `GET /inbox/api/v1/messages`, newest first; `?start` and `?limit` page. */
export function listMails(project: Project, query: URLSearchParams): unknown {
  return page(project, [...project.store.mails].reverse(), query);
}

/** `GET /inbox/api/v1/search?query=to:…`: what counts is the addressee; any other word must stand in the subject or the text. */
export function searchMails(project: Project, query: URLSearchParams): unknown {
  const words = (query.get('query') ?? '').toLowerCase().split(/\s+/).filter(Boolean);
  const found = project.store.mails.filter((mail) =>
    words.every((word) =>
      word.startsWith('to:')
        ? mail.to.includes(word.slice(3).replaceAll('"', ''))
        : `${mail.subject} ${mail.html}`.toLowerCase().includes(word),
    ),
  );
  return page(project, found.reverse(), query);
}

/** `GET /inbox/api/v1/message/{ID}`; `undefined` when there is none. */
export function showMail(project: Project, id: string): unknown {
  const mail = project.store.mails.find((known) => known.id === id);
  if (!mail) return undefined;
  return {
    ...envelope(mail),
    Cc: [],
    Bcc: [],
    ReplyTo: [],
    ReturnPath: sender.Address,
    Subject: mail.subject,
    Date: new Date(Math.floor(mail.createdAt / 1000) * 1000).toISOString().replace('.000', ''),
    Tags: [],
    Text: text(mail.html),
    HTML: `${mail.html.trimEnd()}\n`.replaceAll('\n', '\r\n'),
    Size: mail.html.length,
    Inline: [],
    Attachments: [],
  };
}

const sender = { Name: '', Address: 'admin@example.com' };

function envelope(mail: Mail) {
  return {
    ID: mail.id,
    MessageID: `${mail.id}@demo-project.invalid`,
    From: sender,
    To: [{ Name: '', Address: mail.to }],
  };
}

function page(project: Project, mails: Mail[], query: URLSearchParams): unknown {
  const start = Number(query.get('start') ?? 0);
  const messages = mails.slice(start, start + Number(query.get('limit') ?? 50)).map((mail) => ({
    ...envelope(mail),
    Read: false,
    Cc: null,
    Bcc: null,
    ReplyTo: [],
    Subject: mail.subject,
    Created: new Date(mail.createdAt).toISOString(),
    Tags: [],
    Size: mail.html.length,
    Attachments: 0,
    Snippet: text(mail.html).replaceAll(/\s+/g, ' ').slice(0, 250),
  }));
  const total = project.store.mails.length;
  return {
    total,
    unread: total,
    count: messages.length,
    messages_count: mails.length,
    messages_unread: mails.length,
    start,
    tags: [],
    messages,
  };
}

/** The mail without its tags; a link shows where it leads. */
function text(html: string): string {
  return html
    .replaceAll(/<a href="([^"]*)">([^<]*)<\/a>/g, '$2 ( $1 )')
    .replaceAll(/<[^>]+>/g, '')
    .replaceAll('&amp;', '&')
    .replaceAll(/\n{2,}/g, '\n\n')
    .trim();
}
