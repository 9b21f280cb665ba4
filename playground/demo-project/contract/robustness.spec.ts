/** What no request can cause, in any form, even if the demo project is recreated from a snapshot at any time. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { served } from '../src/endpoints.ts';
import { createDemoProject, type DemoProject, type PartialConfig, type Seed } from '../src/index.ts';
import { Client } from './client.ts';
import { demoTarget } from './demo-target.ts';
import { passwords, sequences, settings, walk } from './sequences.ts';
import type { ApiKeys } from './target.ts';

test('a restart from a snapshot loses nothing, at any step', async () => {
  const property = fc.asyncProperty(settings, sequences(6, 12), async (config, steps) => {
    const exchanges = async (restarts: boolean) => {
      const project = await Client.start(demoTarget(config, { restarts }));
      await walk(steps)(project);
      return project.exchanges;
    };
    expect(await exchanges(true)).toEqual(await exchanges(false));
  });
  await fc.assert(property);
});

const origin = 'http://127.0.0.1:54321';
const password = passwords[0] ?? '';
const factor = { type: 'totp', friendlyName: 'app', secret: 'A'.repeat(32), status: 'verified' } as const;
const seed: Seed = [{ email: 'ada@example.com', password, factors: [factor] }];

/** Creates a demo project, and the values that identify its user in requests. */
async function projectWithUser(
  config: PartialConfig,
): Promise<{ project: DemoProject; names: { [name: string]: string } }> {
  const project = createDemoProject({ config, seed });
  const url = `${origin}/auth/v1/token?grant_type=password`;
  const signIn = new Request(url, { method: 'POST', body: JSON.stringify({ email: 'ada@example.com', password }) });
  const { access_token, user } = (await (await project.fetch(signIn)).json()) as {
    access_token: string;
    user: { id: string; factors?: { id: string }[] };
  };
  const { service } = (await (await project.fetch(new Request(`${origin}/keys`))).json()) as ApiKeys;
  return {
    project,
    names: {
      '<user>': user.id,
      '<factor>': user.factors?.[0]?.id ?? '',
      '<token>': access_token,
      '<service key>': service,
    },
  };
}

/** Text with a special meaning somewhere, and random text. */
const text = fc.oneof(
  fc.constantFrom(
    'recovery',
    'email',
    'phone',
    'totp',
    'sms',
    's256',
    '123456',
    '1e999',
    'ada@example.com',
    '15550001111',
  ),
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.constantFrom('a', 'ä', ' ', '@.').map((text) => text.repeat(2000)),
);
const field = fc.constantFrom(
  ...[
    'email',
    'phone',
    'password',
    'current_password',
    'nonce',
    'data',
    'app_metadata',
    'user_metadata',
    'type',
    'token',
  ],
  ...['token_hash', 'channel', 'create_user', 'code', 'challenge_id', 'auth_code', 'code_verifier', 'code_challenge'],
  ...['code_challenge_method', 'refresh_token', 'factor_type', 'friendly_name', 'issuer', 'new_email', 'redirect_to'],
  ...[
    'ban_duration',
    'id',
    'aud',
    'role',
    'email_confirm',
    'password_hash',
    'should_soft_delete',
    'grant_type',
    'scope',
  ],
  ...['page', 'per_page', 'filter', 'query', 'start', 'limit', 'webauthn', '__proto__'],
);
const header = fc.constantFrom(
  ...['content-type', 'x-supabase-api-version', 'x-forwarded-for', 'x-jwt-aud', 'redirect_to', 'referer', 'origin'],
  ...['access-control-request-method', 'access-control-request-headers', 'authorization', 'user-agent'],
);
const form = fc.dictionary(field, text).map((fields) => new URLSearchParams(fields).toString());

/** A request in any form. Names in it are replaced with real values. */
const request = fc.record({
  method: fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS'),
  path: fc.oneof(
    fc
      .tuple(
        fc.constantFrom(...Object.keys(served)),
        fc.oneof(fc.constantFrom('<user>', '<factor>'), text.map(encodeURIComponent)),
      )
      .map(
        ([endpoint, id]) =>
          `/auth/v1${endpoint.replace(/^\w+ /, '').replace(':user_id', '<user>').replace(/:\w+/, id)}`,
      ),
    fc.constantFrom('/sms', '/keys', '/inbox/api/v1/messages', '/inbox/api/v1/search', '/inbox/api/v1/message/1'),
    fc.string().map((path) => `/auth/v1/${path}`),
  ),
  query: form,
  headers: fc.dictionary(
    header,
    text.map((value) => value.replaceAll(/[^ -~\x80-\xff]/g, '')),
  ),
  token: fc.constantFrom('<token>', '<service key>', undefined),
  body: fc.oneof(
    {
      weight: 3,
      arbitrary: fc.dictionary(field, fc.oneof(text, fc.jsonValue(), fc.boolean())).map((body) => JSON.stringify(body)),
    },
    {
      weight: 1,
      arbitrary: fc.oneof(fc.json(), text, form, fc.constantFrom('['.repeat(20_000), '{"data":'.repeat(20_000))),
    },
  ),
});

test('no request crashes or hangs the demo project', async () => {
  // The demo project reports its own bugs here.
  const tell = console.error;
  const faults: unknown[] = [];
  console.error = (fault: unknown) => faults.push(fault);
  const property = fc.asyncProperty(
    settings,
    fc.array(request, { minLength: 5, maxLength: 15 }),
    async (config, requests) => {
      faults.length = 0;
      const { project, names } = await projectWithUser(config);
      const fill = (text: string) => text.replaceAll(/<[a-z ]+>/g, (name) => names[name] ?? name);
      for (const { method, path, query, headers, token, body } of requests) {
        const answer = await project.fetch(
          new Request(`${origin}${fill(path)}?${query}`, {
            method,
            headers: { ...headers, ...(token && { authorization: `Bearer ${fill(token)}` }) },
            body: /GET|HEAD/.test(method) ? null : body,
          }),
        );
        await answer.text();
        expect(faults).toEqual([]);
      }
    },
  );
  try {
    await fc.assert(property, { timeout: 60_000 });
  } finally {
    console.error = tell;
  }
});
