/** The devices beside an app: what they show is true, and whatever reaches them is shown as plain text. */
import { readFileSync } from 'node:fs';
import { expect, type Locator, type Page, test } from '@playwright/test';
import { nightly } from '../support/example.ts';
import { guideUrl } from '../support/guide.ts';

test.use({ locale: 'en-US', timezoneId: 'UTC' });

const app = guideUrl('play/totp-step-up/');
const device = (page: Page, name: string) => page.getByRole('region', { name, exact: true });

/** Brings a device to the front. */
async function open(page: Page, name: string): Promise<Locator> {
  await page.getByRole('button', { name: new RegExp(`^${name}(, new)?$`) }).click();
  return device(page, name);
}

async function askForLink(page: Page, email: string): Promise<void> {
  const form = page.getByRole('form', { name: 'Forgot your password?' });
  await form.getByLabel('Email').fill(email);
  await form.getByRole('button', { name: 'Send reset link' }).click();
  await expect(device(page, 'Mailbox').getByRole('button', { name: email })).toBeVisible();
}

async function signIn(page: Page, email: string, password: string): Promise<void> {
  const form = page.getByRole('form', { name: 'Sign in' });
  await form.getByLabel('Email').fill(email);
  await form.getByLabel('Password').fill(password);
  await form.getByRole('button', { name: 'Sign in' }).click();
}

test('a hostile email becomes text and web links, which learn nothing about the page', async ({ page, context }) => {
  await context.route('https://evil.example/**', (route) =>
    route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>Outside</title>' }),
  );
  await page.goto(app);
  await page.evaluate(
    (mails) => {
      const send = window.fetch;
      window.fetch = async (input, init) => {
        const { pathname } = new URL(input instanceof Request ? input.url : input, location.href);
        const summary = { Read: false, To: [{ Address: 'ada@example.com' }], Created: '2026-01-01T00:00:00Z' };
        if (pathname.endsWith('/messages'))
          return Response.json({ messages: mails.map((_, ID) => ({ ...summary, ID, Subject: `Mail ${ID}` })) });
        const mail = mails[Number(/\/message\/(\d)$/.exec(pathname)?.[1] ?? -1)];
        return mail ? Response.json(mail) : send(input, init);
      };
    },
    [
      {
        Text: '',
        HTML: [
          '<h1>Hello</h1><p onclick="document.title=1">A <b>text</b></p>',
          '<a href="javascript:document.title=1">script</a>',
          '<a href="data:text/html,hello">data</a><a href=" vbscript:x">vb</a><a href="ftp://evil.example/">ftp</a>',
          '<svg onload="document.title=1"><a xlink:href="javascript:1"><text>picture</text></a></svg>',
          '<math href="javascript:1"><mi>formula</mi></math>',
          '<img src="x" onerror="document.title=1"><iframe srcdoc="<p>framed</p>"></iframe><object data="x">object</object>',
          '<form action="https://evil.example/"><input name="code"><button>Send</button></form>',
          '<style>* { display: none }</style><script>document.title=1</script>',
          '<a href="https://evil.example/?mail" target="_self" onclick="document.title=1"><i>outside</i></a>',
        ].join(''),
      },
      { HTML: '', Text: '<img src="x" onerror="document.title=1">' },
    ],
  );
  await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
  const mailbox = device(page, 'Mailbox');
  const count = mailbox.getByRole('heading').locator('.badge');
  const opened = mailbox.getByRole('group', { name: 'Opened email' });
  await expect(count).toHaveText('2 new');

  await mailbox.getByRole('button', { name: 'Mail 0' }).click();
  await expect(opened).toContainText('Hello');
  expect(await opened.innerHTML()).toBe(
    [
      '<b>Hello</b><p>A <span>text</span></p>',
      'script <small class="quiet">javascript:document.title=1</small>',
      'data <small class="quiet">data:text/html,hello</small>',
      'vb <small class="quiet">vbscript:x</small>ftp <small class="quiet">ftp://evil.example/</small>',
      '<span></span><span></span><span>object</span><span><span></span><span>Send</span></span>',
      '<a href="https://evil.example/?mail" target="_blank" rel="noreferrer">outside (opens another site)</a>',
      '<small class="quiet">https://evil.example/?mail</small>',
    ].join(''),
  );
  await expect(count).toHaveText('1 new');
  const popup = page.waitForEvent('popup');
  await opened.getByRole('link').click();
  const outside = await popup;
  await outside.waitForLoadState();
  expect(await outside.evaluate(() => [window.opener, document.referrer])).toEqual([null, '']);

  await mailbox.getByRole('button', { name: 'Mail 1' }).click();
  await expect(opened).toHaveText('<img src="x" onerror="document.title=1">');
  await expect(count).toHaveText('');
  await expect(page).toHaveTitle(/Your app/);
});

