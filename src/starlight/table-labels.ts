import type { SatteriProcessorOptions } from '@astrojs/markdown-satteri';

type HastPlugin = NonNullable<SatteriProcessorOptions['hastPlugins']>[number];

/** The parts of a table's node that this needs. */
interface Node {
  type: string;
  name?: string | null;
  tagName?: string;
  value?: string;
  attributes?: readonly { name?: string; value?: unknown }[];
  children?: readonly Node[];
}

/**
 * Copies the header of each column into its cells as `data-label`, in tables with at least three columns. On a narrow
 * screen, the rows of such a table become cards, and each cell starts with its label: see src/styles/tables.css.
 */
export const tableLabels: HastPlugin = {
  name: 'table-labels',
  element: {
    filter: ['table'],
    visit(node, context) {
      const [header = [], ...rows] = named(node as unknown as Node, 'tr').map((row) => [
        ...named(row, 'th'),
        ...named(row, 'td'),
      ]);
      if (header.length < 3) return;
      const labels = header.map((cell) => textOf(cell).trim());
      for (const row of rows) {
        for (const [column, cell] of row.entries())
          context.setProperty(cell as never, 'data-label', labels[column] ?? '');
      }
    },
  },
};

function named(node: Node, tagName: string): Node[] {
  return (node.children ?? []).flatMap((child) => (child.tagName === tagName ? [child] : named(child, tagName)));
}

/** Returns a cell's text. `<Aal level="1" />` reads "aal1". */
function textOf({ value = '', name, attributes = [], children = [] }: Node): string {
  if (name === 'Aal') return `aal${attributes.find((attribute) => attribute.name === 'level')?.value}`;
  return value + children.map(textOf).join('');
}
