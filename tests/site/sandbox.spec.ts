/** Sandboxes in the guide: started where the reader wants them, used with the devices alone. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, type FrameLocator, type Page, test } from '@playwright/test';
import { violations } from '../support/axe.ts';
import { nightly } from '../support/example.ts';
import { examples } from '../support/examples.ts';
import { guideUrl } from '../support/guide.ts';
import { standInForStackBlitz } from '../support/stackblitz.ts';

/** What marks the parts of a file that pages show. */
const regionMarkers = /^[ \t]*(?:\/\/|<!--) #(?:region|endregion).*\n/gm;

/** Who goes through a flow, where it isn't ada with her authenticator. */
const accounts: Record<string, string> = { phone: 'dorothy@example.com', 'security-key': 'hedy@example.com' };

function sandbox(page: Page, slug: string) {
  return page.locator(`demo-sandbox[data-example="${slug}"]`);
}

async function runHere(page: Page, slug: string): Promise<FrameLocator> {
  await sandbox(page, slug).getByRole('button', { name: 'Run here' }).click();
  return sandbox(page, slug).frameLocator('iframe');
}

/** Asks for a link as `email` and opens it in the mailbox device. */
async function openLink(frame: FrameLocator | Page, email: string): Promise<void> {
  const form = frame.getByRole('form', { name: 'Forgot your password?' });
  await form.getByLabel('Email').fill(email);
  await form.getByRole('button', { name: 'Send reset link' }).click();
  const mailbox = frame.getByRole('region', { name: 'Mailbox' });
  await frame.getByRole('button', { name: /^Mailbox(, new)?$/ }).click();
  await mailbox.getByRole('button', { name: email }).click();
  await mailbox.getByRole('link', { name: 'Reset password' }).click();
}

test(
  'a whole reset with the phone: its messages are told, and move nothing that the reader is at',
  nightly,
  async ({ page }) => {
    await page.goto(guideUrl('sms-factor/'));
    const frame = await runHere(page, 'phone-step-up');
    await openLink(frame, 'dorothy@example.com');
    await frame.getByLabel('Send a text message to Mobile').check();

    const phone = frame.getByRole('region', { name: 'Phone' });
    const level = frame.locator('.level');
    const messages = phone.getByRole('group', { name: 'Text message to dorothy@example.com' });
    const news = frame.getByRole('log', { name: 'News' });
    await expect(level).toContainText('aal1');
    await frame.getByRole('button', { name: 'Continue' }).press('Enter');
    await expect(messages).toHaveCount(1);
    const [first = ''] = await messages.getByRole('code').allInnerTexts();
    await expect(news).toContainText(`New text message for dorothy@example.com: your code is ${first}.`);
    await expect(news).not.toContainText('Your app needs');

    const firstPlace = await messages.first().boundingBox();
    await expect(async () => {
      await frame.getByRole('button', { name: 'Send another code' }).press('Enter');
      await expect(messages).toHaveCount(2, { timeout: 500 });
    }).toPass(); // too soon, for a second
    expect(await messages.first().boundingBox()).toEqual(firstPlace);
    await messages.last().getByRole('button', { name: 'Type it for me' }).press('Enter');
    await expect(frame.getByLabel('Code', { exact: true })).toBeFocused();
    await page.keyboard.press('Enter');
    await expect(frame.getByRole('heading', { name: 'Choose a new password' })).toBeVisible();
    await expect(level).toContainText('aal2');
    await frame.getByRole('button', { name: 'Session' }).click();
    await expect(frame.getByRole('region', { name: 'Session' })).toContainText('mfa/phone');
  },
);

/** The messages of the diagram beside a sandbox, each with its step: `taken`, `now`, `refused`, or none. */
async function steps(page: Page, slug: string): Promise<string[]> {
  const messages = sandbox(page, slug).locator('figure [data-on]');
  return messages.evaluateAll((all) => all.map((one) => `${one.dataset['on']}: ${one.dataset['step'] ?? ''}`));
}

