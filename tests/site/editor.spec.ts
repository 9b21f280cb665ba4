/** The code part of a sandbox: files to read and to edit, run in the page. What an edited app may not do is tested here too. */
import { readFileSync } from 'node:fs';
import { expect, type Page, test } from '@playwright/test';
import { strFromU8, unzipSync } from 'fflate';
import { askForLink } from '../support/app.ts';
import { violations } from '../support/axe.ts';
import { launchOptions } from '../support/browser.ts';
import { Editing, openLink, openMail } from '../support/editing.ts';
import { nightly } from '../support/example.ts';
import { guideUrl } from '../support/guide.ts';
import { standInForStackBlitz } from '../support/stackblitz.ts';

// Playwright can't scroll to what's in a frame of no origin, so the whole sandbox has to be in sight.
test.use({ viewport: { width: 1280, height: 1600 } });

async function edit(page: Page, slug: string, path: string): Promise<Editing> {
  await page.goto(guideUrl(path));
  const editing = new Editing(page, slug);
  await editing.open();
  return editing;
}

test('an app that asks for no step-up any more gets the 401, at the step where the reader was, and undoing brings the code back', async ({
  page,
}) => {
  const requests: string[] = [];
  page.on('request', (request) => requests.push(request.url()));
  await page.goto(guideUrl('reset-a-password-with-mfa/'), { waitUntil: 'networkidle' });
  expect(requests.filter((url) => /code\.json|code-part|editor/.test(url))).toEqual([]);
  const editing = new Editing(page, 'totp-step-up');
  await editing.button('Code').click();
  await expect(editing.tab('step-up.ts')).toHaveAttribute('aria-selected', 'true');
  await expect(editing.code.locator('.cm-activeLine')).toContainText('challengeAndVerify');
  await askForLink(editing.app, 'ada@example.com');
  await editing.button('Edit').click(); // the email that was sent before is still there, and its link opens the edited app
  await expect(editing.said).toHaveText('The example is running as it was.');
  await openMail(editing.app, 'ada@example.com');
  await editing.tab('step-up.ts').click();
  await expect(editing.app.getByLabel('Code', { exact: true })).toBeVisible();

  await editing.replace("hasVerifiedFactor && level.currentLevel !== 'aal2'", 'false');
  await expect(editing.said).toHaveText('Your version is running. 1 file has changed.');
  await editing.app.getByLabel('New password').fill('the new password');
  await editing.app.getByRole('button', { name: 'Save new password' }).click();
  await editing.app.getByRole('button', { name: 'Requests' }).click();
  await expect(editing.app.getByRole('region', { name: 'Requests' })).toContainText(/PUT .*\/user.*401/s);

  await editing.button('Undo my changes').click();
  await expect(editing.said).toHaveText('The example is running as it was.');
  await expect(editing.app.getByLabel('Code', { exact: true })).toBeVisible();
  expect(requests.filter((url) => !url.startsWith(guideUrl()) && !url.startsWith('blob:'))).toEqual([]);
});

test(
  'the line whose call was answered is highlighted, and starting over goes back to the line that matters',
  nightly,
  async ({ page }) => {
    await page.goto(guideUrl('reset-a-password-with-mfa/'));
    const editing = new Editing(page, 'totp-step-up');
    await editing.button('Code').click();
    const calling = editing.code.locator('.cm-calling');
    await expect(editing.code.locator('.cm-activeLine')).toContainText('challengeAndVerify');
    await expect(calling).toHaveCount(0);

    await openLink(editing.app, 'ada@example.com');
    await editing.app.getByLabel('Code', { exact: true }).fill('000000');
    await editing.app.getByRole('button', { name: 'Verify' }).click();
    await expect(editing.tab('step-up.ts')).toHaveAttribute('aria-selected', 'true');
    await expect(calling).toContainText('challengeAndVerify');
    await expect(calling).toContainClass('cm-refused');

    await editing.tab('recovery.ts').click();
    await expect(calling).toHaveCount(0);
    await editing.app.getByRole('button', { name: 'Start over' }).click();
    await expect(editing.tab('step-up.ts')).toHaveAttribute('aria-selected', 'true');
    await expect(editing.code.locator('.cm-activeLine')).toContainText('challengeAndVerify');
    await expect(calling).toHaveCount(0);

    await askForLink(editing.app, 'ada@example.com');
    await expect(calling).toContainText('resetPasswordForEmail');
    await expect(calling).not.toContainClass('cm-refused');
  },
);

