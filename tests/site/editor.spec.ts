/** The code part of a sandbox: files to read and to edit, run in the page. What an edited app may not do is tested here too. */
import { readFileSync } from 'node:fs';
import { expect, type FrameLocator, type Locator, type Page, test } from '@playwright/test';
import { askForLink } from '../support/app.ts';
import { launchOptions } from '../support/browser.ts';
import { nightly } from '../support/example.ts';
import { guideUrl } from '../support/guide.ts';

/** A sandbox with its editor. */
class Editing {
  readonly page: Page;
  readonly box: Locator;
  readonly code: Locator;
  readonly said: Locator;
  readonly problem: Locator;

  constructor(page: Page, slug: string) {
    this.page = page;
    this.box = page.locator(`demo-sandbox[data-example="${slug}"]`);
    this.code = this.box.getByRole('textbox');
    this.said = this.box.getByRole('region', { name: 'The code' }).getByRole('status');
    this.problem = this.box.locator('[data-problem]');
  }

  get app(): FrameLocator {
    return this.box.frameLocator('iframe');
  }

  button(name: string): Locator {
    return this.box.getByRole('button', { name, exact: true });
  }

  tab(name: string): Locator {
    return this.box.getByRole('tab', { name, exact: true });
  }

  async open(): Promise<void> {
    await this.button('Code').click();
    await this.button('Edit').click();
    await expect(this.said).toHaveText('The example is running as it was.');
  }

  /** Selects the one place in the open file that has this text, and types another over it. */
  async replace(text: string, by: string): Promise<void> {
    const line = this.code.locator('.cm-line', { hasText: text });
    await expect(line).toHaveCount(1);
    await line.evaluate((element, text) => {
      const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
      const range = document.createRange();
      const at = element.textContent?.indexOf(text) ?? 0;
      let seen = 0;
      for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const length = node.textContent?.length ?? 0;
        if (seen <= at && at <= seen + length) range.setStart(node, at - seen);
        if (seen <= at + text.length && at + text.length <= seen + length) range.setEnd(node, at + text.length - seen);
        seen += length;
      }
      element.closest<HTMLElement>('.cm-content')?.focus();
      getSelection()?.setBaseAndExtent(range.startContainer, range.startOffset, range.endContainer, range.endOffset);
    }, text);
    await this.page.keyboard.insertText(by);
  }

  /** Adds lines to the end of src/main.ts. */
  async append(code: string): Promise<void> {
    await this.tab('main.ts').click();
    await this.code.press('ControlOrMeta+End');
    await this.page.keyboard.insertText(`\n${code}\n`);
  }
}

async function edit(page: Page, slug: string, path: string): Promise<Editing> {
  await page.goto(guideUrl(path));
  const editing = new Editing(page, slug);
  await editing.open();
  return editing;
}

async function openLink(app: FrameLocator, email: string): Promise<void> {
  await askForLink(app, email);
  const mailbox = app.getByRole('region', { name: 'Mailbox' });
  await mailbox.getByRole('button', { name: email }).click();
  await mailbox.getByRole('link', { name: 'Reset password' }).click();
}

test('an app that asks for no step-up any more gets the 401, at the step where the reader was, and undoing brings the code back', async ({
  page,
}) => {
  const requests: string[] = [];
  page.on('request', (request) => requests.push(request.url()));
  await page.goto(guideUrl('reset-a-password-with-mfa/'), { waitUntil: 'networkidle' });
  expect(requests.filter((url) => /code\.json|code-part|editor/.test(url))).toEqual([]);
  const editing = new Editing(page, 'totp-step-up');
  await editing.open();
  await expect(editing.tab('step-up.ts')).toHaveAttribute('aria-selected', 'true');
  await expect(editing.code.locator('.cm-activeLine')).toContainText('challengeAndVerify');
  await openLink(editing.app, 'ada@example.com');
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

test(
  'errors are shown with their file and line, wherever they come from, and lead there',
  nightly,
  async ({ page }) => {
    const editing = await edit(page, 'totp-step-up', 'reset-a-password-with-mfa/');
    const lines = readFileSync('playground/examples/totp-step-up/src/main.ts', 'utf8').trimEnd().split('\n').length;
    const at = `src/main.ts, line ${lines + 2}: `; // after an empty line
    for (const [code, message] of [
      ['const x = (;', `${at}Unexpected token`],
      ["import './nowhere';", `${at}Cannot find './nowhere'.`],
      ["import { x } from 'left-pad';\nx();", `${at}This example doesn't have the package 'left-pad'.`],
      [
        "import { nothing } from './page';\nnothing();",
        "SyntaxError: The requested module 'src/page.ts' does not provide an export named 'nothing'",
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
