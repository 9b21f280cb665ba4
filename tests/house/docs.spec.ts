/** What README and CONTRIBUTING say about the repository is true: paths, scripts, the map, and a reason for each pin. */
import { execFileSync } from 'node:child_process';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from '@playwright/test';

const pages = ['README.md', 'CONTRIBUTING.md', 'playground/README.md'];
const manifest = JSON.parse(readFileSync('package.json', 'utf8'));

/** The paths in README's map. Each line has a path and a description. */
const map = [
  ...readFileSync('README.md', 'utf8').matchAll(/^((?:src|playground|tests|public)\/[\w/<>.-]*) {2,}\S/gm),
].map(([, path = '']) => path);

for (const page of pages) {
  test(`${page}: every path and every script that it names is there`, () => {
    const text = readFileSync(page, 'utf8');
    const named = [...text.matchAll(/`((?:src|playground|tests|public|\.github)\/[\w./[\]*-]*)`/g)].map(
      ([, path = '']) => path,
    );
    const linked = [...text.matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, path = '']) => join(dirname(page), path));
    const paths = [...named, ...linked];
    expect(paths.length).toBeGreaterThan(2);
    // `src/…` can also be in an example's folder.
    const isThere = (path: string) =>
      path.includes('*')
        ? globSync(path).length > 0
        : existsSync(path) || globSync(`playground/examples/*/${path}`).length > 0;
    expect(paths.filter((path) => !isThere(path))).toEqual([]);

    const called = [...text.matchAll(/\bnpm (?:run ([\w:-]+)|(test)\b)([^`\n]*)/g)];
    const unknown = called.filter(([, script, test = '', rest = '']) => {
      const [, workspace = '.'] = / (?:-w|--workspace) (playground\/[\w/-]+)/.exec(rest) ?? [];
      const { scripts } = JSON.parse(readFileSync(join(workspace, 'package.json'), 'utf8'));
      return !((script ?? test) in scripts);
    });
    expect(unknown.map(([line]) => line)).toEqual([]);
  });
}

test('the map shows what is there, and all of it', () => {
  expect(map.length).toBeGreaterThan(20);
  expect(map.filter((path) => globSync(path.replace('<slug>', '*')).length === 0)).toEqual([]);
  const files = execFileSync('git', ['ls-files'], { encoding: 'utf8' }).split('\n');
  const folders = files.flatMap(
    (file) => /^(?:playground\/demo-project|src|playground|tests)\/[^/]+(?=\/)/.exec(file) ?? [],
  );
  const isShown = (folder: string) => map.some((path) => path === `${folder}/` || path.startsWith(`${folder}/`));
  expect(folders.length).toBeGreaterThan(500);
  expect([...new Set(folders)].filter((folder) => !isShown(folder))).toEqual([]);
  const loose = files.filter((file) => /^src\/[^/]+$/.test(file));
  expect(loose.filter((file) => !map.includes(file))).toEqual([]);
});

test('CONTRIBUTING has a reason for every override, and for every script that may run at install', () => {
  const text = readFileSync('CONTRIBUTING.md', 'utf8');
  const held = [
    ...Object.keys(manifest.overrides).map((name) => `\`overrides.${name}\``),
    ...Object.keys(manifest.allowScripts).map((name) => `\`allowScripts.${name}\``),
    '`node-*`',
  ];
  expect(held.filter((name) => !text.includes(`| ${name}`))).toEqual([]);
});
