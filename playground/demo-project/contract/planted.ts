/** A server with three planted differences: a status, a claim, and a header. */
import { createHmac } from 'node:crypto';

type Fetch = (request: Request) => Promise<Response>;

const secret = 'super-secret-jwt-token-with-at-least-32-characters-long';

/** A proxy for a server. `base` is the prefix of its paths: `/auth/v1`, or nothing. */
export class Planted {
  readonly #base: string;
  readonly #fetch: Fetch;
  /** The server's own tokens, by the altered tokens that callers got. */
  readonly #tokens = new Map<string, string>();

  constructor(base: string, fetch: Fetch) {
    this.#base = base;
    this.#fetch = fetch;
  }

  /** Responds as the server does, apart from the three differences below. */
  async fetch(request: Request): Promise<Response> {
    const headers = new Headers(request.headers);
    const token = headers.get('authorization')?.replace('Bearer ', '') ?? '';
    const own = this.#tokens.get(token);
    if (own) headers.set('authorization', `Bearer ${own}`);
    const answer = await this.#fetch(new Request(request, { headers }));
    const { pathname } = new URL(request.url);
    const route = `${request.method} ${pathname.slice(this.#base.length)}`;

    if (route === 'PUT /user' && answer.status === 401 && answer.headers.get('x-sb-error-code') === 'insufficient_aal')
      return new Response(answer.body, { status: 403, headers: answer.headers });
    if (route === 'POST /token' && answer.status === 200) {
      const body = await answer.text();
      return new Response(
        body.replace(/(?<="access_token":")[^"]+/, (own) => this.#altered(own)),
        answer,
      );
    }
    if (route === 'POST /logout' && answer.status === 204)
      return new Response(null, { status: 204, headers: [...answer.headers, ['cache-control', 'no-store']] });
    return answer;
  }

  /** Returns the token with a different role, signed again. */
  #altered(own: string): string {
    const [header = '', payload = ''] = own.split('.');
    if (!JSON.stringify(decode(header)).includes('HS256')) return own;
    const unsigned = `${header}.${encode({ ...decode(payload), role: 'member' })}`;
    const token = `${unsigned}.${createHmac('sha256', secret).update(unsigned).digest('base64url')}`;
    this.#tokens.set(token, own);
    return token;
  }
}

const decode = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString()) as object;
const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