test('the failing flow is refused in the app, in the log and in the diagram, which begins again with the flow', async ({
  page,
}) => {
  await page.goto(guideUrl('why-a-recovery-session-is-aal1/'));
  const caption = sandbox(page, 'reproduce-the-401').locator('figcaption');
  await expect(caption).toBeHidden();
  const frame = await runHere(page, 'reproduce-the-401');
  await expect(caption).toHaveText('The diagram highlights each step as you take it.');
  await openLink(frame, 'ada@example.com');
  await expect(caption).toHaveText('Step 4 of 6: session: aal1 (Supabase Auth to your app)');
  expect(await steps(page, 'reproduce-the-401')).toEqual([
    'POST /recover: taken',
    'POST /recover 200: taken',
    'GET /verify: now',
    'GET /verify 303: now',
    'PUT /user: ',
    'PUT /user 401: ',
  ]);
  await frame.getByLabel('New password').fill('the new password');
  await frame.getByRole('button', { name: 'Save new password' }).click();
  await expect(caption).toHaveText('Step 6 of 6, refused: 401 insufficient_aal (Supabase Auth to your app)');
  expect(await steps(page, 'reproduce-the-401')).toEqual([
    'POST /recover: taken',
    'POST /recover 200: taken',
    'GET /verify: taken',
    'GET /verify 303: taken',
    'PUT /user: refused',
    'PUT /user 401: refused',
  ]);
  await expect(frame.locator('[role="alert"]')).toHaveAttribute('data-error-code', 'insufficient_aal');
  await frame.getByRole('button', { name: 'Requests' }).click();
  await expect(frame.getByRole('region', { name: 'Requests' })).toContainText(/PUT .*\/user.*401/s);
  await frame.getByRole('button', { name: 'Start over', exact: true }).click();
  await expect(caption).toHaveText('The diagram highlights each step as you take it.');
  await openLink(frame, 'grace@example.com');
  await expect(caption).toHaveText('Step 4 of 6: session: aal1 (Supabase Auth to your app)');
  await sandbox(page, 'reproduce-the-401').getByRole('button', { name: 'Close' }).click();
  await expect(caption).toBeHidden();
});

test(
  'the diagram beside the fixed flow shows a wrong code as refused, then the whole way',
  nightly,
  async ({ page }) => {
    await page.goto(guideUrl('reset-a-password-with-mfa/'));
    const caption = sandbox(page, 'totp-step-up').locator('figcaption');
    const frame = await runHere(page, 'totp-step-up');
    await openLink(frame, 'ada@example.com');
    await frame.getByLabel('Code', { exact: true }).fill('000000');
    await frame.getByRole('button', { name: 'Verify' }).click();
    await expect(caption).toHaveText(
      'Step 5 of 8, refused: challengeAndVerify({ factorId, code }) (your app to Supabase Auth)',
    );
    const authenticator = frame.getByRole('region', { name: 'Authenticator' });
    await authenticator.getByRole('button', { name: 'Type it for me' }).first().click();
    await frame.getByRole('button', { name: 'Verify' }).click();
    await expect(caption).toHaveText('Step 6 of 8: same session: aal2 (Supabase Auth to your app)');
    await frame.getByLabel('New password').fill('the new password');
    await frame.getByRole('button', { name: 'Save new password' }).click();
    await expect(caption).toHaveText('Step 8 of 8: 200, changed (Supabase Auth to your app)');
    expect(await steps(page, 'totp-step-up')).toEqual([
      'POST /recover: taken',
      'POST /recover 200: taken',
      'GET /verify: taken',
      'GET /verify 303: taken',
      'POST /factors/*/verify: taken',
      'POST /factors/*/verify 200: taken',
      'PUT /user: now',
      'PUT /user 200: now',
    ]);
  },
);

test('a whole reset with the keyboard alone', async ({ page }) => {
  test.slow(); // every press of Tab is looked at
  await page.goto(guideUrl('reset-a-password-with-mfa/'));
  /** Presses Tab until what has the focus matches; gives up when the page has no more to offer. */
  const tabTo = async (name: RegExp) => {
    for (let presses = 0; presses < 150; presses++) {
      await page.keyboard.press('Tab');
      const focused = await page.evaluate(() => {
        let active = document.activeElement;
        while (active) {
          const inner =
            active instanceof HTMLIFrameElement
              ? active.contentDocument?.activeElement
              : active.shadowRoot?.activeElement;
          if (!inner) break;
          active = inner;
        }
        // By property, as what is inside the frame is of no class of this page.
        const labels = [...((active as HTMLInputElement | null)?.labels ?? [])].map((label) => label.innerText);
        return [active?.ariaLabel, ...labels, active?.textContent].filter(Boolean).join(' ');
      });
      if (name.test(focused)) return;
    }
    throw new Error(`Tab does not lead to ${name}`);
  };
  await tabTo(/^Run here/);
  await page.keyboard.press('Enter');
  const frame = sandbox(page, 'totp-step-up').frameLocator('iframe');
  await expect(frame.getByRole('heading', { name: 'Forgot your password?' })).toBeVisible();
  await expect(frame.locator('[aria-current="step"]')).toContainText('Send reset link');
  await tabTo(/^Email/);
  await page.keyboard.press('Enter');
  await expect(
    frame.getByRole('region', { name: 'Mailbox' }).getByRole('button', { name: 'ada@example.com' }),
  ).toBeVisible();
  await tabTo(/Reset your password.*ada@example.com/);
  await page.keyboard.press('Enter');
  await expect(frame.getByRole('link', { name: 'Reset password' })).toBeVisible();
  await tabTo(/^Reset password$/);
  await page.keyboard.press('Enter');
  // The code field has the focus.
  await expect(frame.getByLabel('Code', { exact: true })).toBeFocused();
  await page.keyboard.type(await frame.locator('[data-code]').first().innerText());
  await page.keyboard.press('Enter');
  await expect(frame.getByLabel('New password')).toBeFocused();
  await page.keyboard.type('the new password');
  await page.keyboard.press('Enter');
  await expect(frame.getByRole('heading', { name: 'Your password was changed' })).toBeFocused();
});

