/** The picture that others show beside a link to a page: `/og/PAGE.png`, with its title and description, made at build. */
import { getCollection } from 'astro:content';
import { OGImageRoute } from 'astro-og-canvas';

const entries = await getCollection('docs', ({ id }) => id !== '404');
const font = (weight: number) => `./node_modules/@fontsource/inter/files/inter-latin-${weight}-normal.woff2`;
const fonts = [font(400), font(700)];

/** The accent and the ink of styles/colours.css: a picture knows no variables. */
const accent: [number, number, number] = [79, 62, 204];
const ink: [number, number, number] = [23, 21, 43];
const quiet: [number, number, number] = [72, 69, 98];

export const { getStaticPaths, GET } = await OGImageRoute({
  pages: Object.fromEntries(entries.map(({ id, data }) => [id || 'index', data])),
  getImageOptions: (_, { title, description = '' }: (typeof entries)[number]['data']) => ({
    title,
    description,
    bgGradient: [[255, 255, 255]],
    border: { color: accent, width: 20, side: 'inline-start' },
    padding: 70,
    fonts,
    font: {
      title: { color: ink, size: title.length > 60 ? 52 : 68, weight: 'Bold', families: ['Inter'] },
      description: { color: quiet, size: 34, lineHeight: 1.4, families: ['Inter'] },
    },
  }),
});
