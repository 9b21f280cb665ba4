import { readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { loadEnv, normalizePath, type Plugin, type Rollup, searchForWorkspaceRoot, type UserConfig } from 'vite';
import { demoProject as answerOnDevServer } from '../demo-project/node/vite.ts';
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
export function demoProject(): Plugin[] {
  const onDevServer = answerOnDevServer({
    config: { auth: { additional_redirect_urls: redirects } },
    seed: demoAccounts,
  });
  return [
    {
      ...onDevServer,
      apply: (user, { command, isPreview, mode }) =>
        command === 'serve' && !isPreview && !environment(user, mode)['VITE_SUPABASE_URL'],
    },
    devicesBesidePage(),
  ];
}

/** The variables that say which project the example talks to. */
function environment({ root = '.' }: UserConfig, mode: string): Record<string, string> {
  return loadEnv(mode, resolve(root), 'VITE_');
}

function devicesBesidePage(): Plugin {
  let imports: string;

  return {
    name: 'demo-project',

    config(user, { command, mode }) {
      const root = resolve(user.root ?? '.');
      const env = environment(user, mode);
      const url = env['VITE_SUPABASE_URL'];
      if (!url !== !env['VITE_SUPABASE_PUBLISHABLE_KEY']) {
        throw new Error(
          'Set both VITE_SUPABASE_URL and VITE_SUPABASE_PUBLISHABLE_KEY, or none to use the demo project.',
        );
      }
      const inPage = !url && command === 'build';

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
