/** Committed diagrams match their sources and are readable. */
import { globSync, readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { outputHash, sourceHash } from '../../src/diagrams/render.ts';

const sources = globSync('src/diagrams/*.mmd').sort();

test("there's one picture for every source, and no other", () => {
  expect(sources.length).toBeGreaterThanOrEqual(4);
  expect(globSync('src/diagrams/*.svg').sort()).toEqual(sources.map((source) => source.replace('.mmd', '.svg')));
});

/**
 * Returns the labels in a source, without white space. In a sequence diagram each line is its
 * own label, as Mermaid draws it.
 */
function labelsIn(source: string): string[] {
  const text = source.replaceAll(/^ *(%%|acc(Title|Descr):|class ).*\n/gm, '');
  const isSequence = text.startsWith('sequenceDiagram');
  const label = text.startsWith('flowchart') ? /"(.+?)"|-- (.+?) -->/g : /^ *participant \w+ as (.+)$|^.*?\w: (.+)$/gm;
  return [...text.matchAll(label)]
    .flatMap(([, first, second]) => (first ?? second ?? '').split(isSequence ? '<br/>' : /$^/))
    .map((found) => found.replaceAll(/<br\/>|\s/g, ''))
    .sort();
}

function labelsShown(svg: string): string[] {
  return [...svg.matchAll(/<text[^>]*>(.*?)<\/text>/gs)]
    .map(([, text = '']) => text.replaceAll(/<[^>]+>|\s/g, ''))
    .sort();
}

for (const source of sources) {
  test(`${source} is what was rendered, with its labels, title and description (else: npm run diagrams)`, () => {
    const text = readFileSync(source, 'utf8');
    const svg = readFileSync(source.replace('.mmd', '.svg'), 'utf8');
    expect(labelsShown(svg)).toEqual(labelsIn(text));
    expect(/<title[^>]*>([^<]{10,})<\/title>/.exec(svg)?.[1]).toBe(/accTitle: (.+)/.exec(text)?.[1]);
    expect(/<desc[^>]*>([^<]{20,})<\/desc>/.exec(svg)?.[1]).toBe(/accDescr: (.+)/.exec(text)?.[1]);
    expect(/data-source="([^"]+)"/.exec(svg)?.[1]).toBe(sourceHash(text));
    expect(/data-output="([^"]+)"/.exec(svg)?.[1]).toBe(outputHash(svg));
    expect(svg).not.toMatch(/#a1b0/i);
  });
}

test('a diagram names every call and level of its flow', () => {
  const shown = (name: string) => labelsShown(readFileSync(`src/diagrams/${name}.svg`, 'utf8'));
  expect(shown('failing-flow')).toEqual(expect.arrayContaining(['session:aal1', 'updateUser', '401insufficient_aal']));
  expect(shown('fixed-flow')).toEqual(
    expect.arrayContaining(['session:aal1', 'challengeAndVerify', 'samesession:aal2', 'updateUser', '200,changed']),
  );
  expect(shown('needs-step-up')).toEqual(
    expect.arrayContaining(['Doestheuserhaveaverifiedfactor?', 'codeverified:aal2']),
  );
  expect(shown('session-life')).toEqual(expect.arrayContaining(['factorverified', 'factorremoved', 'ended']));
});