test(
  'in an edited app, calls highlight their line and open no file, and starting over keeps the code',
  nightly,
  async ({ page }) => {
    const editing = await edit(page, 'totp-step-up', 'reset-a-password-with-mfa/');
    await editing.append('// mine');
    await expect(editing.said).toHaveText('Your version is running. 1 file has changed.');
    await askForLink(editing.app, 'ada@example.com');
    await expect(editing.tab('main.ts')).toHaveAttribute('aria-selected', 'true');
    await editing.tab('link.ts').click();
    await editing.code.press('ControlOrMeta+Home');
    await expect(editing.code.locator('.cm-calling')).toContainText('resetPasswordForEmail');

    await editing.app.getByRole('button', { name: 'Start over' }).click();
    await expect(editing.said).toHaveText(
      'The project has started over, with your version. “Undo my changes” puts the code back too.',
    );
    await editing.tab('main.ts').click();
    await editing.code.press('ControlOrMeta+End');
    await expect(editing.code).toContainText('// mine');
  },
);

test('a file opens at its start, and later where the reader left it', nightly, async ({ page }) => {
  await page.goto(guideUrl('reset-a-password-with-mfa/'));
  const editing = new Editing(page, 'totp-step-up');
  await editing.button('Code').click();
  const scrolled = () => editing.code.evaluate((code) => code.closest('.cm-scroller')?.scrollTop);
  await expect.poll(scrolled).toBeGreaterThan(0); // the line that matters is in the middle
  const atThatLine = await scrolled();
  await editing.tab('recovery.ts').click();
  await expect.poll(scrolled).toBe(0);
  await editing.tab('step-up.ts').click();
  await expect.poll(scrolled).toBe(atThatLine);
});

test('a security key answers an edited app too, whose frame is of no origin', nightly, async ({ page }) => {
  const { app } = await edit(page, 'security-key', 'passkeys-and-aal/');
  // Playwright can't scroll to what's in a frame of no origin.
  await app.getByRole('button', { name: 'Sign in with a passkey' }).dispatchEvent('click');
  await app.getByRole('button', { name: 'Touch the key' }).dispatchEvent('click');
  await expect(app.getByText('Your session is at aal1.')).toBeVisible();
});

test('nothing in the code part can be pressed before it works', nightly, async ({ page }) => {
  let release = () => {};
  const looked = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.route(/code-part[^/]*\.js$/, async (route) => {
    await looked;
    await route.continue();
  });
  await page.goto(guideUrl('reset-a-password-with-mfa/'));
  const editing = new Editing(page, 'totp-step-up');
  await editing.button('Code').click();
  for (const name of ['Edit', 'Copy']) await expect(editing.button(name)).toBeDisabled();
  release();
  await editing.button('Edit').click();
  await expect(editing.said).toHaveText('The example is running as it was.');
});

/** What an app is told that tries these, by name: the error's name, or that it worked. */
async function tryAll(editing: Editing, attempts: Record<string, string>): Promise<Record<string, string>> {
  const all = Object.entries(attempts).map(([name, code]) => `'${name}': async () => { ${code} },`);
  await editing.append(`
    const tried: Record<string, string> = {};
    for (const [name, attempt] of Object.entries({ ${all.join('\n')} })) {
      try { await attempt(); tried[name] = 'worked'; } catch (error) { tried[name] = (error as Error).name; }
    }
    document.documentElement.dataset['tried'] = JSON.stringify(tried);`);
  const html = editing.app.locator('html');
  await expect(html).toHaveAttribute('data-tried', /./);
  return JSON.parse((await html.getAttribute('data-tried')) ?? '');
}

