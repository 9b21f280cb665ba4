import { type SatteriProcessorOptions, satteriHeadingIdsPlugin } from '@astrojs/markdown-satteri';

type HastPlugin = NonNullable<SatteriProcessorOptions['hastPlugins']>[number];

/**
 * Adds a link to itself to each heading, as Starlight does, but with three elements instead of seven: the page "Reset a
 * password with MFA" has 28 headings. src/styles/guide.css draws its sign.
 */
export const headingLinks: HastPlugin[] = [
  satteriHeadingIdsPlugin(),
  {
    name: 'heading-links',
    element: {
      filter: ['h2', 'h3', 'h4'],
      visit(node, context) {
        const { id } = node.properties;
        if (typeof id !== 'string') return;
        return {
          type: 'element',
          tagName: 'div',
          properties: { class: `sl-heading-wrapper level-${node.tagName}` },
          children: [
            node,
            {
              type: 'element',
              tagName: 'a',
              properties: {
                class: 'sl-anchor-link',
                href: `#${id}`,
                'aria-label': `Section titled “${context.textContent(node)}”`,
              },
              children: [],
            },
          ],
        };
      },
    },
  },
];
