/**
 * A fake stackblitz.com. It answers what a browser context sends there, and keeps the projects that were posted. That
 * proves the payload, but not that StackBlitz itself runs it.
 */
import type { BrowserContext } from '@playwright/test';

export interface PostedProject {
  /** The URL of the post, with the SDK's options as its query. */
  url: URL;
  title: string;
  template: string;
  /** Text by relative path, with `/` as the separator. */
  files: Record<string, string>;
}

/**
 * Routes `https://stackblitz.com` in this context to the fake. The returned array fills as projects
 * are posted, also from new tabs.
 */
export async function standInForStackBlitz(context: BrowserContext): Promise<PostedProject[]> {
  const posted: PostedProject[] = [];
  await context.route('https://stackblitz.com/**', async (route) => {
    const form = new URLSearchParams(route.request().postData() ?? '');
    const files: PostedProject['files'] = {};
    for (const [field, value] of form) {
      const path = /^project\[files\]\[(.*)\]$/.exec(field)?.[1];
      // Forms turn line ends into CRLF.
      if (path) files[path.replaceAll('%5B', '[').replaceAll('%5D', ']')] = value.replaceAll('\r\n', '\n');
    }
    posted.push({
      url: new URL(route.request().url()),
      title: form.get('project[title]') ?? '',
      template: form.get('project[template]') ?? '',
      files,
    });
    await route.fulfill({
      contentType: 'text/html',
      body: '<!doctype html><html lang="en"><title>Stand-in for StackBlitz</title><p>Received.</p></html>',
    });
  });
  return posted;
}
