/** Only one file defines our colors: playground/runtime/colors.css. */
import { globSync, readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';

const tokens = 'playground/runtime/colors.css';
/** Returns the properties and their values, as a style sheet defines them. */
const definedIn = (css: string) =>
  [...css.matchAll(/^\s*(--[\w-]+):\s*(.+);$/gm)].map(([, name = '', value = '']) => ({ name, value }));
const colors = definedIn(readFileSync(tokens, 'utf8'));
const styles = [
  ...globSync('src/**/*.{css,astro,ts}'),
  ...globSync('playground/runtime/**/*.{css,ts}', { exclude: ['**/node_modules/**'] }),
].map((path) => path.replaceAll('\\', '/'));

test('each color has a light and a dark value', () => {
  expect(colors.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['--aal1', '--aal1-fill', '--aal2', '--refused', '--none', '--accent', '--ink', '--paper']),
  );
  for (const { name, value } of colors) expect(value, name).toMatch(/^light-dark\(#[0-9a-f]{6}, #[0-9a-f]{6}\)$/);
});

test('no other file of guide, devices or pictures defines a color', () => {
  expect(styles.length).toBeGreaterThan(50);
  const names = new Set(colors.map(({ name }) => name));
  const others = styles.filter((path) => path !== tokens);
  const twice = others.flatMap((path) =>
    definedIn(readFileSync(path, 'utf8'))
      .filter(({ name }) => names.has(name))
      .map(({ name }) => `${path} defines ${name}`),
  );
  expect(twice).toEqual([]);
});

test('colors are used by name: only Starlight’s shades are written out', () => {
  const literal = /(?<!&|0)#(?:[0-9a-f]{3}){1,2}\b(?![-/])|\b(?:hsl|oklch|lab)a?\(/i;
  const written = styles
    .filter((path) => path.endsWith('.css') && path !== tokens && path !== 'src/styles/starlight.css')
    .flatMap((path) => {
      const lines = readFileSync(path, 'utf8').split('\n');
      return lines.filter((line) => literal.test(line)).map((line) => `${path}: ${line.trim()}`);
    });
  expect(written).toEqual([]);
});

test('diagrams use colors by name, and every name exists', () => {
  const known = new Set(
    [tokens, 'src/styles/starlight.css']
      .flatMap((path) => definedIn(readFileSync(path, 'utf8')))
      .map(({ name }) => name),
  );
  const used = globSync('src/diagrams/*.svg').flatMap((path) =>
    [...readFileSync(path, 'utf8').matchAll(/var\((--[\w-]+)\)/g)].map(([, name = '']) => name),
  );
  expect(used.length).toBeGreaterThan(20);
  expect([...new Set(used)].filter((name) => !known.has(name))).toEqual([]);
});
