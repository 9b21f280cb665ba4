/** The preview image for links to a page: `/og/PAGE.png`, with its title and description. Made in the build. */
import { getCollection } from 'astro:content';
import { OGImageRoute } from 'astro-og-canvas';
import colors from '../../../playground/runtime/colors.css?raw';

const entries = await getCollection('docs', ({ id }) => id !== '404');
const font = (weight: number) => `./node_modules/@fontsource/inter/files/inter-latin-${weight}-normal.woff2`;
const fonts = [font(400), font(700)];

/** Returns a color's red, green, and blue in light mode, because an image has no variables. Throws if the name is unknown. */
function color(name: string): [number, number, number] {
  const [, hex] = new RegExp(`--${name}: light-dark\\(#([0-9a-f]{6}),`).exec(colors) ?? [];
  if (!hex) throw new Error(`playground/runtime/colors.css has no --${name}`);
  const part = (at: number) => Number.parseInt(hex.slice(at, at + 2), 16);
  return [part(0), part(2), part(4)];
}

export const { getStaticPaths, GET } = await OGImageRoute({
  pages: Object.fromEntries(entries.map(({ id, data }) => [id || 'index', data])),
  getImageOptions: (_, { title, description = '' }: (typeof entries)[number]['data']) => ({
    title,
    description,
    bgGradient: [color('paper')],
    border: { color: color('accent'), width: 20, side: 'inline-start' },
    padding: 70,
    fonts,
    font: {
      title: { color: color('ink'), size: title.length > 60 ? 52 : 68, weight: 'Bold', families: ['Inter'] },
      description: { color: color('soft'), size: 34, lineHeight: 1.4, families: ['Inter'] },
    },
  }),
});
