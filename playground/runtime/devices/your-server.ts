/**
 * Your server, for the flow that removes a lost factor. In this sandbox it runs in the page. It answers the app's calls
 * to it, and sends its own emails. Only it has the secret key.
 */
import type { SupabaseClient, User } from '@supabase/supabase-js';
import { inboxUrl, projectUrl, readJson } from './project.ts';
import { ProjectDate } from './project-date.ts';
import type { Removal } from './server/remove-lost-factors.ts';
import { answer } from './server/support.ts';

/** An email, as Mailpit's API has it. */
interface Mail {
  ID: string;
  Read: boolean;
  Subject: string;
  To: { Address: string }[];
  Created: string;
  HTML: string;
  Text: string;
}

/** What is kept in this tab. */
interface Kept {
  removals: [id: string, Removal][];
  mails: Mail[];
  /**
   * Facts about the newest request: who asked, when a factor was used after that, and what the administrator has done.
   */
  user?: User | undefined;
  usedAt?: Date | undefined;
  isUnlocked?: boolean | undefined;
  removed?: string[] | undefined;
  notifiedAt?: Date | undefined;
}

const key = 'demo-your-server';

/** Times are kept as texts. */
const revive = (name: string, value: unknown) =>
  /^at$|At$/.test(name) && typeof value === 'string' ? new ProjectDate(value) : value;

class YourServer {
  #kept: Kept = { removals: [], mails: [], ...JSON.parse(sessionStorage.getItem(key) ?? '{}', revive) };
  readonly #removals = new Map(this.#kept.removals);
  /** Called after each request for a removal. */
  asked = () => {};
  #client: Promise<SupabaseClient> | undefined;

  /**
   * Returns a `fetch` that answers the app's calls to your server and adds its emails to the project's. Passes
   * everything else to `send`.
   */
  standBefore(send: typeof fetch): typeof fetch {
    return async (input, init) => {
      const { href, origin, pathname } = new URL(input instanceof Request ? input.url : input, location.href);
      if (origin === projectUrl && pathname === '/functions/v1/lost-factor')
        return this.#answer(new Request(input, init));
      if (href === `${inboxUrl}/messages`) return this.#addMails(await send(input, init));
      const mail = this.#kept.mails.find(({ ID }) => href === `${inboxUrl}/message/${ID}`);
      if (!mail) return send(input, init);
      mail.Read = true;
      this.keep({});
      return Response.json(mail);
    };
  }

  get kept(): Kept {
    return this.#kept;
  }

  /** The newest request. */
  get removal(): Removal | undefined {
    return [...this.#removals.values()].at(-1);
  }

  /** Stores changes, and what has changed in a request. */
  keep(changes: Partial<Kept>): void {
    this.#kept = { ...this.#kept, ...changes, removals: [...this.#removals] };
    sessionStorage.setItem(key, JSON.stringify(this.#kept));
  }

  /** The client that has the secret key. */
  admin(): Promise<SupabaseClient> {
    this.#client ??= this.#connect();
    return this.#client;
  }

  async #connect(): Promise<SupabaseClient> {
    const { createClient } = await import('@supabase/supabase-js');
    const { service } = await readJson<{ service: string }>(`${projectUrl}/keys`);
    return createClient(projectUrl, service, {
      auth: { persistSession: false, autoRefreshToken: false, storageKey: 'administrator' },
    });
  }

  /** Sends an email. */
  async send({ email = '' }: User, Subject: string, HTML: string): Promise<void> {
    const mail = { ID: crypto.randomUUID(), Read: false, Subject, To: [{ Address: email }], HTML, Text: '' };
    this.keep({ mails: [{ ...mail, Created: new ProjectDate().toISOString() }, ...this.#kept.mails] });
    dispatchEvent(new Event('called')); // so that the mailbox checks for it
  }

  async #answer(request: Request): Promise<Response> {
    const known = this.#removals.size;
    const answered = await answer(request, {
      admin: await this.admin(),
      removals: this.#removals,
      objectionUrl: (id) => new URL(`?objection=${id}`, location.href.replace(/[?#].*/, '')).href,
      notify: async (user, subject, html) => {
        this.keep({ user, usedAt: undefined, isUnlocked: undefined, removed: undefined, notifiedAt: undefined });
        await this.send(user, subject, html);
      },
    });
    this.keep({});
    if (this.#removals.size > known) this.asked();
    return answered;
  }

  async #addMails(answered: Response): Promise<Response> {
    const { messages }: { messages: Mail[] } = await answered.json();
    const all = [...this.#kept.mails, ...messages];
    return Response.json({ messages: all.sort((a, b) => Date.parse(b.Created) - Date.parse(a.Created)) });
  }
}

export const yourServer = new YourServer();
