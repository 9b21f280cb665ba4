import { existsSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { loadEnv, normalizePath, type Plugin, searchForWorkspaceRoot, type UserConfig } from 'vite';
import { demoProject as answerOnDevServer } from '../demo-project/node/vite.ts';
import type { PartialConfig } from '../demo-project/src/index.ts';
import { demoAccounts } from './cast.ts';
import { besideDevices } from './frame.ts';

const folder = import.meta.dirname;
const demoProjectFolder = resolve(folder, '../demo-project');

/** The devices: bundled in StackBlitz, as sources here. */
const devicesFile = ['devices.js', 'devices/devices.ts'].map((file) => join(folder, file)).find(existsSync) ?? '';

/** More addresses that a reset link may lead to. In StackBlitz, the reader's origin differs from the server's. */
const redirects = ['http://localhost:*/**', 'http://127.0.0.1:*/**', 'https://**.webcontainer.io/**'];

/**
 * Gives an example's dev server the demo project, and puts the devices beside its page: host `node`. What `vite build` makes is
 * the app alone; `playground/build.ts` puts host `page` in front of it.
 *
 * With VITE_SUPABASE_URL and VITE_SUPABASE_PUBLISHABLE_KEY set the example talks to that project. The devices then show
 * mail if VITE_MAILPIT_URL is set: the dev server passes `/inbox` on to it, as Mailpit takes no calls from other origins.
 *
 * `config`: the settings of a project, whose Site URL gives way to the dev server's own address.
 *
 * Throws when only one of the two is set.
 */
export function demoProject({ config = {} }: { config?: PartialConfig } = {}): Plugin[] {
  const { site_url: _, ...auth } = config.auth ?? {};
  const onDevServer = answerOnDevServer({
    config: { auth: { ...auth, additional_redirect_urls: redirects } },
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

/** The environment variables that choose the example's project. */
function environment({ root = '.' }: UserConfig, mode: string): Record<string, string> {
  return loadEnv(mode, resolve(root), 'VITE_');
}

function devicesBesidePage(): Plugin {
  let devices: string;
  let flow: string;

  return {
    name: 'devices',
    apply: 'serve',

    config(user, { mode }) {
      const root = resolve(user.root ?? '.');
      const env = environment(user, mode);
      const url = env['VITE_SUPABASE_URL'];
      if (!url !== !env['VITE_SUPABASE_PUBLISHABLE_KEY']) {
        throw new Error(
          'Set both VITE_SUPABASE_URL and VITE_SUPABASE_PUBLISHABLE_KEY, or none to use the demo project.',
        );
      }
      flow = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).flow ?? '';
      const inRoot = normalizePath(relative(root, devicesFile));
      // An absolute URL, because a page from a server has no file that a relative path could start at.
      devices = inRoot.startsWith('..') ? `/@fs/${normalizePath(devicesFile).replace(/^\//, '')}` : `/${inRoot}`;
      const mailpit = env['VITE_MAILPIT_URL'];
      return {
        // Vite would reload the page when it finds these dependencies later.
        optimizeDeps: { entries: ['index.html', inRoot] },
        server: {
          fs: { allow: [searchForWorkspaceRoot(root), folder, demoProjectFolder] },
          proxy:
            url && mailpit ? { '/inbox': { target: mailpit, rewrite: (path) => path.slice('/inbox'.length) } } : {},
        },
      };
    },

    transformIndexHtml: {
      order: 'pre',
      handler: (html) => ({
        html: besideDevices(html, flow),
        tags: [{ tag: 'script', attrs: { type: 'module' }, children: `import '${devices}';` }],
      }),
    },
  };
}