test('the authenticator shows the current code and how long it lasts, and copies it', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.clock.setFixedTime('2026-01-01T00:00:07Z');
  await page.goto(app);
  const authenticator = await open(page, 'Authenticator');
  const ada = authenticator.getByRole('group', { name: 'ada@example.com: Authenticator app' });
  const shown = async () => [
    await ada.locator('[data-code]').textContent(),
    await ada.locator('.code .quiet').textContent(),
    await ada.locator('progress').evaluate((bar: HTMLProgressElement) => bar.value),
  ];
  await expect.poll(shown).toEqual(['409601', '23 s', 23]);
  await page.clock.setFixedTime('2026-01-01T00:00:29.900Z');
  await expect.poll(shown).toEqual(['409601', '1 s', 1]);
  await page.clock.setFixedTime('2026-01-01T00:00:30Z');
  await expect.poll(shown).toEqual(['653454', '30 s', 30]);
  await expect(authenticator.getByRole('group')).toHaveCount(1);

  const news = page.getByRole('log', { name: 'News' });
  await expect(news).toHaveAttribute('aria-live', 'polite');
  await ada.getByRole('button', { name: 'Copy code' }).click();
  await expect(news).toContainText('Copied 653454.');
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('653454');
  await ada.getByRole('button', { name: 'Type it for me' }).click();
  await expect(news).toContainText('Your app has no field for a code right now.');
  await page.evaluate(() => {
    navigator.clipboard.writeText = () => Promise.reject(new Error('no'));
  });
  await ada.getByRole('button', { name: 'Copy code' }).click();
  await expect(news).toContainText("Your browser didn't let this page copy the code: Error: no");
  // Open the accounts of this flow, and the chosen account's authenticators.
  await page.getByRole('button', { name: 'Accounts' }).click();
  const accounts = page.getByRole('group', { name: 'Accounts' }).getByRole('button');
  expect(await accounts.allInnerTexts()).toEqual([
    'ada@example.com\nsecond factor: an authenticator app\npassword: old-password-ada',
    'grace@example.com\nsecond factor: none\npassword: old-password-grace',
    'alan@example.com\nsecond factor: one that was never verified\npassword: old-password-alan',
    'katherine@example.com\nsecond factor: two authenticators\npassword: old-password-katherine',
  ]);
  await accounts.last().click();
  await expect(authenticator.getByRole('group')).toHaveCount(2);
  const katherine = authenticator.getByRole('group', { name: 'katherine@example.com: Phone' });
  await expect(katherine.locator('[data-code]')).toHaveText('641915');
});

test('the session device shows what the stored token says, and what changed', async ({ page }) => {
  const now = Date.parse('2026-01-01T00:00:07Z') / 1000;
  await page.clock.setFixedTime(now * 1000);
  await page.goto(app);
  const session = await open(page, 'Session');
  const facts = session.locator('dd');
  await expect(facts).toHaveText(['–', '–', '–', '–', '–']);

  const claims = {
    sub: '0a0a0a0a-0000-4000-8000-000000000001',
    email: 'zoë@example.com',
    aal: 'aal1',
    amr: [{ method: 'otp', timestamp: now - 7 }],
    session_id: '5e555e55-0000-4000-8000-000000000002',
    exp: now + 3600,
  };
  const store = (claims: object | null) =>
    page.evaluate(
      (payload) => {
        const key = 'sb-localhost-auth-token';
        if (payload === null) localStorage.removeItem(key);
        else localStorage.setItem(key, JSON.stringify({ access_token: `head.${payload}.signature` }));
      },
      claims && Buffer.from(JSON.stringify(claims)).toString('base64url'),
    );

  await store(claims);
  await expect(facts).toHaveText([
    'zoë@example.com',
    'otp 12:00:00 AM',
    '1:00:07 AM (in 60 min)',
    '5e555e55-0000-4000-8000-000000000002',
    'New session at aal1 (otp)',
  ]);
  const levels = [session.getByRole('heading').locator('.chip'), page.locator('.level .chip')];
  for (const level of levels) await expect(level).toHaveText('aal1');

  const totp = { method: 'totp', timestamp: now };
  const atAal2 = { ...claims, aal: 'aal2', amr: [totp, ...claims.amr], exp: now + 90 };
  await store(atAal2);
  await expect(facts).toHaveText([
    'zoë@example.com',
    'totp 12:00:07 AM, otp 12:00:00 AM',
    '12:01:37 AM (in 90 s)',
    '5e555e55-0000-4000-8000-000000000002',
    'Same session, raised from aal1 to aal2 (totp)',
  ]);
  for (const level of levels) await expect(level).toHaveText('aal2');
  await store({ ...atAal2, exp: now + 91 });
  await expect(facts.nth(2)).toHaveText('12:01:38 AM (in 2 min)');
  await expect(facts.nth(4)).toHaveText('New tokens, still at aal2');
  await store({ ...atAal2, exp: now });
  await expect(facts.nth(2)).toHaveText('12:00:07 AM (expired)');
  await store({ ...atAal2, session_id: '5e555e55-0000-4000-8000-000000000003' });
  await expect(facts.nth(4)).toHaveText('New session at aal2 (totp, otp)');
  await store(null);
  await expect(facts).toHaveText(['–', '–', '–', '–', 'The session has ended']);
  for (const level of levels) await expect(level).toHaveText('no session');
});

