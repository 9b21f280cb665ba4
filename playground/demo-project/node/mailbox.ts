import type { DemoProject } from '../src/index.ts';

/**
 * `GET /inbox`: shows all emails on one page, newest first, so you don't need a mail app. Each email is a separate
 * document that can't run scripts.
 */
export function mailboxPage({ mails }: DemoProject): Response {
  const rows = mails().map(
    ({ subject, to, html }) => `
    <section>
      <h2>${escapeHtml(subject)}</h2>
      <p>to ${escapeHtml(to)}</p>
      <iframe
        title="${escapeHtml(`${subject}, to ${to}`)}"
        sandbox="allow-top-navigation-by-user-activation"
        srcdoc="${escapeHtml(`<base target="_top">${html}`)}"
      ></iframe>
    </section>`,
  );
  const html = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Emails</title>
    <style>
      body { max-width: 45rem; margin: 2rem auto; padding: 0 1rem; font-family: system-ui, sans-serif; }
      iframe { width: 100%; height: 16rem; border: 1px solid; }
    </style>
  </head>
  <body>
    <h1>Emails</h1>${rows.join('') || '\n    <p>There are none yet. Reload this page after your app has asked for one.</p>'}
  </body>
</html>
`;
  return new Response(html, { headers: { 'content-type': 'text/html; charset=utf-8' } });
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
