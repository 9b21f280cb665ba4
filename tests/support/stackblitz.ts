/**
 * A stand-in for stackblitz.com: it answers what a browser context sends there and keeps the projects that were posted.
 * What this proves: the payload. What it does not: that StackBlitz itself runs it.
 */
import type { BrowserContext } from '@playwright/test';

export interface PostedProject {
  /** Where it was posted, with the SDK's options as its query. */
  url: URL;
  title: string;
  template: string;
  /** Path, relative and with `/`, to text. */
  files: Record<string, string>;
}

/** Routes `https://stackblitz.com` of this context to the stand-in. The returned array fills as projects are posted, also by new tabs. */
export async function standInForStackBlitz(context: BrowserContext): Promise<PostedProject[]> {
  const posted: PostedProject[] = [];
  await context.route('https://stackblitz.com/**', async (route) => {
    const form = new URLSearchParams(route.request().postData() ?? '');
    const files: PostedProject['files'] = {};
    for (const [field, value] of form) {
      const path = /^project\[files\]\[(.*)\]$/.exec(field)?.[1];
      // A form turns line ends into CRLF.
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
