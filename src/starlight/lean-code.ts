import type { ExpressiveCodePlugin } from '@astrojs/starlight/expressive-code';
import type { Element, ElementContent } from 'hast';
import { select } from 'hast-util-select';

/** Whether Expressive Code styles these words in the text color, which code has anyway. */
function isPlain(style: string, textColors: string[]): boolean {
  return (
    style ===
    textColors
      .map((color, index) => `--${index}:${color}`)
      .join(';')
      .toUpperCase()
  );
}

const styleOf = (node: ElementContent | undefined) =>
  node?.type === 'element' && node.tagName === 'span' ? String(node.properties['style'] ?? '').replace(/;$/, '') : '';

/** Merges nodes that have the same color, and spaces between them. Removes elements that color nothing. */
function merged(nodes: ElementContent[], textColors: string[]): ElementContent[] {
  const joined: ElementContent[] = [];
  for (const node of nodes.flatMap((each) => withoutWrapper(each, textColors))) {
    const [before, last] = joined.slice(-2);
    if (node.type === 'text' && last?.type === 'text') {
      last.value += node.value;
    } else if (node.type === 'element' && styleOf(node) && styleOf(last) === styleOf(node)) {
      (last as Element).children.push(...node.children);
    } else if (
      node.type === 'element' &&
      styleOf(node) &&
      styleOf(before) === styleOf(node) &&
      last?.type === 'text' &&
      last.value.trim() === ''
    ) {
      joined.pop();
      (before as Element).children.push(last, ...node.children);
    } else {
      joined.push(node);
    }
  }
  return joined;
}

function withoutWrapper(node: ElementContent, textColors: string[]): ElementContent[] {
  if (node.type !== 'element' || node.tagName !== 'span') return [node];
  const isIndent = [node.properties['className']].flat().includes('indent');
  if (!isIndent && !isPlain(styleOf(node).toUpperCase(), textColors)) return [node];
  return node.children.flatMap((child) => withoutWrapper(child, textColors));
}

/**
 * An Expressive Code plugin that renders code with few elements: one for each line, and one for each run of words in
 * the same color. A page of code then has a third of the elements. `textColors` are the text colors of the themes, in
 * order. Lines with a gutter or a marker stay as they are. src/styles/code.css styles the class `lean`.
 *
 * With `meta="flat"`, all lines together are one element, for code that's folded or in another tab. Lines
 * that wrap aren't indented there.
 */
export function leanCode(textColors: string[]): ExpressiveCodePlugin {
  return {
    name: 'lean-code',
    hooks: {
      postprocessRenderedLine: ({ renderData: { lineAst } }) => {
        const [code, ...more] = lineAst.children;
        const classes = [lineAst.properties['className'] ?? []].flat();
        if (code?.type !== 'element' || more.length > 0 || classes.length > 1) return;
        lineAst.properties['className'] = [...classes, 'lean'] as string[];
        lineAst.children = merged(code.children, textColors);
      },
      postprocessRenderedBlock: ({ codeBlock, renderData: { blockAst } }) => {
        const code = select('code', blockAst); // inside the frame
        if (!codeBlock.metaOptions.getBoolean('flat') || !code) return;
        const lines = code.children.filter((node) => node.type === 'element').map(({ children }) => children);
        const text = lines.flatMap((line, index) => {
          const isEmpty = line.every((node) => node.type === 'text' && node.value.trim() === '');
          const end: ElementContent[] = index < lines.length - 1 ? [{ type: 'text', value: '\n' }] : [];
          return [...(isEmpty ? [] : line), ...end];
        });
        code.children = [
          {
            type: 'element',
            tagName: 'div',
            properties: { className: ['ec-line', 'lean'] },
            children: merged(text, textColors),
          },
        ];
      },
    },
  };
}
