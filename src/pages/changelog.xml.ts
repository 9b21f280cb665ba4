/** `/changelog.xml`: the changelog as an RSS feed. */
import rss from '@astrojs/rss';
import type { APIRoute } from 'astro';
import { underBase } from '../base.ts';
import { entries } from '../changelog/entries.ts';

export const GET: APIRoute = ({ site }) =>
  rss({
    title: 'Reset with MFA for Supabase: changelog',
    description: 'What changed in the guide to password resets with MFA in Supabase Auth.',
    site: new URL(underBase(''), site).href,
    items: entries.map(({ date, title, changes }) => ({
      title,
      pubDate: new Date(date),
      link: new URL(underBase(`changelog/#${date}`), site).href,
      description: changes.join(' '),
    })),
  });
