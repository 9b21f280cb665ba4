import { existsSync } from 'node:fs';
import { satteri } from '@astrojs/markdown-satteri';
import starlight from '@astrojs/starlight';
import { defineConfig } from 'astro/config';
import linksValidator from 'starlight-links-validator';
import { linksUnderBase } from './src/base.ts';
import { glossaryTerms } from './src/glossary/terms.ts';
import { contentSecurityPolicy } from './src/hosting/content-security-policy.ts';
import { examplesInDev } from './src/hosting/examples-in-dev.ts';
import { markdownPages } from './src/hosting/markdown-pages.ts';
import { builtHeaders, devHeaders } from './src/hosting/response-headers.ts';
import { unusedCss } from './src/hosting/unused-css.ts';
import { withoutPackagedFiles } from './src/policies/packaged-files.ts';
import { oneMarkPerBlock } from './src/proof/marks.ts';
import { headingLinks } from './src/starlight/heading-links.ts';
import { tableLabels } from './src/starlight/table-labels.ts';

process.env.ASTRO_TELEMETRY_DISABLED = '1';

const { SITE_URL = 'http://localhost:4321', BASE_PATH = '/', REPOSITORY_URL } = process.env;
const repository = REPOSITORY_URL?.replace(/\/$/, '');
if (!repository && process.argv.includes('build')) {
  console.warn('REPOSITORY_URL is not set: pages get no "Edit page" link and no link to the repository.');
}

if (!BASE_PATH.startsWith('/')) throw new Error(`Set BASE_PATH to a path that begins with a slash: /${BASE_PATH}`);

export default defineConfig({
  site: SITE_URL,
  base: BASE_PATH,
  // Astro asks for the headers of a preview when it checks and builds as well, and in a fresh clone there's no build yet.
  server: ({ command }) => ({
    headers: command === 'dev' ? devHeaders() : existsSync('dist/_headers') ? builtHeaders() : {},
  }),
  devToolbar: { enabled: false }, // needs inline scripts, which the Content-Security-Policy does not allow
  vite: {
    plugins: [examplesInDev()],
    build: { assetsInlineLimit: 0 }, // or small scripts would be inline
    worker: { format: 'es', plugins: () => [withoutPackagedFiles()] }, // PGlite comes in several modules
    resolve: {
      alias: [
        { find: /^@pagefind\/default-ui$/, replacement: '/src/search/pagefind-ui.ts' },
        { find: /^@pagefind\/default-ui\/css\/ui\.css$/, replacement: '/src/search/loaded-later.css' },
      ],
    },
  },
  markdown: {
    processor: satteri({
      hastPlugins: [...headingLinks, linksUnderBase(BASE_PATH), oneMarkPerBlock, glossaryTerms(BASE_PATH), tableLabels],
    }),
  },
  integrations: [
    starlight({
      title: 'Reset with MFA',
      description:
        'Why a Supabase recovery session cannot change the password of a user with MFA, and the flow that can.',
      ...(repository && {
        editLink: { baseUrl: `${repository}/edit/main/` },
        social: [{ icon: 'github', label: 'GitHub', href: repository }],
      }),
      logo: { src: './public/favicon.svg', alt: '' },
      customCss: [
        './playground/runtime/colors.css',
        './src/styles/starlight.css',
        './src/styles/guide.css',
        './src/styles/sandbox.css',
        './src/styles/proof.css',
        './src/styles/tables.css',
        './src/styles/code.css',
        './src/styles/print.css',
      ],
      components: {
        Head: './src/components/starlight/Head.astro',
        PageTitle: './src/components/starlight/PageTitle.astro',
        ThemeProvider: './src/components/starlight/ThemeProvider.astro',
        Footer: './src/components/starlight/Footer.astro',
      },
      markdown: { headingLinks: false }, // ours are src/starlight/heading-links.ts
      disable404Route: true, // content/docs/404.mdx is the page
      routeMiddleware: './src/starlight/table-of-contents.ts',
      plugins: [linksValidator({ exclude: ['**/proof/', '**/errors/#*'] })], // no page of the docs; tests follow every link
      sidebar: [
        {
          label: 'Fix it',
          items: [
            { label: 'The error and the fix', slug: 'index' },
            'reset-a-password-with-mfa',
            'sms-factor',
            'server-side',
            'mobile',
            'playground',
            'exercises',
          ],
        },
        {
          label: 'In your framework',
          items: [
            { label: 'React', slug: 'react' },
            { label: 'Next.js', slug: 'nextjs' },
            { label: 'Angular', slug: 'angular' },
            { label: 'Vue', slug: 'vue' },
            { label: 'Svelte', slug: 'svelte' },
            { label: 'SvelteKit', slug: 'sveltekit' },
            { label: 'Plain HTML', slug: 'plain-html' },
          ],
        },
        {
          label: 'Understand it',
          items: [
            'why-a-recovery-session-is-aal1',
            'links-codes-and-tokens',
            'passkeys-and-aal',
            'is-this-good-design',
          ],
        },
        {
          label: 'When it goes wrong',
          items: ['questions', 'decode', 'errors', 'lost-factor', 'other-changes', 'events'],
        },
        { label: 'Secure it', items: ['protect-data', 'test-your-flow'] },
        {
          label: 'Reference',
          items: [
            'glossary',
            'sessions-and-tokens',
            'versions',
            'the-demo-project',
            { label: 'Proof', link: '/proof/' },
            'for-the-official-docs',
            'for-maintainers',
            'changelog',
            'about',
          ],
        },
      ],
    }),
    markdownPages(),
    contentSecurityPolicy(),
    unusedCss(),
  ],
});
