import type { SatteriProcessorOptions } from '@astrojs/markdown-satteri';

type HastPlugin = NonNullable<SatteriProcessorOptions['hastPlugins']>[number];

/** The parts of a page's node that this needs. */
interface Node {
  type: string;
  name?: string | null;
  tagName?: string;
  attributes?: readonly { name?: string; value?: unknown }[];
  children?: readonly Node[];
}

/**
 * Merges the marks of a paragraph, list item, or table row into one, in place of the last. So authors can prove each
 * sentence, and readers see only one mark.
 */
export const oneMarkPerBlock: HastPlugin = {
  name: 'one-mark-per-block',
  element: {
    filter: ['p', 'li', 'tr'],
    visit(node, context) {
      const marks = marksIn(node as unknown as Node);
      const last = marks.at(-1);
      if (!last || marks.length < 2) return;
      const value = [...new Set(marks.flatMap(scenariosOf))].join(' ');
      for (const mark of marks.slice(0, -1)) context.removeNode(mark as never);
      context.replaceNode(last as never, {
        type: 'mdxJsxTextElement',
        name: 'Proof',
        attributes: [{ type: 'mdxJsxAttribute', name: 'scenario', value }],
        children: [],
      });
    },
  },
};

const blocks = ['p', 'li', 'ul', 'ol', 'table'];

function marksIn({ children = [] }: Node): Node[] {
  return children.flatMap((child) => {
    if (child.name === 'Proof') return [child];
    return blocks.includes(child.tagName ?? '') ? [] : marksIn(child);
  });
}

function scenariosOf({ attributes = [] }: Node): string[] {
  const scenario = attributes.find(({ name }) => name === 'scenario')?.value;
  return typeof scenario === 'string' ? scenario.trim().split(/\s+/) : [];
}