for (const { slug, flow, page: explained } of examples) {
  const path = explained === 'index' ? '' : `${explained}/`;
  const details = slug === 'totp-step-up' ? {} : nightly; // devices and apps look the same in all

  test(`${slug}, running, meets WCAG 2.2 AA in light and dark`, details, async ({ page }) => {
    test.slow(); // axe looks at every element
    await page.emulateMedia({ colorScheme: 'light' });
    await page.goto(guideUrl(path));
    const frame = await runHere(page, slug);
    await openLink(frame, accounts[flow] ?? 'ada@example.com');
    await expect(frame.locator('[aria-current="step"], .end:not(:empty)')).toBeVisible();
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await expect(frame.locator('html')).toHaveCSS('color-scheme', colorScheme);
      expect(await violations(page, colorScheme, (axe) => axe.include(`demo-sandbox[data-example="${slug}"]`))).toEqual(
        [],
      );
    }
  });

  test(
    `${slug}: what the page shows and what goes to StackBlitz is the example as it is in git, with a demo project of a few files`,
    details,
    async ({ page, context }) => {
      const posted = await standInForStackBlitz(context);
      await page.goto(guideUrl(path), { waitUntil: 'networkidle' });
      expect(posted).toEqual([]);
      const popup = page.waitForEvent('popup');
      await sandbox(page, slug).getByRole('button', { name: 'Open in StackBlitz' }).click();
      await (await popup).waitForLoadState();
      expect(posted).toHaveLength(1);
      const [project] = posted;
      expect(project?.template).toBe('node');
      const files = project?.files ?? {};
      const folder = `playground/examples/${slug}`;
      const read = (file: string) => readFileSync(`${folder}/${file}`, 'utf8');
      const manifest = JSON.parse(read('package.json'));
      expect(JSON.parse(files['package.json'] ?? '')).toEqual({
        ...manifest,
        scripts: { ...manifest.scripts, start: 'vite' },
        devDependencies: expect.objectContaining(manifest.devDependencies), // and what the demo project needs
        overrides: { rollup: '4.67.4' },
        stackblitz: { startCommand: 'npm start' },
      });
      const inGit = ['ls-files', '--cached', '--others', '--exclude-standard', '--', '.'];
      const own = execFileSync('git', inGit, { cwd: folder, encoding: 'utf8' }).trim().split('\n');
      const runtime = Object.keys(files).filter((file) => file.startsWith('demo-project/'));
      expect(runtime.length).toBeLessThanOrEqual(3);
      expect(Object.keys(files).sort()).toEqual([...own, ...runtime].sort());
      for (const file of own.filter((file) => !/(package|tsconfig)\.json$/.test(file))) {
        const text = read(file)
          .replaceAll(regionMarkers, '')
          .replaceAll(/'..\/..\/runtime\/(\w+)\.ts'/g, "'./demo-project/$1.js'");
        expect(files[file], file).toBe(text);
      }
      const opened = ['src/recovery.ts', 'src/reset.ts', 'index.html'].find((file) => file in files) ?? '';
      expect(project?.url.searchParams.get('file')).toBe(opened);
      expect(files[opened]).toContain('supabase');

      const loading = page.waitForResponse((response) => response.url().endsWith(`/playground/${slug}/code.json`));
      await sandbox(page, slug).getByRole('button', { name: 'Code', exact: true }).click();
      const shown: { path: string; code: string }[] = (await (await loading).json()).files;
      expect(shown.map(({ path }) => path).sort()).toEqual([...own].sort());
      for (const { path, code } of shown) expect(code, path).toBe(read(path).replaceAll(regionMarkers, '').trimEnd());
    },
  );
}

