/**
 * Serves emails through Mailpit's HTTP API, so code that reads a local Supabase stack's emails works here too:
 * https://mailpit.axllent.org/docs/api-v1/
 */

import type { Project } from '../auth/project.ts';
import { decodeEntities } from '../go/entities.ts';
import type { KeptMail } from '../store.ts';

/** Responds to a call to Mailpit's API, from any origin. */
export function answerAsMailpit(project: Project, request: Request, body?: Uint8Array): Response {
  const { pathname } = new URL(request.url);
  const isDeletion = request.method === 'DELETE' && /^\/inbox\/api\/v1\/messages\/?$/.test(pathname);
  const response = isDeletion ? deleteMails(project, body) : read(project, request);
  response.headers.set('access-control-allow-origin', request.headers.get('origin') ?? '');
  response.headers.set('access-control-allow-methods', 'GET, POST, DELETE, PUT, OPTIONS');
  response.headers.set('access-control-allow-headers', '*');
  return response;
}

function read(project: Project, { method, url }: Request): Response {
  const { pathname, searchParams } = new URL(url);
  const [, endpoint, id = ''] = /^\/inbox\/api\/v1\/(messages|search|message)(?:\/([^/]+))?\/?$/.exec(pathname) ?? [];
  const isRead = /^(GET|HEAD)$/.test(method);
  if (isRead && endpoint === 'messages' && id === '') return Response.json(listMails(project, searchParams));
  if (isRead && endpoint === 'search' && id === '') {
    const found = searchMails(project, searchParams);
    return found ? Response.json(found) : text('Error: no search query', 400);
  }
  const mail = isRead && endpoint === 'message' && id !== '' && showMail(project, id);
  return mail ? Response.json(mail) : text('404 page not found', 404);
}

const text = (value: string, status: number) =>
  new Response(value, { status, headers: { 'content-type': 'text/plain' } });

/**
 * `DELETE /inbox/api/v1/messages` with `{ "IDs": […] }`. Without ids, or with a body that isn't JSON, deletes all
 * messages. This follows `DeleteMessages` in Mailpit's server/apiv1/messages.go. It isn't recorded.
 */
function deleteMails({ store }: Project, body?: Uint8Array): Response {
  const ids = idsIn(new TextDecoder().decode(body));
  const kept = ids.length > 0 ? store.mails.filter(({ id }) => !ids.includes(id)) : [];
  store.mails.splice(0, store.mails.length, ...kept);
  return text('ok', 200);
}

function idsIn(body: string): unknown[] {
  try {
    const { IDs } = JSON.parse(body);
    return Array.isArray(IDs) ? IDs : [];
  } catch {
    return [];
  }
}

/** `GET /inbox/api/v1/messages`: newest first. `?start` and `?limit` select a page. */
function listMails(project: Project, query: URLSearchParams): unknown {
  return page(project, project.store.mails, query);
}

/**
 * `GET /inbox/api/v1/search?query=…`: returns the emails that contain all words. As in Mailpit, a word can be `to:`,
 * `subject:`, `is:read`, or `is:unread`. Returns `undefined` without a query.
 */
function searchMails(project: Project, query: URLSearchParams): unknown {
  const words = query
    .get('query')
    ?.toLowerCase()
    .match(/(?:[^\s"]|"[^"]*")+/g);
  if (!words) return undefined;
  const found = project.store.mails.filter((mail) => words.every((word) => has(mail, word.replaceAll('"', ''))));
  return page(project, found, query, null);
}

function has(mail: KeptMail, word: string): boolean {
  if (word === 'is:read' || word === 'is:unread') return mail.read === (word === 'is:read');
  const [, place, value = word] = /^(to|subject):(.*)$/.exec(word) ?? [];
  const text =
    place === 'to' ? mail.to : place === 'subject' ? mail.subject : `${mail.to} ${mail.subject} ${mail.html}`;
  return text.toLowerCase().includes(value);
}

/** `GET /inbox/api/v1/message/{ID}`: marks the email as read. Returns `undefined` if it doesn't exist. */
function showMail(project: Project, id: string): unknown {
  const mail = id === 'latest' ? project.store.mails.at(-1) : project.store.mails.find((known) => known.id === id);
  if (!mail) return undefined;
  mail.read = true;
  const html = `${mail.html.trimEnd()}\n`.replaceAll('\n', '\r\n');
  return {
    ...envelope(mail),
    Cc: [],
    Bcc: [],
    ReplyTo: [],
    ReturnPath: sender.Address,
    Subject: mail.subject,
    ListUnsubscribe: { Header: '', Links: [], Errors: '', HeaderPost: '' },
    Date: new Date(Math.floor(mail.createdAt / 1000) * 1000).toISOString().replace('.000', ''),
    Tags: [],
    Username: '',
    Text: plainText(mail.html),
    HTML: html,
    Size: html.length,
    Inline: [],
    Attachments: [],
  };
}

const sender = { Name: '', Address: 'admin@example.com' };

function envelope({ id, to }: KeptMail) {
  return { ID: id, MessageID: `${id}@mailpit`, From: sender, To: [{ Name: '', Address: to }] };
}

function page(project: Project, found: KeptMail[], query: URLSearchParams, replyTo: [] | null = []): unknown {
  const start = Number(query.get('start')) || 0;
  const limit = Number(query.get('limit')) || 50;
  const end = Math.max(found.length - start, 0);
  const messages = found
    .slice(Math.max(end - limit, 0), end)
    .reverse()
    .map((mail) => ({
      ...envelope(mail),
      Read: mail.read,
      Cc: null,
      Bcc: null,
      ReplyTo: replyTo,
      Subject: mail.subject,
      Created: new Date(mail.createdAt).toISOString(),
      Username: '',
      Tags: [],
      Size: mail.html.length,
      Attachments: 0,
      Snippet: snippet(mail.html),
    }));
  // Mailpit's order of keys.
  const ordered = messages.map(({ ID, MessageID, Read, From, To, ...rest }) => ({
    ID,
    MessageID,
    Read,
    From,
    To,
    ...rest,
  }));
  const unread = (mails: KeptMail[]) => mails.filter(({ read }) => !read).length;
  return {
    total: project.store.mails.length,
    unread: unread(project.store.mails),
    count: messages.length,
    messages_count: found.length,
    messages_unread: unread(found),
    start,
    tags: [],
    messages: ordered,
  };
}

function snippet(html: string): string {
  const text = withoutTags(html).replaceAll(/\s+/g, ' ').trim();
  return text.length > 200 ? `${text.slice(0, 200)}...` : text;
}

/** Returns the email as text: headings on lines of their own, links followed by their URL. */
function plainText(html: string): string {
  return withoutTags(
    html
      .replaceAll(/<h2>(.*)<\/h2>/g, (_, title: string) =>
        [title, ''].join(`\n${'-'.repeat(title.length)}`).replace(/^/, `${'-'.repeat(title.length)}\n`),
      )
      .replaceAll(/<a href="([^"]*)">([^<]*)<\/a>/g, '$2 ( $1 )')
      .replaceAll(/<\/p>\s*/g, '</p>\n\n'),
  ).trim();
}

function withoutTags(html: string): string {
  return decodeEntities(html.replaceAll(/<[^>]+>/g, ''));
}
