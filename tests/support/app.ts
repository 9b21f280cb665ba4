/** What a person does and sees in any example, and what can happen to the app's calls meanwhile. */
import { expect, type FrameLocator, type Locator, type Page } from '@playwright/test';

export async function askForLink(page: Page | FrameLocator, email: string): Promise<void> {
  const form = page.getByRole('form', { name: 'Forgot your password?' });
  await form.getByLabel('Email').fill(email);
  await form.getByRole('button', { name: 'Send reset link' }).click();
  await expect(form.getByRole('status')).toHaveText(
    'If there is an account with this address, we sent an email with a link to it. If none comes within a few minutes, check the address and your spam folder, then ask again.',
  );
}

export async function enterCode(page: Page, code: string): Promise<void> {
  await page.getByLabel('Code', { exact: true }).fill(code);
  await page.getByRole('button', { name: 'Verify' }).click();
}

export async function choosePassword(page: Page, password: string): Promise<void> {
  await page.getByLabel('New password').fill(password);
  await page.getByRole('button', { name: 'Save new password' }).click();
}

export const passwordStep = (page: Page): Locator => page.getByRole('heading', { name: 'Choose a new password' });
export const done = (page: Page): Locator => page.getByRole('heading', { name: 'Your password was changed' });
/** Finds the error with this code on the page. */
export const refusal = (page: Page, code: string): Locator => page.locator(`[role="alert"][data-error-code="${code}"]`);

/**
 * Collects the statuses that the app gets for paths with this ending, until the page changes. The first `refuse` calls
 * don't reach Auth: they get this refusal, or no answer if it has no code. With `repeat`, the first call is repeated
 * until Auth refuses it, and the app gets that refusal, as after lost answers.
 */
export async function watchAnswers(
  page: Page,
  end: string,
  { refuse = 0, status = 422, code = '', message = '', repeat = false } = {},
): Promise<() => Promise<number[]>> {
  const collected = await page.evaluateHandle(
    ({ end, refuse, status, code, message, repeat }) => {
      const { fetch } = window;
      const statuses: number[] = [];
      let left = refuse;
      let repeats = repeat;
      window.fetch = async (input, init) => {
        const request = new Request(input, init);
        if (!new URL(request.url).pathname.endsWith(end)) return fetch(request);
        while (repeats) {
          const response = await fetch(request.clone());
          statuses.push(response.status);
          if (response.ok) continue;
          repeats = false;
          return response;
        }
        if (left-- > 0 && !code) throw new TypeError('Failed to fetch');
        const response =
          left >= 0
            ? Response.json({ code, message }, { status, headers: { 'x-supabase-api-version': '2024-01-01' } })
            : await fetch(request);
        statuses.push(response.status);
        return response;
      };
      return statuses;
    },
    { end, refuse, status, code, message, repeat },
  );
  return () => collected.jsonValue();
}

/** Holds the app's calls to paths with this ending until they're released. `asked` counts them. */
export async function holdCalls(
  page: Page,
  end: string,
): Promise<{ asked: () => Promise<number>; release: () => Promise<void> }> {
  const held = await page.evaluateHandle((end) => {
    const { fetch } = window;
    const state = { asked: 0, release: () => {} };
    const released = new Promise<void>((resolve) => {
      state.release = resolve;
    });
    window.fetch = async (input, init) => {
      const request = new Request(input, init);
      if (!new URL(request.url).pathname.endsWith(end)) return fetch(request);
      state.asked++;
      await released;
      return fetch(request);
    };
    return state;
  }, end);
  return { asked: () => held.evaluate(({ asked }) => asked), release: () => held.evaluate(({ release }) => release()) };
}

/**
 * From the next page load on, gives this answer to the first call of each load to a path with this ending. Without an
 * answer, the call fails as if there were no connection.
 */
export async function answerAtLoad(page: Page, end: string, answer?: { status: number; body: object }): Promise<void> {
  await page.addInitScript(
    ({ end, answer }) => {
      let left = 1;
      const watch =
        (inner: typeof fetch): typeof fetch =>
        async (input, init) => {
          const request = new Request(input, init);
          if (!new URL(request.url).pathname.endsWith(end) || left-- <= 0) return inner(request);
          if (!answer) throw new TypeError('Failed to fetch');
          const headers = { 'x-supabase-api-version': '2024-01-01' };
          return Response.json(answer.body, { status: answer.status, headers });
        };
      let current = watch(window.fetch.bind(window));
      // On host `page`, the demo project replaces `fetch`. This has to be in place first.
      Object.defineProperty(window, 'fetch', {
        get: () => current,
        set: (fetch) => {
          current = watch(fetch);
        },
      });
    },
    { end, answer },
  );
}

/** Goes back through the tab's whole history. Returns the addresses that the address bar shows along the way. */
export async function addressesGoingBack(page: Page): Promise<string[]> {
  const devTools = await page.context().newCDPSession(page);
  const { currentIndex } = await devTools.send('Page.getNavigationHistory');
  const addresses = [page.url()];
  // The tab's first entry is about:blank. On host `page`, going there would end the demo project.
  for (let index = currentIndex; index > 1; index--) {
    await page.goBack();
    addresses.push(page.url());
  }
  return addresses;
}
