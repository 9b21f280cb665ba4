/** The client that scenarios use. Its requests and responses are the recording (recording.ts). */
import type { CallOptions, Calls, Received, ReceivedMail, ReceivedText } from './calls.ts';
import { Given } from './given.ts';
import type { Json } from './json.ts';
import { Names } from './names.ts';
import type { Answer, RecordedMail, Request as RecordedRequest, RecordedStep } from './recording.ts';
import type { ApiKeys, Target } from './target.ts';

/** Headers that an app can depend on. */
const headersThatMatter = [
  /^(content-type|location|allow|vary|link|cache-control|retry-after|x-total-count|x-content-type-options|www-authenticate)$/,
  /^(x-supabase-api-version|x-sb-error-code|sb-auth-.*|access-control-.*)$/,
];

const units = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

export class Client implements Calls {
  readonly exchanges: RecordedStep[] = [];
  readonly given: Given;
  readonly target: Target;
  /** The number that makes this run's email addresses and phone numbers unique. */
  readonly run = String(Date.now() * 100 + Math.floor(Math.random() * 100)).slice(-8);
  readonly #names: Names;
  readonly #seenMails = new Set<string>();
  #seenTexts = 0;
  readonly #keys: ApiKeys;

  readonly #records: boolean;

  private constructor(target: Target, keys: ApiKeys, records: boolean) {
    this.target = target;
    this.#records = records;
    this.#keys = keys;
    this.#names = new Names(this.run, target.url, () => target.now());
    this.given = new Given(this);
  }

