/** Which claims of the guide name a recording: the page, the place on it, and the words. */
import { getCollection } from 'astro:content';
import GithubSlugger from 'github-slugger';
import { sessionCalls } from '../book/sessions.ts';
import { claimsIn, headingsIn, sentenceOf } from './claims.ts';

export interface Citation {
  /** The page's path under the site's base, with the anchor. */
  path: string;
  page: string;
  sentence: string;
}

/** Returns the citations of every recording that a page names, by scenario. */
export async function citations(): Promise<Map<string, Citation[]>> {
  const found = new Map<string, Citation[]>();
  const add = (scenarios: string[], citation: Citation) => {
    for (const scenario of scenarios) found.set(scenario, [...(found.get(scenario) ?? []), citation]);
  };
  for (const page of await getCollection('docs')) {
    const slugger = new GithubSlugger(); // makes the same slugs as Astro
    const slugs = headingsIn(page.body ?? '').map((heading) => slugger.slug(heading));
    for (const claim of claimsIn(page.body ?? '')) {
      const place = slugs[claim.headings - 1];
      const path = `${page.id === 'index' ? '' : `${page.id}/`}${place ? `#${place}` : ''}`;
      add(claim.scenarios, { path, page: page.data.title, sentence: sentenceOf(claim) });
    }
  }
  for (const { name, scenario, others, spent } of Object.values(sessionCalls).flat()) {
    const row = { path: 'sessions-and-tokens/', page: 'Sessions and tokens' };
    add([scenario], { ...row, sentence: `What ${name} does to its own session` });
    for (const [sentence, scenarios] of [others, spent].filter((claim) => claim !== undefined))
      add(scenarios.split(' '), { ...row, sentence: `${name}: ${sentence}` });
  }
  return found;
}
