import { expect, type FrameLocator, type Locator, type Page } from '@playwright/test';
import { askForLink } from './app.ts';

/** A sandbox with its editor. */
export class Editing {
  readonly page: Page;
  readonly box: Locator;
  readonly code: Locator;
  readonly said: Locator;
  readonly problem: Locator;

  /** `id` is the example's slug, or `exercise-` with the exercise's id. */
  constructor(page: Page, id: string) {
    this.page = page;
    this.box = page.locator(`demo-sandbox#${id}`);
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

  /** Scrolls the open file until the line with this text is there: the editor makes only those that can be seen. */
  async find(text: string): Promise<void> {
    await expect(async () => {
      await this.code.press('PageDown');
      await expect(this.code.locator('.cm-line', { hasText: text })).toHaveCount(1, { timeout: 50 });
    }).toPass();
  }

  /** Adds lines to the end of src/main.ts. */
  async append(code: string): Promise<void> {
    await this.tab('main.ts').click();
    await this.code.press('ControlOrMeta+End');
    await this.page.keyboard.insertText(`\n${code}\n`);
  }
}

/** Asks for a reset link, and opens it in the mailbox. */
export async function openLink(app: FrameLocator, email: string): Promise<void> {
  await askForLink(app, email);
  await openMail(app, email);
}

/** Opens the reset link of the only email to this address. */
export async function openMail(app: FrameLocator, email: string): Promise<void> {
  const mailbox = app.getByRole('region', { name: 'Mailbox' });
  await mailbox.getByRole('button', { name: email }).click();
  await mailbox.getByRole('link', { name: 'Reset password' }).click();
}
