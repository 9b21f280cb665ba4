/**
 * What the search box talks to: Pagefind, which finds pages that have every word of a query, made to answer what people type.
 * Words that say nothing are left out. Where no page has all the words, the pages that have the most of them are the answer, and the document gets
 * an event `search-nearest`, so that the search box can say so.
 */
import { search as searchPages, options as setOptions } from '../pagefind/pagefind.js';

export { filters, mergeIndex, preload } from '../pagefind/pagefind.js';

/** How often a page says a word counts little: a page that is about something may name it once. */
export function options(settings) {
  return setOptions({ ...settings, ranking: { termFrequency: 0.2, ...settings.ranking } });
}

/** Words that are on every page, or that carry no meaning. */
const fillers = new Set(
  `a an and any are as at be but by can cannot cant could did do does doesn't doesnt don't dont for from had has have how i if im in into is isn't it its
  just me my need no not of on only or our please should so some still supabase than that the their them then there these they this to too up us user's
  users using want was we were what what's when where which while who why will with without won't would you your`.split(
    /\s+/,
  ),
);

/** A query as words: without punctuation around them, and without fillers unless there is nothing else. */
function wordsOf(query) {
  const words = query
    .toLowerCase()
    .replaceAll('’', "'")
    .split(/[\s,;:!?"`(){}[\]]+/)
    .map((word) => word.replaceAll(/^[.'-]+|[.'-]+$/g, ''))
    .filter(Boolean);
  const telling = words.filter((word) => !fillers.has(word));
  return telling.length > 0 ? telling : words;
}

/** The pages that have the most of these words, best first. */
async function nearest(words, settings) {
  const found = new Map();
  const answers = await Promise.all(words.map((word) => searchPages(word, settings)));
  for (const { results } of answers) {
    const best = results[0]?.score ?? 1;
    for (const result of results) {
      const entry = found.get(result.id) ?? { result, score: 0 };
      entry.score += 1 + result.score / best; // having a word at all counts most
      found.set(result.id, entry);
    }
  }
  const ranked = [...found.values()].sort((a, b) => b.score - a.score).slice(0, 8);
  return { ...answers[0], results: ranked.map(({ result }) => result), unfilteredResultCount: ranked.length };
}

/** How well a page's aliases fit: 2 when an alias is the query, 1 when an alias has all its words, else 0. An alias is the phrase that readers type for the page. */
function aliasFit({ meta }, words) {
  const aliases = (meta.aliases ?? '').split(',').map(wordsOf);
  if (aliases.some((alias) => alias.join(' ') === words.join(' '))) return 2;
  return aliases.some((alias) => words.every((word) => alias.includes(word))) ? 1 : 0;
}

/** The results with those first whose aliases fit best. Only the first dozen are looked at. */
async function byAliases(results, words) {
  const first = await Promise.all(
    results.slice(0, 12).map(async (result) => ({ result, fit: aliasFit(await result.data(), words) })),
  );
  return [...first.sort((a, b) => b.fit - a.fit).map(({ result }) => result), ...results.slice(12)];
}

export async function search(query, settings) {
  const words = wordsOf(query);
  const all = await searchPages(words.join(' '), settings);
  const isNearest = all.results.length === 0 && words.length > 0;
  document.dispatchEvent(new CustomEvent('search-nearest', { detail: { isNearest } }));
  return isNearest ? nearest(words, settings) : { ...all, results: await byAliases(all.results, words) };
}
