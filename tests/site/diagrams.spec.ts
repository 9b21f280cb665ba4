/** Committed diagrams are those of their sources, and can be read. */
import { globSync, readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { sourceHash } from '../../src/diagrams/render.ts';

const sources = globSync('src/diagrams/*.mmd').sort();

test('there is a picture for every source, and none besides', () => {
  expect(sources.length).toBeGreaterThanOrEqual(4);
  expect(globSync('src/diagrams/*.svg').sort()).toEqual(sources.map((source) => source.replace('.mmd', '.svg')));
});

for (const source of sources) {
  test(`${source} is what was rendered, with title and description (else: npm run diagrams)`, () => {
    const svg = readFileSync(source.replace('.mmd', '.svg'), 'utf8');
    expect(/data-source="([^"]+)"/.exec(svg)?.[1]).toBe(sourceHash(readFileSync(source, 'utf8')));
    expect(svg).toMatch(/<title[^>]*>[^<]{10,}<\/title>/);
    expect(svg).toMatch(/<desc[^>]*>[^<]{20,}<\/desc>/);
    expect(svg).not.toMatch(/#a1b0/i);
  });
}
