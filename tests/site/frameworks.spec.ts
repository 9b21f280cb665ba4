/**
 * What a framework does differently in development mode, where it checks most: React's StrictMode runs effects twice,
 * each framework has its own way to fill a field, and a form may be gone when its answer arrives.
 */
import { expect, test } from '@playwright/test';
import { startServer } from '../../playground/demo-project/contract/start-server.ts';
import { choosePassword, done, passwordStep } from '../support/app.ts';
import { examples } from '../support/examples.ts';

for (const { slug, framework } of examples.filter(({ flow }) => flow === 'totp')) {
  test(`${framework} in development: the link is used once, the typed code is taken, and nothing is logged`, {
    tag: '@all', // each starts a dev server
  }, async ({ page }) => {
    const logged: string[] = [];
    page.on('console', (message) => ['error', 'warning'].includes(message.type()) && logged.push(message.text()));
    page.on('pageerror', ({ message }) => logged.push(message));
    const calls: string[] = [];
    page.on('request', (request) => {
      const { pathname } = new URL(request.url());
      if (pathname.startsWith('/auth/v1/')) calls.push(`${request.method()} ${pathname.slice('/auth/v1'.length)}`);
    });
    const app = await startServer('npm', ['run', 'dev', '-w', `playground/examples/${slug}`, '--', '--port', '0']);
    await page.goto(app.url);
    const form = page.getByRole('form', { name: 'Forgot your password?' });
    await form.getByLabel('Email').fill('ada@example.com');
    await form.getByRole('button', { name: 'Send reset link' }).click();
    await expect(form.getByRole('status')).toContainText('we sent an email');

    const mailbox = page.getByRole('region', { name: 'Mailbox' });
    await mailbox.getByRole('button', { name: 'ada@example.com' }).click();
    calls.length = 0;
    await mailbox.getByRole('link', { name: 'Reset password' }).click();
    const field = page.getByLabel('Code', { exact: true });
    await expect(field).toBeFocused();
    // The link itself, its session's user, and the user's factors.
    expect(calls).toEqual(['GET /verify', 'GET /user', 'GET /user']);

    const authenticator = page.getByRole('group', { name: 'ada@example.com: Authenticator app' });
    await authenticator.getByRole('button', { name: 'Type it for me' }).click();
    await expect(field).toHaveValue(/^\d{6}$/);
    await page.getByRole('button', { name: 'Verify' }).click();
    await expect(passwordStep(page)).toBeVisible();
    await choosePassword(page, 'the new password');
    await expect(done(page)).toBeFocused();
    expect(logged).toEqual([]);
    await app.stop();
  });
}