  /** Creates a client of this target with an empty recording. Without `records`, it's faster. */
  static async start(target: Target, { records = true } = {}): Promise<Client> {
    const project = new Client(target, await target.keys(), records);
    project.name(project.#keys.anon, 'anon key');
    project.name(project.#keys.service, 'service key');
    project.#seenTexts = ((await project.#read(target.sms)) as Json[]).length;
    return project;
  }

  /** Returns an email address that only this run uses. */
  email(name: string): string {
    return `${name}.${this.run}@example.com`;
  }

  /** Returns a phone number that only this run uses, without "+". `last` is its last digit. */
  phone(last: number): string {
    return `1555${this.run}${last}`;
  }

  /** Names a value of this run that the recording must not depend on. */
  name(value: string, name: string): string {
    this.#names.give(value, name);
    return value;
  }

  /** Sends a request such as `PUT /user` to Auth, records it with its response, and returns the response. */
  async send<Body = unknown>(route: string, call: CallOptions = {}): Promise<Received<Body>> {
    const answer = await this.call<Body>(route, call);
    this.#record(() => ({ request: this.#showRequest(route, call), response: this.#showAnswer(route, answer) }));
    return answer;
  }

  /** Sends a request without recording it. */
  async call<Body = unknown>(route: string, call: CallOptions = {}): Promise<Received<Body>> {
    const [method = '', path = ''] = route.split(' ');
    const url = path.startsWith('http') ? path : `${this.target.url}/auth/v1${path}`;
    const body = call.raw ?? (call.body === undefined ? null : JSON.stringify(call.body));
    const headers = { 'user-agent': 'scenario', ...this.#headers(call) };
    const response = await this.target.fetch(new Request(url, { method, headers, body, redirect: 'manual' }));
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.startsWith('application/json') && text !== '';
    return { status: response.status, headers: response.headers, body: (isJson ? JSON.parse(text) : text) as Body };
  }

  /** Records a sentence that describes the setup. */
  note(sentence: string): void {
    this.#record(() => ({ given: this.#names.text(sentence) }));
  }

  /**
   * Lets time pass, such as `61s`, `5m`, or `25h`. Existing access tokens only age on the demo project, so refresh them
   * after an hour.
   */
  async advance(duration: string): Promise<void> {
    await this.pass(duration);
    this.#record(() => ({ advance: duration }));
  }

  /** Lets time pass without recording it. */
  async pass(duration: string): Promise<void> {
    const [, amount, unit] = /^(\d+)([smhd])$/.exec(duration) ?? [];
    if (!amount) throw new Error(`"${duration}" is not a duration such as 5m`);
    await this.target.advance(Number(amount) * units[unit as keyof typeof units]);
  }

  /** Records the emails to this address since the last call, oldest first. Auth sends them before it responds. */
  async mails(email: string): Promise<ReceivedMail[]> {
    const mails = await this.newMails(email);
    const show = ({ from, to, subject, links, html }: (typeof mails)[number]): RecordedMail => ({
      from,
      to: this.#names.text(to),
      subject: this.#nameCodes(subject),
      links: links.map((link) => this.#names.link(link)),
      html: this.#nameCodes(html),
    });
    this.#record(() => ({ mails: mails.map(show), to: this.#names.text(email) }));
    return mails;
  }

  /** Returns the emails to this address since the last call, oldest first. */
  async newMails(email: string): Promise<(ReceivedMail & { from: string; to: string })[]> {
    const found = (await this.#read(
      `${this.target.inbox}/api/v1/search?query=${encodeURIComponent(`to:"${email}"`)}`,
    )) as {
      messages: { ID: string }[];
    };
    const unseen = found.messages.map(({ ID }) => ID).filter((id) => !this.#seenMails.has(id));
    const mails = [];
    for (const id of unseen.reverse()) {
      this.#seenMails.add(id);
      const mail = (await this.#read(`${this.target.inbox}/api/v1/message/${id}`)) as {
        From: { Address: string };
        To: { Address: string }[];
        Subject: string;
        HTML: string;
      };
      const links = [...mail.HTML.matchAll(/href="([^"]*)"/g)].map(([, href = '']) =>
        href.replaceAll('&#43;', '+').replaceAll('&amp;', '&'),
      );
      mails.push({
        from: mail.From.Address,
        to: mail.To.map(({ Address }) => Address).join(', '),
        subject: mail.Subject,
        html: mail.HTML.replaceAll('\r\n', '\n'),
        links,
      });
    }
    return mails;
  }

  /** Records the text messages since the last call, oldest first. They're payloads of the send-SMS hook. */
  async texts(): Promise<ReceivedText[]> {
    const texts = await this.newTexts();
    this.#record(() => ({ texts: texts.map((text) => this.#names.json(text as unknown as Json)) }));
    return texts;
  }

  /** Returns the text messages since the last call, oldest first. */
  async newTexts(): Promise<ReceivedText[]> {
    const texts = (await this.#read(this.target.sms)) as ReceivedText[];
    const fresh = texts.slice(this.#seenTexts);
    this.#seenTexts = texts.length;
    return fresh;
  }

  /** Like `send`, but also records the log lines that the request caused. */
  async sendLogged<Body = unknown>(route: string, call: CallOptions = {}): Promise<Received<Body>> {
    const before = ((await this.#read(this.target.log)) as string[]).length;
    const answer = await this.send<Body>(route, call);
    const lines = await this.#logLines(before);
    this.#record(() => ({ log: lines.map((line) => this.#names.json(line)) }));
    return answer;
  }

  #record(show: () => RecordedStep): void {
    if (this.#records) this.exchanges.push(show());
  }

  /**
   * Returns the log from line `first`, once it contains the line that ends a request. A real server's log arrives
   * through a pipe, slightly later.
   */
  async #logLines(first: number): Promise<{ [key: string]: Json }[]> {
    for (let look = 0; look < 300; look++) {
      const lines = ((await this.#read(this.target.log)) as string[])
        .slice(first)
        .map((line) => JSON.parse(line) as { [key: string]: Json });
      if (lines.some(({ msg }) => msg === 'request completed')) return lines;
    }
    throw new Error('the request does not appear in the log');
  }

  async #read(url: string): Promise<unknown> {
    const response = await this.target.fetch(new Request(url));
    if (!response.ok) throw new Error(`GET ${url} answered ${response.status}`);
    return response.json();
  }

  #headers({ as, body, headers, version = '2024-01-01' }: CallOptions): { [name: string]: string } {
    const token =
      as === undefined
        ? undefined
        : as === 'anon' || as === 'service'
          ? this.#keys[as]
          : typeof as === 'string'
            ? as
            : as.accessToken;
    return {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(version === null ? {} : { 'x-supabase-api-version': version }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    };
  }

  #showRequest(route: string, call: CallOptions): RecordedRequest {
    const [method = '', path = ''] = route.split(' ');
    const headers = Object.entries(this.#headers(call)).map(([name, value]) => [name, this.#names.text(value)]);
    return {
      method,
      path: this.#showPath(path),
      headers: Object.fromEntries(headers) as RecordedRequest['headers'],
      ...(call.body === undefined ? {} : { body: this.#names.json(JSON.parse(JSON.stringify(call.body)) as Json) }),
      ...(call.raw === undefined ? {} : { body: abridge(this.#names.text(call.raw)) }),
    };
  }

  #showPath(path: string): string {
    const [segments = '', query] = path.replace(`${this.target.url}/auth/v1`, '').split('?');
    // An id in a path is named after the segment before it: `/factors/<factor 1>/verify`.
    const parts = segments.split('/');
    const shown = parts.map((part, index) => (index === 0 ? part : this.#names.json(part, parts[index - 1]))).join('/');
    return this.#names.text(query === undefined ? shown : `${shown}?${query}`);
  }

  #showAnswer(route: string, { status, headers, body }: Received): Answer {
    // The last segment of the path says what a list contains.
    const list = route.replace(/.*\//, '');
    const json = typeof body === 'string' ? undefined : this.#names.json(body as Json, list);
    const shown: Answer['headers'] = {};
    for (const [name, value] of [...headers].sort(([a], [b]) => (a < b ? -1 : 1))) {
      if (!headersThatMatter.some((pattern) => pattern.test(name))) continue;
      shown[name] = this.#showHeader(name, value);
    }
    return { status, headers: shown, body: json ?? this.#names.text(body as string) };
  }

  #showHeader(name: string, value: string): Json {
    if (name === 'location') return this.#names.link(value);
    if (name === 'sb-auth-user-id') return this.#names.of('user', value);
    if (name === 'sb-auth-session-id') return this.#names.of('session', value);
    if (name === 'sb-auth-refresh-token-prefix') return this.#names.beginning(value);
    // The router lists methods in no particular order.
    if (name === 'allow') return value.split(', ').sort().join(', ');
    return this.#names.text(value);
  }

  #nameCodes(text: string): string {
    return this.#names.text(text).replace(/\b\d{6,10}\b/g, (code) => this.#names.of('code', code));
  }
}

/** Shortens long bodies to their beginning and length. */
function abridge(text: string): string {
  return text.length > 1000 ? `${text.slice(0, 40)}… (${text.length} characters)` : text;
}