test('an edited app reaches neither the guide nor another site, and has no dialogs', nightly, async ({ page }) => {
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  page.on('dialog', ({ message }) => asked.push(message()));
  const editing = await edit(page, 'totp-step-up', 'reset-a-password-with-mfa/');
  const tried = await tryAll(editing, {
    'the guide': 'parent.document.title;',
    'the address of the guide': 'parent.location.href;',
    'a frame of the guide': 'if (frameElement === null) throw new DOMException("", "null");',
    'the database of the guide': "indexedDB.open('a');",
    'the caches of the guide': "await caches.open('a');",
    'the cookies of the guide': 'document.cookie;',
    'another page in place of the guide': "top!.location.href = 'https://elsewhere.example/';",
    'another site': "await fetch('https://elsewhere.example/');",
    'a popup': "window.open('https://elsewhere.example/')!.document;",
    'a worker': `const worker = new Worker(URL.createObjectURL(new Blob(["postMessage('')"])));
      await new Promise((resolve, reject) => {
        worker.onmessage = resolve;
        worker.onerror = () => reject(new DOMException('', 'refused'));
      });`,
    'code in a text': "(0, eval)('1');",
    'a dialog': "alert('a dialog'); if (prompt('a dialog') === null) throw new DOMException('', 'null');",
  });
  expect(tried).toEqual({
    'the guide': 'SecurityError',
    'the address of the guide': 'SecurityError',
    'a frame of the guide': 'null',
    'the database of the guide': 'SecurityError',
    'the caches of the guide': 'SecurityError',
    'the cookies of the guide': 'SecurityError',
    'another page in place of the guide': 'SecurityError',
    'another site': 'TypeError',
    'a popup': 'TypeError',
    'a worker': 'refused',
    'code in a text': 'EvalError',
    'a dialog': 'null',
  });
  expect(asked.filter((url) => !url.startsWith(guideUrl()) && !url.startsWith('blob:'))).toEqual([]);
});

test(
  'an edited app that leaves for another site gets nowhere, and comes back once that is undone',
  nightly,
  async ({ page }) => {
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    const editing = await edit(page, 'totp-step-up', 'reset-a-password-with-mfa/');
    await editing.append("location.href = 'https://elsewhere.example/?secret';");
    await expect(editing.app.locator('demo-devices')).toHaveCount(0);
    expect(page.url()).toBe(guideUrl('reset-a-password-with-mfa/'));
    await editing.button('Undo my changes').click();
    await expect(editing.said).toHaveText('The example is running as it was.');
    await expect(editing.app.getByRole('button', { name: 'Send reset link' })).toBeVisible();
    expect(asked.filter((url) => url.includes('elsewhere'))).toEqual([]);
  },
);

test('scripts made in the page run in the frame of an edited app alone', async ({ page }) => {
  const runBlob = (frame: Pick<Page, 'evaluate'>) =>
    frame.evaluate(() =>
      import(URL.createObjectURL(new Blob(['export default 1'], { type: 'text/javascript' }))).then(
        () => 'ran',
        () => 'refused',
      ),
    );
  for (const path of ['', 'play/totp-step-up/', 'play/ssr/', 'playground/totp-step-up/files/', '404']) {
    await page.goto(guideUrl(path));
    expect(await runBlob(page), path).toBe('refused');
  }
  await page.goto(guideUrl('play/totp-step-up/edited/'));
  expect(await runBlob(page)).toBe('ran');
});

test(
  'an endless loop in an edited app leaves the guide usable, and undoing it starts the app again',
  nightly,
  async ({ playwright }) => {
    // Chrome gives a sandboxed frame a process of its own. The headless shell does so only if it's told.
    const args = [...launchOptions.args, '--site-per-process'];
    const browser = await playwright.chromium.launch({ ...launchOptions, args });
    const page = await browser.newPage();
    const editing = await edit(page, 'totp-step-up', 'reset-a-password-with-mfa/');
    await editing.append('for (;;);');
    await expect(editing.problem).toContainText('endless loop');
    await page.getByLabel('Select theme').first().selectOption('dark');
    await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
    await editing.button('Undo my changes').click();
    await expect(editing.said).toHaveText('The example is running as it was.');
    await expect(editing.problem).toBeHidden();
    await expect(editing.app.getByRole('button', { name: 'Send reset link' })).toBeVisible();
    await browser.close();
  },
);

