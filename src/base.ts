import type { SatteriProcessorOptions } from '@astrojs/markdown-satteri';

type HastPlugin = NonNullable<SatteriProcessorOptions['hastPlugins']>[number];

/** Returns the path of a page or file under the base path that serves this site. `path` starts without a slash. */
export function underBase(path: string, base: string = import.meta.env.BASE_URL): string {
  return `${base.replace(/\/$/, '')}/${path}`;
}

/** Lets authors write Markdown links as `/page/`, wherever the site is served. */
export function linksUnderBase(base: string): HastPlugin {
  return {
    name: 'links-under-base',
    element: {
      filter: ['a'],
      visit(node, context) {
        const { href } = node.properties;
        if (typeof href === 'string' && href.startsWith('/')) {
          context.setProperty(node, 'href', underBase(href.slice(1), base));
        }
      },
    },
  };
}
