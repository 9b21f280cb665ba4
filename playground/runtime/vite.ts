import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join, relative, resolve } from 'node:path';
import { getRequestListener } from '@hono/node-server';
import { loadEnv, normalizePath, type Plugin, type Rollup, searchForWorkspaceRoot } from 'vite';
import { createDemoProject, type Snapshot } from '../demo-project/src/index.ts';
import { demoAccounts } from './cast.ts';

const folder = import.meta.dirname;
const demoProjectFolder = resolve(folder, '../demo-project');

/** Where a recovery link may lead besides the project's own origin: in StackBlitz the reader sees another one than the server. */
const redirects = ['http://localhost:*/**', 'http://127.0.0.1:*/**', 'https://**.webcontainer.io/**'];

/**
 * Gives an example the demo project, and puts the devices beside its page.
 *
 * - Host `node` (`vite`): the demo project answers on the origin of the dev server.
 * - Host `page` (`vite build`): the demo project is built into the page and answers there; `vite preview` shows just that.
 * - With VITE_SUPABASE_URL and VITE_SUPABASE_PUBLISHABLE_KEY set the example talks to that project. The devices then show
 *   mail if VITE_MAILPIT_URL is set: the dev server passes `/inbox` on to it, as Mailpit takes no calls from other origins.
 *
 * Throws when only one of the two is set.
 */
export function demoProject(): Plugin {
  let usesDemoProject: boolean;
  let imports: string;

  return {
    name: 'demo-project',

    config(user, { command, mode }) {
      const root = resolve(user.root ?? '.');
      const env = loadEnv(mode, root, 'VITE_');
      const url = env['VITE_SUPABASE_URL'];
      if (!url !== !env['VITE_SUPABASE_PUBLISHABLE_KEY']) {
        throw new Error(
          'Set both VITE_SUPABASE_URL and VITE_SUPABASE_PUBLISHABLE_KEY, or none to use the demo project.',
        );
      }
      usesDemoProject = !url;
      const inPage = usesDemoProject && command === 'build';

      const modules = [...(inPage ? ['page.ts'] : []), 'devices/devices.ts'];
      const paths = modules.map((module) => normalizePath(relative(root, join(folder, module))));
      imports = paths.map((path) => `import '${path}';`).join('\n');

      const { name } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
      const mailpit = env['VITE_MAILPIT_URL'];
      return {
        define: inPage
          ? { 'import.meta.env.VITE_SUPABASE_URL': JSON.stringify(`https://${name}.demo-project.invalid`) }
          : {},
        // One chunk for what the project always needs. What it loads when first called stands on that, never on the app's
        // own chunk, which may be waiting for an answer of this very project.
        build: {
          rollupOptions: {
            output: {
              manualChunks: (id, { getModuleInfo }) =>
                importedAtOnce(normalizePath(join(demoProjectFolder, 'src/index.ts')), getModuleInfo).has(id)
                  ? 'demo-project'
                  : undefined,
            },
          },
        },
        // Found late, a dependency of the devices would reload the page while the reader is using it.
        optimizeDeps: { entries: ['index.html', ...paths] },
        server: {
          fs: { allow: [searchForWorkspaceRoot(root), folder, demoProjectFolder] },
          proxy:
            url && mailpit ? { '/inbox': { target: mailpit, rewrite: (path) => path.slice('/inbox'.length) } } : {},
        },
      };
    },

    configureServer(server) {
      if (usesDemoProject) server.middlewares.use(answerFromDemoProject());
    },

    transformIndexHtml: {
      order: 'pre',
      handler(html) {
        const framed = html
          .replace(/<body[^>]*>/, '$&<demo-devices hidden><demo-browser>')
          .replace('</body>', '</demo-browser></demo-devices>$&');
        if (framed === html) throw new Error('index.html needs a <body>: the devices go beside what it holds.');
        return { html: framed, tags: [{ tag: 'script', attrs: { type: 'module' }, children: imports }] };
      },
    },
  };
}

/** A module and all that it loads before it runs. */
function importedAtOnce(id: string, getModuleInfo: Rollup.GetModuleInfo, found = new Set<string>()): Set<string> {
  if (found.has(id)) return found;
  found.add(id);
  for (const imported of getModuleInfo(id)?.importedIds ?? []) importedAtOnce(imported, getModuleInfo, found);
  return found;
}

/**
 * One demo project for all who call the server. It starts with the first call, and takes the origin that the call came to as
 * its own, since the reader has to meet that origin in mails and tokens; a call to another origin moves it there.
 */
function answerFromDemoProject() {
  let running: ReturnType<typeof start> | undefined;
  return (request: IncomingMessage, response: ServerResponse, next: () => void) => {
    const url = originOf(request);
    if (running?.project.url !== url) running = start(url, running?.project.snapshot());
    if (running.project.handles(request.url ?? '/')) void running.listener(request, response);
    else next();
  };
}

function start(url: string, snapshot: Snapshot | undefined) {
  const config = { auth: { site_url: url, additional_redirect_urls: redirects } };
  const project = createDemoProject({ url, config, seed: demoAccounts, snapshot });
  const listener = getRequestListener((call) => project.fetch(call), { overrideGlobalObjects: false });
  return { project, listener };
}

/** The origin in the caller's address bar, also behind a proxy that tells what it was asked for. */
function originOf({ headers }: IncomingMessage): string {
  const told = (name: string) => String(headers[name] ?? '').split(',')[0];
  return `${told('x-forwarded-proto') || 'http'}://${told('x-forwarded-host') || headers.host}`;
}
