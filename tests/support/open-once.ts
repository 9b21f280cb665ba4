/** A page of the guide that stays open, for tests that only read it or start by filling in its field. */
import { test as base, type Page } from '@playwright/test';
import { guideUrl } from './guide.ts';

/** What to set before the page opens. */
interface Options {
  /** The time on the page's clock, in milliseconds since the epoch. */
  now?: number;
}

/** What this worker has opened, by path. The pages close with its browser. A fixture of the worker would need workers of its own, which take seconds to start. */
const pages = new Map<string, Promise<Page>>();

/**
 * Opens a page of the guide when a worker first asks for it, and returns the same page from then on. Opening a page
 * costs more than most of the tests that read it.
 */
export const test = base.extend<{ openOnce: (path: string, options?: Options) => Promise<Page> }>({
  openOnce: async ({ browser }, use) => {
    const open = async (path: string, { now }: Options) => {
      const page = await browser.newPage();
      if (now !== undefined) await page.clock.setFixedTime(now);
      await page.goto(guideUrl(path));
      return page;
    };
    await use((path, options = {}) => {
      const page = pages.get(path) ?? open(path, options);
      pages.set(path, page);
      return page;
    });
  },
});