test('each call has its own log lines; the address bar is short; starting over leaves nothing', async ({ page }) => {
  await page.goto(app);
  await signIn(page, 'ada@example.com', 'wrong');
  await expect(page.getByRole('alert')).toBeVisible();
  await askForLink(page, 'grace@example.com');
  const mailbox = device(page, 'Mailbox');
  const count = mailbox.getByRole('heading').locator('.badge');
  await expect(count).toHaveText('1 new');
  await mailbox.getByRole('button', { name: 'grace@example.com' }).click();
  await expect(count).toHaveText('');

  const requests = await open(page, 'Requests');
  /** For each call: its line, then the subject of each log line below it. */
  const calls = () =>
    requests.locator('details').evaluateAll((all) =>
      all.map((call) => {
        const [method, path] = (call.querySelector('summary code')?.textContent ?? '').split(' ');
        const status = Number.parseInt(call.querySelector('summary .outcome')?.textContent ?? '', 10);
        const logs = [...call.querySelectorAll('h4')].filter(({ textContent }) => textContent === 'Auth log');
        const lines = logs.flatMap((log) => (log.nextElementSibling?.textContent ?? '').split('\n'));
        const read = lines.map((line) => JSON.parse(line));
        return {
          call: `${method} ${path} ${status}`,
          log: read.map(({ method, path, msg }) => (method ? `${method} ${path}` : msg)),
          last: `${read.at(-1)?.msg} ${read.at(-1)?.status}`,
          ids: new Set(read.map((line) => line.request_id ?? line.auth_audit_event.request_id)).size,
        };
      }),
    );
  await expect.poll(calls).toEqual([
    { call: 'POST /token 400', log: ['POST /token'], last: 'request completed 400', ids: 1 },
    { call: 'POST /recover 200', log: ['audit_event', 'POST /recover'], last: 'request completed 200', ids: 1 },
  ]);

  await open(page, 'Mailbox');
  await mailbox.getByRole('link', { name: 'Reset password' }).click();
  await expect(page.getByRole('heading', { name: 'Choose a new password' })).toBeVisible();
  await expect(page.locator('.level')).toContainText('aal1');
  const bar = device(page, 'Address bar');
  await expect(bar.locator('code')).toContainText('…/?reset-password#access_token=eyJ');
  const address = await bar.locator('code').innerText();
  expect(address).not.toMatch(/[\w.-]{40,}/);
  expect(address).toContain('…');
  await bar.getByRole('button', { name: 'Show the whole address' }).click();
  await expect(bar.locator('pre')).toContainText(/[=]eyJ[\w.-]{100,}/);
  await page.keyboard.press('Escape');

  await page.getByRole('button', { name: 'Start over', exact: true }).click();
  await expect(page.getByRole('form', { name: 'Sign in' })).toBeVisible();
  await expect(page.locator('.level')).toContainText('no session');
  await expect(mailbox.getByRole('button')).toHaveCount(0);
  await open(page, 'Requests');
  await expect(requests.locator('details')).toHaveCount(0);
  expect(await page.evaluate(() => [localStorage.length, sessionStorage.length])).toEqual([0, 0]);
});