test('StackBlitz in place, in a frame with a title that may not use camera, microphone and the like', async ({
  page,
  context,
}) => {
  const posted = await standInForStackBlitz(context);
  await page.goto(guideUrl('vue/'));
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
  await sandbox(page, 'totp-vue').getByRole('button', { name: 'StackBlitz here' }).click();
  await expect.poll(() => posted.length).toBe(1);
  const frame = sandbox(page, 'totp-vue').locator('iframe');
  await expect(frame).toHaveAttribute('title', /StackBlitz/);
  await expect(frame).toHaveAttribute('allow', /cross-origin-isolated/);
  await expect(frame).not.toHaveAttribute('allow', /(camera|microphone|geolocation|payment|usb)(?! 'none')/);
});

test('when StackBlitz cannot be reached the reader is told, with a way out', async ({ page, context }) => {
  await context.route('https://stackblitz.com/**', (route) => route.abort());
  await page.goto(guideUrl('vue/'));
  await sandbox(page, 'totp-vue').getByRole('button', { name: 'StackBlitz here' }).click();
  await expect(sandbox(page, 'totp-vue').getByRole('status')).toContainText("StackBlitz hasn't answered", {
    timeout: 20_000,
  });
});

test('when the files cannot be fetched the reader is told', nightly, async ({ page, context }) => {
  await context.route('**/playground/totp-step-up.json', (route) => route.abort());
  await page.goto(guideUrl('reset-a-password-with-mfa/'));
  await sandbox(page, 'totp-step-up').getByRole('button', { name: 'Open in StackBlitz' }).click();
  await expect(sandbox(page, 'totp-step-up').getByRole('status')).toContainText("This couldn't be loaded");
});

test('when the browser blocks the new tab the reader knows what to do', nightly, async ({ page }) => {
  await page.goto(guideUrl('reset-a-password-with-mfa/'));
  await page.evaluate(() => {
    HTMLFormElement.prototype.submit = () => undefined;
  });
  await sandbox(page, 'totp-step-up').getByRole('button', { name: 'Open in StackBlitz' }).click();
  await expect(sandbox(page, 'totp-step-up').getByRole('status')).toContainText(
    'If no tab opened, your browser blocked it: allow pop-ups for this site, then press the button again.',
  );
});

test('frame and guide believe each other only, show one theme, and one Back leaves the page', async ({ page }) => {
  const errors: string[] = [];
  page.on('pageerror', ({ message }) => errors.push(message));
  await page.goto(guideUrl('about/'));
  await page.goto(guideUrl('reset-a-password-with-mfa/'));
  const caption = sandbox(page, 'totp-step-up').locator('figcaption');
  const frame = await runHere(page, 'totp-step-up');
  const iframe = sandbox(page, 'totp-step-up').locator('iframe');
  await expect(iframe).toHaveAttribute(
    'allow',
    "camera 'none'; display-capture 'none'; geolocation 'none'; hid 'none'; microphone 'none'; midi 'none'; payment 'none'; serial 'none'; usb 'none'",
  );
  await expect(frame.getByRole('form', { name: 'Sign in' })).toBeVisible();
  const scheme = () => frame.locator('html').evaluate((html) => html.style.colorScheme);
  await expect.poll(scheme).toBe('light'); // from the start, without a change

  // Who is not the frame is not believed; what the frame says is looked at first.
  const forged = { kind: 'calls', calls: [{ method: 'POST', path: '/recover', status: 200, refused: false }] };
  await page.evaluate((forged) => {
    const heard = new Promise<void>((resolve) => {
      addEventListener('message', ({ data }) => data === 'the end' && resolve());
    });
    Object.assign(window, { heard });
    postMessage(forged, location.origin);
  }, forged);
  await frame.locator('html').evaluate(() => {
    const oddCalls = [null, [null], [{ method: 1 }]].map((calls) => ({ kind: 'calls', calls }));
    for (const odd of [null, 1, {}, ...oddCalls, { kind: 'theme', theme: 'dark' }, 'the end'])
      parent.postMessage(odd, location.origin);
  });
  await page.evaluate(() => (window as unknown as { heard: Promise<void> }).heard);
  await expect(caption).toHaveText('The diagram highlights each step as you take it.');

  // Who the frame speaks to.
  await page.evaluate(() => {
    const targets: unknown[] = [];
    window.postMessage = (_: unknown, target: unknown) => void targets.push(target);
    Object.assign(window, { targets });
  });
  await openLink(frame, 'ada@example.com');
  await expect(frame.getByLabel('Code', { exact: true })).toBeVisible();
  const targets = await page.evaluate(() => [...new Set((window as unknown as { targets: unknown[] }).targets)]);
  expect(targets).toEqual([new URL(guideUrl()).origin]);

  for (const theme of ['dark', 'light'] as const) {
    await page.evaluate((theme) => Object.assign(document.documentElement.dataset, { theme }), theme);
    await expect.poll(scheme).toBe(theme);
  }
  // The frame believes the page around it alone, and knows no third theme.
  await frame.locator('html').evaluate(async () => {
    postMessage({ kind: 'theme', theme: 'dark' }, location.origin);
    const heard = new Promise((resolve) =>
      addEventListener('message', ({ data }) => data === 'the end' && resolve(data)),
    );
    postMessage('the end', location.origin);
    await heard;
  });
  expect(await scheme()).toBe('light');

  await frame.getByRole('link', { name: 'Start again' }).click();
  await expect(frame.getByRole('form', { name: 'Sign in' })).toBeVisible();
  await sandbox(page, 'totp-step-up').getByRole('button', { name: 'Close' }).click();
  await expect(sandbox(page, 'totp-step-up').getByRole('button', { name: 'Run here' })).toBeFocused();
  await page.goBack();
  expect(page.url()).toBe(guideUrl('about/'));
  expect(errors).toEqual([]);
});

