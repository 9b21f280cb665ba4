/** Checks the import rules (the arrows of the house) against every import statement in the repository. */
import { expect, test } from '@playwright/test';
import { broken, circles, rules } from './arrows.ts';
import { allImports, importsIn } from './imports.ts';

const imports = allImports();

test('it reads every kind of file', () => {
  const ending = (path: string) => path.slice(path.lastIndexOf('.'));
  const endings = new Set(imports.map(({ from }) => ending(from)));
  expect([...endings]).toEqual(expect.arrayContaining(['.ts', '.mjs', '.astro', '.mdx']));
  expect(imports.length).toBeGreaterThan(500);
});

test('no import breaks a rule', () => {
  expect(broken(imports)).toEqual([]);
});

test('no imports go in a circle', () => {
  expect(circles(imports)).toEqual([]);
});

for (const { says, planted } of rules) {
  test(`an import that breaks it is found: ${says}`, () => {
    for (const [from, statement] of planted) {
      const found = importsIn(from, statement);
      expect(found, `${statement} in ${from}`).toHaveLength(1);
      expect(broken(found)).toContain(`${from} imports ${found[0]?.to}: ${says}`);
    }
  });
}

test('a circle is found, through a type as well', () => {
  const planted = [
    ...importsIn('src/a.ts', "import { b } from './rooms/b.ts';"),
    ...importsIn('src/rooms/b.ts', "export { c } from '../c.astro';"),
    ...importsIn('src/c.astro', "---\nimport type { A } from './a.ts';\n---\n<p>import './d.ts'</p>"),
  ];
  expect(circles(planted)).toEqual(['src/a.ts → src/rooms/b.ts → src/c.astro → src/a.ts']);
});

test('text, addresses and code blocks are no imports of code', () => {
  expect(broken(importsIn('src/a.ts', "import text from '../tests/code/mail.ts?raw';"))).toEqual([]);
  expect(importsIn('src/content/docs/a.mdx', "```ts\nimport { x } from '../../../tests/x.ts';\n```\n")).toEqual([]);
});
