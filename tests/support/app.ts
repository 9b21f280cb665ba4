/** What a person does and sees in the examples, whichever it is, and what can happen to the app's calls meanwhile. */
import { expect, type Locator, type Page } from '@playwright/test';

export async function askForLink(page: Page, email: string): Promise<void> {
  const form = page.getByRole('form', { name: 'Forgot your password?' });
  await form.getByLabel('Email').fill(email);
  await form.getByRole('button', { name: 'Send reset link' }).click();
  await expect(form.getByRole('status')).toHaveText(
    'If there is an account with this address, a mail with a link is on its way to it. Give it a few minutes: asking again too soon sends no other one.',
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
/** The error shown, by its code. */
export const refusal = (page: Page, code: string): Locator => page.locator(`[role="alert"][data-error-code="${code}"]`);

/**
 * Collects the statuses that the app gets from paths with this end, until the page is left. The first `refuse` calls do not reach Auth:
 * they are answered with this refusal, or not at all when it has no code. With `repeat`, the first call is made again and again until Auth
 * refuses it, and the app gets that refusal: as after lost answers.
 */
export async function watchAnswers(
  page: Page,
  end: string,
  { refuse = 0, code = '', message = '', repeat = false } = {},
): Promise<() => Promise<number[]>> {
  const collected = await page.evaluateHandle(
    ({ end, refuse, code, message, repeat }) => {
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
            ? Response.json({ code, message }, { status: 422, headers: { 'x-supabase-api-version': '2024-01-01' } })
            : await fetch(request);
        statuses.push(response.status);
        return response;
      };
      return statuses;
    },
    { end, refuse, code, message, repeat },
  );
  return () => collected.jsonValue();
}
