/**
 * Who may import whom. README shows the same as a picture. Importing a file's text or address (`?raw`, `?url`)
 * doesn't count as importing its code.
 */
import type { Import } from './imports.ts';

interface Rule {
  /** The rule as a sentence, used as the test's title. */
  says: string;
  from: RegExp;
  to: RegExp;
  /** Exceptions: imports that are allowed anyway. */
  unless?: (found: Import) => boolean;
  /** Imports that break the rule, one for each direction that it forbids. The test plants them. */
  planted: [from: string, statement: string][];
}

/** The modules that the demo project's package exports. */
const isPublic = ({ to }: Import) =>
  /^playground\/demo-project\/(src\/(index|endpoints|totp|security-key)\.ts|package\.json|node\/(index|vite)\.ts|fixtures\/)/.test(
    to,
  );

/** Data and types of the playground that the guide shows. Nothing there runs. */
const isData = ({ from, to }: Import) =>
  to === 'playground/demo-project/src/endpoints.ts' ||
  /^playground\/runtime\/(cast|messages)\.ts$/.test(to) ||
  to.startsWith('playground/demo-project/package.json') ||
  (to.startsWith('playground/demo-project/contract/') && /^src\/(proof|book|pages\/proof)\//.test(from));

export const rules: Rule[] = [
  {
    says: 'nothing imports the tests',
    from: /^(?!tests\/)/,
    to: /^tests\//,
    planted: [
      ['src/diagrams/render.ts', "import { launchOptions } from '../../tests/support/browser.ts';"],
      ['src/components/Proof.astro', "---\nimport { x } from '../../tests/support/guide.ts';\n---\n"],
      ['playground/runtime/page.ts', "const x = await import('../../tests/support/guide.ts');"],
      ['playground/demo-project/contract/record.ts', "import { x } from '../../../tests/support/guide.ts';"],
    ],
  },
  {
    says: 'the playground knows nothing of the guide',
    from: /^playground\//,
    to: /^(src\/|astro|@astrojs\/)/,
    planted: [
      ['playground/runtime/page.ts', "import { x } from '../../src/sandbox/follow.ts';"],
      ['playground/runtime/vite.ts', "import { x } from 'astro/config';"],
      ['playground/demo-project/src/index.ts', "export { x } from '../../../src/proof/recordings.ts';"],
      ['playground/demo-project/contract/record.ts', "import type { X } from '../../../src/proof/recordings.ts';"],
      ['playground/examples/totp-step-up/src/main.ts', "import '../../../../src/styles/guide.css';"],
    ],
  },
  {
    says: 'the guide runs nothing of the playground: it takes text, data and types',
    from: /^(src\/|astro\.config)/,
    to: /^playground\//,
    unless: (found) => isData(found) || found.to.endsWith('.css'),
    planted: [
      ['src/sandbox/sandbox.ts', "import { x } from '../../playground/runtime/page.ts';"],
      [
        'src/components/Sandbox.astro',
        "<script>\nimport '../../playground/examples/totp-step-up/src/main.ts';\n</script>",
      ],
      ['src/content/docs/about.mdx', "import { x } from '../../../playground/demo-project/src/index.ts';"],
      ['src/decode/decode.ts', "import { x } from '../../playground/demo-project/contract/recording.ts';"],
      ['src/proof/recordings.ts', "import { x } from '../../playground/demo-project/src/config.ts';"],
    ],
  },
  {
    says: 'pages are made of components, and components of rooms: never the other way round',
    from: /^src\/(?!content|pages|components)/,
    to: /^src\/(content|pages|components)\//,
    planted: [
      ['src/proof/recordings.ts', "import X from '../components/Proof.astro';"],
      ['src/sandbox/files.ts', "import X from '../content/docs/about.mdx';"],
      ['src/decode/decode.ts', "import { x } from '../pages/proof/index.astro';"],
    ],
  },
  {
    says: 'a component imports no page',
    from: /^src\/components\//,
    to: /^src\/(content|pages)\//,
    planted: [
      ['src/components/Proof.astro', "---\nimport X from '../pages/proof/index.astro';\n---\n"],
      ['src/components/parts/Advice.astro', "---\nimport X from '../../content/docs/about.mdx';\n---\n"],
    ],
  },
  {
    says: 'parts are for components: a page uses none, and a part uses only parts',
    from: /^src\/(content|pages|components\/parts)\//,
    to: /^src\/components\//,
    unless: ({ from, to }) => from.startsWith('src/components/parts/') === to.startsWith('src/components/parts/'),
    planted: [
      ['src/content/docs/about.mdx', "import X from '../../components/parts/Advice.astro';"],
      ['src/components/parts/Advice.astro', "---\nimport X from '../Sandbox.astro';\n---\n"],
    ],
  },
  {
    says: 'a page of the docs imports no module that reads the playground',
    from: /^src\/content\//,
    to: /^src\/sandbox\//,
    planted: [['src/content/docs/about.mdx', "import { x } from '../../sandbox/files.ts';"]],
  },
  {
    says: "an example's code knows neither runtime nor demo project, nor another example",
    from: /^playground\/(examples|own-install)\/[^/]+\/src\//,
    to: /^(playground\/|playground-runtime|unofficial-supabase-auth)/,
    unless: ({ from, to }) => to.startsWith(`${from.split('/').slice(0, 3).join('/')}/`),
    planted: [
      ['playground/examples/totp-step-up/src/main.ts', "import { x } from '../../../demo-project/src/index.ts';"],
      ['playground/examples/totp-step-up/src/main.ts', "import { x } from '../../../runtime/cast.ts';"],
      ['playground/examples/totp-step-up/src/main.ts', "import { x } from '../../phone-step-up/src/main.ts';"],
    ],
  },
  {
    says: 'what builds an example knows the runtime, and no more',
    from: /^playground\/examples\/[^/]+\/[^/]+$/,
    to: /^playground\/(?!runtime\/)/,
    unless: ({ from, to }) => to.startsWith(`${from.split('/').slice(0, 3).join('/')}/`),
    planted: [
      ['playground/examples/totp-step-up/vite.config.ts', "import { x } from '../../demo-project/src/index.ts';"],
      ['playground/examples/totp-step-up/vite.config.ts', "import { x } from '../phone-step-up/vite.config.ts';"],
    ],
  },
  {
    says: 'the runtime knows public modules of the demo project, and no example',
    from: /^playground\/runtime\//,
    to: /^playground\/(?!runtime\/)/,
    unless: isPublic,
    planted: [
      ['playground/runtime/page.ts', "import type { Store } from '../demo-project/src/store.ts';"],
      ['playground/runtime/vite.ts', "import { x } from '../demo-project/contract/profiles.ts';"],
      ['playground/runtime/cast.ts', "import { x } from '../examples/totp-step-up/src/main.ts';"],
    ],
  },
  {
    says: 'what frame and guide tell each other depends on nothing',
    from: /^playground\/runtime\/messages\.ts$/,
    to: /./,
    planted: [['playground/runtime/messages.ts', "import type { X } from './cast.ts';"]],
  },
  {
    says: "the demo project's core knows nothing outside of itself",
    from: /^playground\/demo-project\/src\//,
    to: /^(playground\/(?!demo-project\/src\/)|node:)/,
    planted: [
      ['playground/demo-project/src/index.ts', "import { demoAccounts } from '../../runtime/cast.ts';"],
      ['playground/demo-project/src/index.ts', "import { x } from '../node/server.ts';"],
      ['playground/demo-project/src/auth/users.ts', "import { x } from '../../contract/profiles.ts';"],
      ['playground/demo-project/src/auth/users.ts', "import { randomUUID } from 'node:crypto';"],
    ],
  },
  {
    says: 'routes know the rules, the rules know the store: never the other way round',
    from: /^playground\/demo-project\/src\/(auth\/|go\/|store\.ts)/,
    to: /^playground\/demo-project\/src\/(routes\/|index\.ts|app\.ts)/,
    planted: [
      ['playground/demo-project/src/auth/users.ts', "import { x } from '../routes/user.ts';"],
      ['playground/demo-project/src/auth/users.ts', "import { x } from '../index.ts';"],
      ['playground/demo-project/src/store.ts', "import { x } from './routes/user.ts';"],
    ],
  },
  {
    says: 'what Go does differently knows nothing of Auth',
    from: /^playground\/demo-project\/src\/go\//,
    to: /^playground\/demo-project\/src\/(?!go\/)/,
    planted: [['playground/demo-project/src/go/json.ts', "import { x } from '../auth/tokens.ts';"]],
  },
  {
    says: 'demo project and contract know no runtime and no example',
    from: /^playground\/demo-project\//,
    to: /^playground\/(runtime|examples)\//,
    planted: [
      ['playground/demo-project/node/server.ts', "import { demoAccounts } from '../../runtime/cast.ts';"],
      ['playground/demo-project/contract/record.ts', "import { x } from '../../examples/totp-step-up/src/main.ts';"],
    ],
  },
  {
    says: 'only the contract and those who show or test it know the contract',
    from: /^playground\/demo-project\/(?!contract\/)/,
    to: /^playground\/demo-project\/contract\//,
    planted: [['playground/demo-project/node/server.ts', "import { x } from '../contract/profiles.ts';"]],
  },
];

/** Returns the rules that these imports break, each as its sentence. */
export function broken(imports: Import[]): string[] {
  return rules.flatMap(({ says, from, to, unless }) =>
    imports
      .filter((found) => !found.asText && from.test(found.from) && to.test(found.to) && !unless?.(found))
      .map((found) => `${found.from} imports ${found.to}: ${says}`),
  );
}

/** Returns the import cycles, each as a list of files that starts and ends with the same file. */
export function circles(imports: Import[]): string[] {
  const targets = Map.groupBy(
    imports.filter(({ asText }) => !asText),
    ({ from }) => from,
  );
  const found: string[] = [];
  const done = new Set<string>();
  const visit = (file: string, way: string[]) => {
    if (way.includes(file)) found.push([...way.slice(way.indexOf(file)), file].join(' → '));
    if (done.has(file) || way.includes(file)) return;
    for (const { to } of targets.get(file) ?? []) visit(to, [...way, file]);
    done.add(file);
  };
  for (const file of targets.keys()) visit(file, []);
  return found;
}