/** A file of totp-step-up as the editor has it: without region markers. */
function shown(path: string): string {
  return readFileSync(`playground/examples/totp-step-up/${path}`, 'utf8').replaceAll(/^ *\/\/ #(end)?region.*\n/gm, '');
}

test(
  'errors are shown with their file and line, wherever they come from, and lead there',
  nightly,
  async ({ page }) => {
    const editing = await edit(page, 'totp-step-up', 'reset-a-password-with-mfa/');
    const lines = shown('src/main.ts').trimEnd().split('\n').length;
    const at = `src/main.ts, line ${lines + 1}: `;
    for (const [code, message] of [
      ['const x = (;', `${at}Unexpected token`],
      ["import './nowhere';", `${at}Cannot find './nowhere'.`],
      ["import { x } from 'left-pad';\nx();", `${at}This example doesn't have the package 'left-pad'.`],
      [
        "import { nothing } from './page';\nnothing();",
        `${at}SyntaxError: The requested module 'src/page.ts' does not provide an export named 'nothing'`,
      ],
      ['null.x;', `${at}TypeError: Cannot read properties of null (reading 'x')`],
      ["await Promise.reject(new Error('at once'));", `${at}Error: at once`],
      ["void (async () => { await 0; throw new Error('later'); })();", `${at}Error: later`],
    ] as const) {
      await editing.append(code);
      await expect(editing.problem, code).toContainText(message);
      await editing.tab('step-up.ts').click();
      await editing.problem.click();
      await expect(editing.tab('main.ts')).toHaveAttribute('aria-selected', 'true');
      await expect(editing.code.locator('.cm-activeLine')).toHaveText(code.split('\n')[0] ?? '');
      await editing.button('Undo my changes').click();
      await expect(editing.said).toHaveText('The example is running as it was.');
    }
  },
);

for (const [slug, path, file, text, by, heading] of [
  ['totp-react', 'react/', 'View.tsx', 'Forgot your password?', 'Forgot it again?', 'Forgot it again?'],
  ['totp-html', 'plain-html/', 'index.html', '>Forgot your password?<', '>Forgot it again?<', 'Forgot it again?'],
  ['reproduce-the-401', 'why-a-recovery-session-is-aal1/', 'index.html', '>Sign in</h2>', '>Come in</h2>', 'Come in'],
  ['phone-step-up', 'sms-factor/', 'index.html', '>Sign in</h2>', '>Come in</h2>', 'Come in'],
] as const) {
  test(`${slug} runs as it is and as it was edited`, nightly, async ({ page }) => {
    const editing = await edit(page, slug, path);
    await expect(editing.app.getByRole('heading', { name: 'Sign in', exact: true })).toBeVisible();
    await editing.tab(file).click();
    await editing.code.press('ControlOrMeta+Home');
    await editing.find(text);
    await editing.replace(text, by);
    await expect(editing.said).toHaveText('Your version is running. 1 file has changed.');
    await expect(editing.app.getByRole('heading', { name: heading, exact: true })).toBeVisible();
  });
}

for (const [slug, path, reason] of [
  ['totp-vue', 'vue/', 'Vue needs its own compiler, so this page can’t run your version. StackBlitz can.'],
  ['totp-svelte', 'svelte/', 'Svelte needs its own compiler, so this page can’t run your version. StackBlitz can.'],
  ['ssr', 'server-side/', 'Its code runs on a server, so this page can’t run your version. StackBlitz can.'],
] as const) {
  test(`the code of ${slug} can be read, and the page says why not edited`, nightly, async ({ page }) => {
    await page.goto(guideUrl(path));
    const editing = new Editing(page, slug);
    await editing.button('Code').click();
    await expect(editing.box.locator('.cm-activeLine')).toContainText('challengeAndVerify');
    await expect(editing.box.getByText(reason)).toBeVisible();
    await expect(editing.button('Edit')).toHaveCount(0);
    await editing.button('Code').click();
    await expect(editing.box.getByRole('tablist')).toBeHidden();
  });
}

test(
  'what the reader changed can be compared, copied, downloaded and opened in StackBlitz',
  nightly,
  async ({ page, context }) => {
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    const posted = await standInForStackBlitz(context);
    const editing = await edit(page, 'totp-step-up', 'reset-a-password-with-mfa/');
    await expect(editing.button('Undo my changes')).toBeDisabled();
    await editing.replace("level.currentLevel !== 'aal2'", 'true');
    await expect(editing.tab('step-up.ts')).toHaveClass(/changed/);
    await editing.button('Show changes').click();
    await expect(editing.box.locator('.cm-deletedChunk')).toContainText(
      "hasVerifiedFactor && level.currentLevel !== 'aal2'",
    );
    await expect(editing.box.locator('.cm-changedLine')).toContainText('hasVerifiedFactor && true');

    await expect(editing.said).toHaveText('Your version is running. 1 file has changed.');
    const mine = shown('src/step-up.ts').replace("level.currentLevel !== 'aal2'", 'true');
    await editing.button('Copy').click();
    await expect(editing.said).toHaveText('Copied src/step-up.ts.');
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(mine);

    const popup = page.waitForEvent('popup');
    await editing.button('Open my version in StackBlitz').click();
    await (await popup).waitForLoadState();
    expect(posted[0]?.files['src/step-up.ts']).toBe(mine);

    const downloading = page.waitForEvent('download');
    await editing.button('Download as a Vite project').click();
    const download = await downloading;
    expect(download.suggestedFilename()).toBe('totp-step-up.zip');
    const zip = unzipSync(readFileSync(await download.path()));
    const files = Object.fromEntries(
      Object.entries(zip).map(([name, bytes]) => [name.replace('totp-step-up/', ''), strFromU8(bytes)]),
    );
    expect(files).toEqual(posted[0]?.files);
  },
);

test(
  'the editor can be left with the keyboard, and keeps the focus while the app starts again',
  nightly,
  async ({ page }) => {
    const editing = await edit(page, 'totp-step-up', 'reset-a-password-with-mfa/');
    await openLink(editing.app, 'ada@example.com');
    await expect(editing.app.getByLabel('Code', { exact: true })).toBeFocused();
    await editing.code.press('ControlOrMeta+End');
    await page.keyboard.type('// typed');
    await expect(editing.said).toHaveText('Your version is running. 1 file has changed.');
    await expect(editing.app.getByLabel('Code', { exact: true })).toBeVisible();
    await page.keyboard.type(' on');
    await expect(editing.code).toContainText('// typed on');
    await page.keyboard.press('Tab');
    await expect(editing.code).toBeFocused();
    await page.keyboard.press('Escape');
    await page.keyboard.press('Tab');
    await expect(editing.button('Copy')).toBeFocused();
    await editing.tab('step-up.ts').focus();
    await page.keyboard.press('ArrowRight');
    await expect(editing.tab('main.ts')).toBeFocused();
    await expect(editing.code).toHaveAccessibleName('Code of src/main.ts');
  },
);

test(
  'the open editor meets WCAG 2.2 AA in light and dark, wide and on a phone, where one part is shown at a time',
  nightly,
  async ({ page }) => {
    test.slow(); // axe looks at every element
    const errors: string[] = [];
    page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
    await page.setViewportSize({ width: 1280, height: 800 });
    const editing = await edit(page, 'totp-step-up', 'reset-a-password-with-mfa/');
    await editing.replace('hasVerifiedFactor &&', '');
    await editing.button('Show changes').click();
    for (const part of [
      editing.code,
      editing.app.getByRole('form', { name: 'Forgot your password?' }),
      editing.app.getByRole('region', { name: 'Mailbox' }),
    ])
      await expect(part).toBeInViewport();
    for (const width of [1280, 375]) {
      await page.setViewportSize({ width, height: 800 });
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        expect(
          await violations(page, colorScheme, (axe) => axe.include('demo-sandbox[data-example="totp-step-up"]')),
        ).toEqual([]);
      }
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
    }
    await expect(editing.box.locator('iframe')).toBeHidden();
    await editing.button('Code').click();
    await expect(editing.app.getByRole('form', { name: 'Forgot your password?' })).toBeVisible();
    expect(errors).toEqual([]); // nothing that the Content-Security-Policy refused
  },
);
