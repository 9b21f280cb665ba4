/**
 * For an example whose code runs on a server: a module with a default export that has `fetch(request)`, as Workers, Deno and Bun take it.
 * On host `node` the dev server calls it. On host `page` the same module runs in the page: see server-in-page.ts.
 */
import { join, resolve } from 'node:path';
import { getRequestListener } from '@hono/node-server';
import { normalizePath, type Plugin } from 'vite';
import { readConfigFile } from '../demo-project/node/index.ts';
import type { PartialConfig } from '../demo-project/src/index.ts';

export interface ServerApp {
  fetch(request: Request): Promise<Response>;
}

/** The settings in a config.toml. */
export function readConfig(path: string): PartialConfig {
  return readConfigFile(path).config;
}

/** `entry`: the module, relative to the example's folder. `config`: the settings of its project, whose email template host `page` needs too. */
export function serverApp(entry: string, { config }: { config: PartialConfig }): Plugin[] {
  return [onDevServer(entry), inPage(entry, config)];
}

function onDevServer(entry: string): Plugin {
  return {
    name: 'server-app',
    apply: 'serve',
    config: () => ({ appType: 'custom' }),
    configureServer(server) {
      const answer = getRequestListener(
        async (request) => {
          const { host, pathname, protocol } = new URL(request.url);
          // The environment already has the reader's own project.
          process.env['SUPABASE_URL'] ??= process.env['VITE_SUPABASE_URL'] ?? `${protocol}//${host}`;
          process.env['SUPABASE_PUBLISHABLE_KEY'] ??= process.env['VITE_SUPABASE_PUBLISHABLE_KEY'] ?? 'demo-key';
          const { default: app } = (await server.ssrLoadModule(entry)) as { default: ServerApp };
          const response = await app.fetch(request);
          if (!response.headers.get('content-type')?.startsWith('text/html')) return response;
          const html = await server.transformIndexHtml(pathname, await response.text());
          return new Response(withCookies(html, request.headers.get('cookie') ?? ''), response);
        },
        { overrideGlobalObjects: false },
      );
      return () => {
        server.middlewares.use((request, response) => void answer(request, response));
      };
    },
  };
}

/** Tells the devices which cookies the browser sent, because scripts can't read them. */
function withCookies(html: string, cookies: string): string {
  return html.replace('<demo-devices', `$& cookies="${cookies.replaceAll('&', '&amp;').replaceAll('"', '&quot;')}"`);
}

/** Builds a page that runs the module. */
function inPage(entry: string, config: PartialConfig): Plugin {
  const id = '\0server-in-page';
  let root: string;
  return {
    name: 'server-app-in-page',
    apply: 'build',
    config: (user) => {
      root = resolve(user.root ?? '.');
      return {
        base: './',
        define: { 'process.env': 'globalThis.serverEnvironment' },
        build: { rollupOptions: { input: { server: id } }, modulePreload: false },
      };
    },
    resolveId: (source) => (source === id ? id : undefined),
    load(loaded) {
      if (loaded !== id) return;
      const [runtime, app] = [join(import.meta.dirname, 'server-in-page.ts'), join(root, entry)].map(normalizePath);
      return `import { serveInPage } from '${runtime}';\nimport app from '${app}';\nserveInPage(app);`;
    },
    generateBundle(_, bundle) {
      const script = Object.values(bundle).find((file) => file.type === 'chunk' && file.isEntry);
      // The app's address comes after the `#` of the page's address.
      const settings = { auth: { ...config.auth, site_url: '#' } };
      this.emitFile({
        type: 'asset',
        fileName: 'index.html',
        source: `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <meta name="description" content="An app that runs on a server, with the server in the page.">
    <title>Your app</title>
    <link rel="icon" href="data:,">
    <link rel="stylesheet" href="./style.css">
    <script type="application/json" id="project-settings">${JSON.stringify(settings).replaceAll('<', '\\u003c')}</script>
    <script type="module" src="./${script?.fileName}"></script>
  </head>
  <body>
    <demo-devices hidden cookies=""><demo-browser>
    <main aria-label="Your app"><h1>Your app</h1><div id="step"><p>One moment …</p></div></main>
    </demo-browser></demo-devices>
  </body>
</html>
`,
      });
    },
  };
}