test('a page that comes back from the browser’s memory is reloaded', async ({ page }) => {
  await page.goto(app);
  await signIn(page, 'grace@example.com', 'old-password-grace');
  await expect(page.locator('.level')).toContainText('aal1');
  await page.evaluate(() => Object.assign(window, { left: true }));
  const shown = (persisted: boolean) =>
    page.evaluate((persisted) => void dispatchEvent(new PageTransitionEvent('pageshow', { persisted })), persisted);
  await shown(false);
  expect(await page.evaluate(() => 'left' in window)).toBe(true);
  const loaded = page.waitForEvent('load');
  await shown(true);
  await loaded;
  expect(await page.evaluate(() => 'left' in window)).toBe(false);
  await expect(page.locator('.level')).toContainText('aal1');
});

test('each call says what made it, what was sent, and what it did to the session', async ({ page }) => {
  await page.goto(app);
  await askForLink(page, 'ada@example.com');
  await device(page, 'Mailbox').getByRole('button', { name: 'ada@example.com' }).click();
  await device(page, 'Mailbox').getByRole('link', { name: 'Reset password' }).click();
  await device(page, 'Authenticator').getByRole('button', { name: 'Type it for me' }).click();
  const code = await page.getByLabel('Code', { exact: true }).inputValue();
  await page.getByRole('button', { name: 'Verify' }).click();
  await page.getByLabel('New password').fill('a new password');
  await page.getByRole('button', { name: 'Save new password' }).click();
  await expect(page.getByRole('heading', { name: 'Your password was changed' })).toBeVisible();

  const rows = (await open(page, 'Requests')).locator('details');
  const ofApp = rows.filter({ has: page.locator('summary small') });
  const lineOf = (file: string, code: string) =>
    1 +
    readFileSync(`playground/examples/totp-step-up/src/${file}`, 'utf8')
      .split('\n')
      .filter((line) => !/#(end)?region/.test(line)) // readers get the file without these
      .findIndex((line) => line.includes(code));
  const [lists, verifies, saves] = [
    `listFactors() in src/step-up.ts, line ${lineOf('step-up.ts', 'listFactors()')}`,
    `challengeAndVerify() in src/step-up.ts, line ${lineOf('step-up.ts', 'challengeAndVerify')}`,
    `updateUser() in src/step-up.ts, line ${lineOf('step-up.ts', 'updateUser')}`,
  ];
  const lines = () =>
    ofApp.evaluateAll((all) =>
      all.map((row) => [
        row
          .querySelector('summary')
          ?.innerText.replace(/[0-9a-f]{4}…/, 'id')
          .split(/\s+/)
          .filter((word) => word !== '→')
          .join(' '),
        row.querySelector('p')?.textContent,
      ]),
    );
  await expect.poll(lines).toEqual([
    ['GET /user 200 setSession() aal1', `setSession() in src/link.ts, line ${lineOf('link.ts', 'setSession(')}`],
    ['GET /user 200 listFactors() aal1', lists],
    ['POST /factors/id/challenge 200 challengeAndVerify() aal1', verifies],
    ['POST /factors/id/verify 200 challengeAndVerify() aal1 aal2', verifies],
    ['PUT /user 200 updateUser() aal2', saves],
  ]);

  const parts = (row: Locator) => row.locator('pre').allInnerTexts();
  const verify = rows.filter({ hasText: /^POST .*verify/ });
  await verify.locator('summary').click();
  const [sent = '', answered = ''] = await parts(verify);
  expect(sent).toMatch(/^authorization: Bearer eyJ\w+…[\w-]{4}\nx-supabase-api-version: \d{4}-\d\d-\d\d\n\{/);
  expect(sent).toContain(`"code": "${code}"`);
  expect(answered).toContain('"token_type": "bearer"');
  expect(sent + answered).not.toMatch(/[\w.-]{40,}/);
});

test('the address that the sandbox fills in gives way to what the reader types', async ({ page }) => {
  let release = () => {};
  const isTyping = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.route(/\/later-[^/]*\.js$/, async (route) => {
    await isTyping;
    await route.continue();
  });
  await page.goto(app, { waitUntil: 'commit' });
  const field = page.getByRole('form', { name: 'Sign in' }).getByLabel('Email');
  await field.focus();
  release();
  await expect(field).toHaveValue('ada@example.com');
  await page.keyboard.type('grace@example.com');
  await expect(field).toHaveValue('grace@example.com');
});

test('a tab keeps the state of one example only', nightly, async ({ context, page }) => {
  const listener = await context.newPage();
  await listener.goto(guideUrl('about/'));
  await listener.evaluate(() => {
    const heard: unknown[] = [];
    const ended = new Promise<void>((resolve) => {
      new BroadcastChannel('sb-localhost-auth-token').onmessage = ({ data }) => {
        if (data === 'the end') resolve();
        else heard.push(data);
      };
    });
    Object.assign(window, { heard, ended });
  });

  await page.goto(app);
  await signIn(page, 'grace@example.com', 'old-password-grace');
  await expect(page.locator('.level')).toContainText('aal1');
  await askForLink(page, 'grace@example.com');
  await page.goto(guideUrl('play/reproduce-the-401/'));
  const startedOver = 'Starting over: what this tab had stored is damaged, or belongs to another page.';
  await expect(page.getByText(startedOver)).toBeVisible();
  await expect(page.locator('.level')).toContainText('no session');
  await expect(device(page, 'Mailbox').getByRole('button')).toHaveCount(0);

  // Data that has the right mark can still be damaged.
  await page.reload();
  await expect(page.getByRole('heading', { name: /^Step 1 of/ })).toBeVisible();
  await askForLink(page, 'grace@example.com');
  await page.evaluate(() => {
    window.name = `${window.name.split('\n')[0]}\n{"local":[\n{`;
  });
  await page.reload();
  await expect(page.getByText(startedOver)).toBeVisible();
  await expect(device(page, 'Mailbox').getByRole('button')).toHaveCount(0);

  await page.goto(guideUrl('about/'));
  await page.evaluate(() => new BroadcastChannel('sb-localhost-auth-token').postMessage('the end'));
  const heard = await listener.evaluate(async () => {
    const { heard, ended } = window as unknown as { heard: unknown[]; ended: Promise<void> };
    await ended;
    return heard;
  });
  expect(heard).toEqual([]);
});

test("without a connection the flow continues, and a missing file isn't shown as Auth's answer", async ({
  context,
  page,
}) => {
  await context.route(/\/later-[^/]*\.js$/, (route) => route.abort());
  await page.goto(app);
  await signIn(page, 'grace@example.com', 'old-password-grace');
  await expect(page.getByRole('alert')).toHaveText(
    'We couldn’t reach the server. Check your connection and try again.',
  );
  await expect((await open(page, 'Requests')).locator('summary')).toHaveText('POST /tokenno answerno session');

  await context.unrouteAll();
  await page.reload();
  await askForLink(page, 'ada@example.com');
  const mailbox = device(page, 'Mailbox');
  await mailbox.getByRole('button', { name: 'ada@example.com' }).click();
  const link = mailbox.getByRole('link', { name: 'Reset password' });
  const offline = page.getByText("You're offline, so the link wasn't opened. Try again when you're online.");
  await context.setOffline(true);
  await link.click();
  await expect(offline).toHaveCount(2); // visible, and announced to screen readers

  await context.setOffline(false);
  await link.click();
  const code = page.getByLabel('Code', { exact: true });
  await expect(code).toBeVisible();
  const hasLoaded = () =>
    page.evaluate(() => performance.getEntriesByType('resource').some(({ name }) => /\/later-[^/]*\.js$/.test(name)));
  await expect.poll(hasLoaded).toBe(true);
  await context.setOffline(true);
  await device(page, 'Authenticator').getByRole('button', { name: 'Type it for me' }).first().click();
  await page.getByRole('button', { name: 'Verify' }).click();
  await page.getByLabel('New password').fill('the new password');
  await page.getByRole('button', { name: 'Save new password' }).click();
  await expect(page.getByRole('heading', { name: 'Your password was changed' })).toBeVisible();
});

/** Where each example asks for the email, and the example's files as readers see them. */
for (const [slug, file] of Object.entries({
  'totp-step-up': 'src/link.ts',
  'totp-html': 'index.html',
  'totp-react': 'src/link.ts',
  'totp-vue': 'src/link.ts',
  'totp-svelte': 'src/link.ts',
})) {
  test(`${slug}: a call is at the line that readers see`, nightly, async ({ page }) => {
    const { files } = await (await fetch(guideUrl(`playground/${slug}/code.json`))).json();
    const { code } = files.find(({ path }: { path: string }) => path === file);
    const line = 1 + code.split('\n').findIndex((line: string) => line.includes('resetPasswordForEmail('));
    await page.goto(guideUrl(`play/${slug}/`));
    await askForLink(page, 'ada@example.com');
    const row = (await open(page, 'Requests')).locator('details').filter({ hasText: 'POST /recover' });
    await expect(row.locator('p')).toHaveText(`resetPasswordForEmail() in ${file}, line ${line}`);
  });
}
