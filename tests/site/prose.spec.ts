/** What the sources of the pages keep to: code is real, and what is said of the server's answers has a proof. */
import { globSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { expect, test } from '@playwright/test';
import { callsOf, errorOf, recordings } from '../../src/proof/recordings.ts';

const pages = globSync('src/content/docs/*.mdx').map((path) => ({
  name: basename(path, '.mdx'),
  text: readFileSync(path, 'utf8').replace(/^---\n.*?\n---\n/s, ''),
}));

test('a block of code of more than two lines comes from a file that is tested', () => {
  const long = pages.flatMap(({ name, text }) =>
    [...text.matchAll(/^```(.*)\n((?:.*\n)*?)```$/gm)]
      .filter(([, , code = '']) => code.split('\n').length - 1 > 2)
      .map(([block]) => `${name}: ${block}`),
  );
  expect(long).toEqual([]);
});

const codes = new Set(recordings.flatMap(callsOf).map(({ response }) => errorOf(response)?.code));

/** Pages whose claims stand in tables that are made of the recordings themselves, or that show what a sandbox does. */
const proved = ['errors', 'decode', '404', 'playground'];

test('who names an error of the server proves it, or says that it is only documented', () => {
  const bare = pages
    .filter(({ name }) => !proved.includes(name))
    .flatMap(({ name, text }) =>
      text
        .split(/\n(?:\n|(?=- |\d+\. |\| ))/)
        .filter((passage) => [...passage.matchAll(/`(?:\d{3} )?(\w+)`/g)].some(([, code = '']) => codes.has(code)))
        .filter((passage) => !/^#|<Proof |not tested here/.test(passage))
        .map((passage) => `${name}: ${passage}`),
    );
  expect(bare).toEqual([]);
});