test('two tabs do not disturb each other', nightly, async ({ context }) => {
  const [first, second] = [await context.newPage(), await context.newPage()];
  await first.goto(guideUrl('play/totp-step-up/'));
  await second.goto(guideUrl('play/totp-step-up/'));
  await openLink(first, 'grace@example.com');
  await openLink(second, 'ada@example.com');
  await first.getByLabel('New password').fill('the new password');
  await first.getByRole('button', { name: 'Save new password' }).click();
  await expect(first.getByRole('heading', { name: 'Your password was changed' })).toBeVisible();
  await expect(second.getByRole('heading', { name: 'Enter the code from your authenticator' })).toBeVisible();
  await expect(
    second.getByRole('region', { name: 'Mailbox' }).getByRole('button', { name: 'grace@example.com' }),
  ).toHaveCount(0);
});

test('guide and example work where storage is blocked, the choice of a theme too', nightly, async ({ page }) => {
  await page.addInitScript(() => {
    for (const name of ['localStorage', 'sessionStorage']) {
      Object.defineProperty(window, name, {
        configurable: true,
        get() {
          throw new DOMException('blocked', 'SecurityError');
        },
      });
    }
  });
  const errors: string[] = [];
  page.on('pageerror', ({ message }) => errors.push(message));
  await page.goto(guideUrl('reset-a-password-with-mfa/'));
  for (const theme of ['dark', 'light'] as const) {
    await page.getByLabel('Select theme').first().selectOption(theme);
    await expect(page.locator('html')).toHaveAttribute('data-theme', theme);
  }
  const frame = await runHere(page, 'totp-step-up');
  await openLink(frame, 'ada@example.com');
  await expect(frame.getByRole('heading', { name: 'Enter the code from your authenticator' })).toBeVisible();
  expect(errors).toEqual([]);
});

test('Start over puts the demo project back', nightly, async ({ page }) => {
  await page.goto(guideUrl('reset-a-password-with-mfa/'));
  const frame = await runHere(page, 'totp-step-up');
  await openLink(frame, 'grace@example.com');
  await frame.getByLabel('New password').fill('the new password');
  await frame.getByRole('button', { name: 'Save new password' }).click();
  await frame.getByRole('button', { name: 'Start over', exact: true }).click();
  const form = frame.getByRole('form', { name: 'Sign in' });
  await form.getByLabel('Email').fill('grace@example.com');
  await form.getByLabel('Password').fill('old-password-grace');
  await form.getByRole('button', { name: 'Sign in' }).click();
  await expect(form.getByRole('status')).toHaveText('You are signed in (aal1).');
  await expect(
    frame.getByRole('region', { name: 'Mailbox' }).getByRole('button', { name: 'grace@example.com' }),
  ).toHaveCount(0);
});
