/** What `startDemoProject()` adds to a project on a port. */
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { startDemoProject } from '../node/index.ts';

/** Starts a server that replaces PostgREST. `asked` lists the requests that reach it. */
async function startTables() {
  const asked: { method?: string | undefined; url?: string | undefined; token?: string | undefined; body: string }[] =
    [];
  const server = createServer(async (request: IncomingMessage, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    asked.push({ method: request.method, url: request.url, token: request.headers.authorization, body });
    response.writeHead(201, { 'content-range': '0-0/*' }).end('[{"id":1}]');
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const close = async () => {
    server.close();
    server.closeAllConnections();
  };
  return { url: `http://127.0.0.1:${port}`, asked, [Symbol.asyncDispose]: close };
}

test('requests to tables are passed on to `rest` with their token, and its answers come back unchanged', async () => {
  await using tables = await startTables();
  await using project = await startDemoProject({ rest: `${tables.url}/` });
  const answer = await fetch(`${project.url}/rest/v1/notes?select=id`, {
    method: 'POST',
    headers: { authorization: 'Bearer a token' },
    body: '{"text":"a note"}',
  });
  expect(tables.asked).toEqual([
    { method: 'POST', url: '/notes?select=id', token: 'Bearer a token', body: '{"text":"a note"}' },
  ]);
  expect([answer.status, answer.headers.get('content-range'), await answer.json()]).toEqual([
    201,
    '0-0/*',
    [{ id: 1 }],
  ]);
  expect((await fetch(`${project.url}/auth/v1/health`)).status).toBe(200);
  expect(tables.asked).toHaveLength(1);
});

test("when `rest` can't be reached, the answer says so", async () => {
  await using project = await startDemoProject({ rest: 'http://127.0.0.1:1' });
  const answer = await fetch(`${project.url}/rest/v1/notes`);
  expect(answer.status).toBe(502);
  expect((await answer.json()).message).toMatch(/^No answer from http:\/\/127\.0\.0\.1:1\/notes, where --rest leads: /);
});

test('the mailbox is a page with every email, and runs none of their scripts', async () => {
  const content = '<a href="{{ .SiteURL }}/reset">Reset</a><script>alert(1)</script>';
  const auth = {
    site_url: 'http://localhost:3000',
    email: { template: { recovery: { subject: 'A <b>mail</b>', content } } },
  };
  await using project = await startDemoProject({
    config: { auth },
    seed: [{ email: 'ada@example.com', password: 'secret' }],
  });
  const read = async () => (await fetch(`${project.url}/inbox`)).text();
  expect(await read()).toContain('There are none yet.');
  await fetch(`${project.url}/auth/v1/recover`, { method: 'POST', body: '{"email":"ada@example.com"}' });
  const page = await read();
  expect(page).toContain('<h2>A &lt;b>mail&lt;/b></h2>\n      <p>to ada@example.com</p>');
  expect(page).toContain('sandbox="allow-top-navigation-by-user-activation"');
  expect(page).toContain('&lt;a href=&quot;http://localhost:3000/reset&quot;>Reset&lt;/a>&lt;script>');
  expect(page).not.toContain('<script>');
});

test('emails can be deleted: the ones you name, or all', async () => {
  const seed = ['ada', 'grace', 'alan'].map((name) => ({ email: `${name}@example.com`, password: 'secret' }));
  await using project = await startDemoProject({ seed });
  for (const { email } of seed)
    await fetch(`${project.url}/auth/v1/recover`, { method: 'POST', body: JSON.stringify({ email }) });
  const messages = `${project.url}/inbox/api/v1/messages`;
  const to = async () => {
    const { messages: found } = (await (await fetch(messages)).json()) as {
      messages: { ID: string; To: { Address: string }[] }[];
    };
    return found.map(({ ID, To }) => ({ ID, to: To[0]?.Address }));
  };
  const [alan, grace] = await to();
  const answer = await fetch(messages, { method: 'DELETE', body: JSON.stringify({ IDs: [grace?.ID] }) });
  expect([answer.status, await answer.text()]).toEqual([200, 'ok']);
  expect(await to()).toEqual([alan, { ID: expect.anything(), to: 'ada@example.com' }]);
  await fetch(messages, { method: 'DELETE' });
  expect(await to()).toEqual([]);
});

test('a secret key gets the service role, and no other key does', async () => {
  await using project = await startDemoProject({ seed: [{ email: 'ada@example.com', password: 'secret' }] });
  const users = async (key: string) =>
    (await fetch(`${project.url}/auth/v1/admin/users`, { headers: { authorization: `Bearer ${key}` } })).status;
  expect(await users('sb_secret_anything')).toBe(200);
  expect(await users('sb_publishable_anything')).toBe(403);
  expect(await users(project.keys.anon)).toBe(403);
});

test('with `control`, settings change over HTTP: users and clock stay, and a wrong setting changes nothing', async () => {
  const ada = { email: 'ada@example.com', password: 'secret' };
  await using project = await startDemoProject({ control: true, seed: [ada], config: { auth: { jwt_expiry: 60 } } });
  const post = (path: string, body: object = {}) =>
    fetch(`${project.url}${path}`, { method: 'POST', body: JSON.stringify(body) });
  const signIn = async () => (await post('/auth/v1/token?grant_type=password', ada)).json();
  const signUp = async () => (await post('/auth/v1/signup', { email: 'grace@example.com', password: 'secret' })).status;

  await post('/demo-project/advance?by=1h');
  const before = project.now();
  expect((await post('/demo-project/settings', { auth: { enable_signup: false } })).status).toBe(204);
  expect(await signUp()).toBe(422);
  expect(await signIn()).toMatchObject({ user: { email: ada.email }, expires_in: 60 });
  expect(project.now()).toBeGreaterThanOrEqual(before);
  expect(project.mails()).toEqual([]);

  const refused = await post('/demo-project/settings', { auth: { jwt_expiry: 'long' } });
  expect([refused.status, (await refused.json()).message]).toEqual([400, expect.stringContaining('jwt_expiry')]);
  expect(await signUp()).toBe(422);

  await post('/demo-project/settings');
  expect(await signUp()).toBe(200);
  await post('/demo-project/reset');
  expect((await signIn()).user.email).toBe(ada.email);
});

test('without `control`, nobody can change settings over HTTP', async () => {
  await using project = await startDemoProject();
  expect((await fetch(`${project.url}/demo-project/settings`, { method: 'POST', body: '{}' })).status).toBe(403);
});

test('without `rest` there are no tables', async () => {
  await using project = await startDemoProject();
  expect((await fetch(`${project.url}/rest/v1/notes`)).status).toBe(404);
});

test('a taken port and a wrong setting reject, and leave nothing running', async () => {
  await using project = await startDemoProject();
  const port = Number(new URL(project.url).port);
  await expect(startDemoProject({ port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  const free = createServer();
  await once(free.listen(0, '127.0.0.1'), 'listening');
  const { port: next } = free.address() as AddressInfo;
  await once(free.close(), 'close');
  await expect(startDemoProject({ port: next, seed: [{ email: 'no address', password: 'x' }] })).rejects.toThrow(
    'User 1 of the seed ("no address")',
  );
  await using again = await startDemoProject({ port: next });
  expect(again.url).toBe(`http://127.0.0.1:${next}`);
});
