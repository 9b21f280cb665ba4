/** The prose check of `npm run check`: each rule finds what it's for, and accepts good sentences. */
import { expect, test } from '@playwright/test';
import { lint } from '../prose/lint.ts';
import { rules } from '../prose/rules.ts';
import { texts } from '../prose/texts.ts';

/** Returns the rules that a text breaks. */
function broken(text: string, format: 'md' | 'mdx' = 'mdx'): string[] {
  return lint([{ path: 'planted', line: 1, text, format }]).findings.map(({ rule }) => rule);
}

for (const { name, breaks, keeps = [] } of rules) {
  test(`the style check refuses ${name}`, () => {
    for (const sentence of breaks) expect(broken(`Good text here. ${sentence}`), sentence).toContain(name);
    for (const sentence of keeps) expect(broken(`Good text here. ${sentence}`), sentence).not.toContain(name);
  });
}

test('the style check refuses a link whose text says nothing, a repeated word, and a wrong article', () => {
  expect(broken('Read it [here](/errors/).')).toEqual(['link-text']);
  expect(broken('Read [all errors](/errors/).')).toEqual([]);
  expect(broken('This is is wrong.')).toEqual(['retext-repeated-words']);
  expect(broken('This is a error.')).toEqual(['retext-indefinite-article']);
});

test('the style check reads tables, components and headings, but no code', () => {
  const planted = 'The color is good.';
  expect(broken(`| A | B |\n| - | - |\n| x | The colour |`)).toEqual(['british-spelling']);
  expect(broken('<Refused>the colour</Refused>')).toEqual(['british-spelling']);
  expect(broken(`## The colour\n\n${planted}`)).toEqual(['british-spelling']);
  expect(broken('Set `colour`.\n\n```css\ncolour: red\n```')).toEqual([]);
});

test('the style check reads every kind of place that prose is in', () => {
  const read = new Set(texts().map(({ path }) => path));
  const kinds = [
    /\.mdx$/,
    /^README\.md$/,
    /^src\/sandbox\//,
    /devices\/\w+\.ts$/,
    /^src\/(book|errors)\//,
    /^src\/decode\//,
    /scenarios\//,
    /\.astro$/,
    /\.mmd$/,
    /\.patch$/,
  ];
  for (const kind of kinds)
    expect(
      [...read].some((path) => kind.test(path)),
      String(kind),
    ).toBe(true);
});
