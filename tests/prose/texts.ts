/**
 * Every text that a reader of the guide, a sandbox, or the repository meets, and where it's written.
 *
 * Pages and READMEs are Markdown. Other prose is in string literals, markup, diagram
 * labels, and lines that patches add.
 */
import { globSync, readFileSync } from 'node:fs';
import ts from 'typescript';

export interface Text {
  path: string;
  /** The line on which the text starts. */
  line: number;
  text: string;
  format: 'md' | 'mdx';
}

type Reader = (source: string, path: string) => { line: number; text: string }[];

/** Where the prose is, and how to extract it from each kind of file. */
const places: { files: string[]; not?: RegExp; format: Text['format']; reader: Reader }[] = [
  { files: ['src/content/docs/**/*.mdx'], format: 'mdx', reader: whole },
  {
    files: ['*.md', '.github/**/*.md', 'playground/**/*.md', 'src/**/*.md'],
    not: /node_modules|dist/,
    format: 'md',
    reader: whole,
  },
  {
    files: [
      'src/**/*.ts',
      'playground/runtime/**/*.ts',
      'playground/demo-project/node/**/*.ts',
      'playground/demo-project/src/{endpoints,left-out}.ts',
      'playground/examples/*/src/**/*.{ts,tsx}',
    ],
    not: /node_modules|dist/,
    format: 'md',
    reader: strings,
  },
  { files: ['playground/demo-project/contract/scenarios/*.ts'], format: 'md', reader: titles },
  {
    files: [
      'src/components/**/*.astro',
      'src/pages/**/*.astro',
      'playground/examples/*/index.html',
      'playground/examples/*/src/**/*.{vue,svelte,html}',
    ],
    not: /node_modules|dist/,
    format: 'md',
    reader: markup,
  },
  { files: ['src/diagrams/*.mmd'], format: 'md', reader: labels },
  { files: ['src/for-the-official-docs/*.patch'], format: 'md', reader: added },
];

export function texts(): Text[] {
  return places.flatMap(({ files, not, format, reader }) =>
    globSync(files)
      .filter((path) => !not?.test(path))
      .sort()
      .flatMap((path) => reader(readFileSync(path, 'utf8'), path).map((found) => ({ path, format, ...found }))),
  );
}

function whole(source: string) {
  return [{ line: 1, text: source }];
}

/** Prose has at least three words separated by spaces, which class names, selectors, SQL, and URLs don't. */
function isProse(text: string): boolean {
  return (
    /[a-z]{2,}[,;:]? [\w`'…]+[,;:]? [\w`'…]+/i.test(text) &&
    !/[{}<>=;]\s*$|^\s*[.#[<]|:\s*\w+;|::|https?:\S+$/.test(text)
  );
}

/** Extracts string literals. An expression in a template literal reads as a code span. */
function strings(source: string, path: string) {
  return literals(source, path, (node) => !isNoText(node));
}

/** Extracts the second argument of `scenario(…)`. */
function titles(source: string, path: string) {
  return literals(
    source,
    path,
    (node) =>
      ts.isCallExpression(node.parent) &&
      /^scenario/.test(node.parent.expression.getText()) &&
      node.parent.arguments[1] === node,
  );
}

function literals(source: string, path: string, wanted: (node: ts.Node) => boolean) {
  const file = ts.createSourceFile(
    path,
    source,
    ts.ScriptTarget.Latest,
    true,
    path.endsWith('x') ? ts.ScriptKind.TSX : ts.ScriptKind.TS,
  );
  const found: { line: number; text: string }[] = [];
  const look = (node: ts.Node): void => {
    const text = ts.isStringLiteralLike(node)
      ? node.text
      : ts.isTemplateExpression(node)
        ? node.head.text + node.templateSpans.map(({ literal }) => `\`…\`${literal.text}`).join('')
        : ts.isJsxText(node)
          ? node.text
          : undefined;
    if (text !== undefined && isProse(text) && wanted(node))
      found.push({
        line: file.getLineAndCharacterOfPosition(node.getStart()).line + 1,
        text: text.replace(/``/g, '` `'),
      });
    ts.forEachChild(node, look);
  };
  look(file);
  return found;
}

/** Whether a string is in an import, a type, or a comparison, where nobody reads it. */
function isNoText(node: ts.Node): boolean {
  const { parent } = node;
  if (ts.isPropertyAssignment(parent) && parent.name === node) return true; // a key, such as one of the server's messages
  return ts.isImportDeclaration(parent) || ts.isLiteralTypeNode(parent) || ts.isCaseClause(parent);
}

/** Extracts the text between tags, outside of scripts and styles. */
function markup(source: string) {
  const body = source
    .replace(/^---\n[\s\S]*?\n---/, blank)
    .replace(/<(script|style)[\s\S]*?<\/\1>/g, blank)
    .replace(/\{\/\*[\s\S]*?\*\/\}|<!--[\s\S]*?-->/g, blank)
    .replace(/<\/?(?:a|b|code|em|strong|span|kbd)\b[^>]*>/g, (tag) => ' '.repeat(tag.length));
  return [...body.matchAll(/(?<=>)[^<>{}]+(?=[<{])/g)]
    .filter(([text]) => isProse(text))
    .map((match) => ({
      line: lineAt(source, match.index + (/^\s*/.exec(match[0])?.[0].length ?? 0)),
      text: match[0].trim(),
    }));
}

/** Extracts the messages and notes of a sequence diagram, or the boxes and arrows of a flowchart. */
function labels(source: string) {
  return [...source.matchAll(/(?<=: |["[{|(])[^"[\]{}|()\n]+/g)]
    .filter(([text]) => isProse(text))
    .map((match) => ({ line: lineAt(source, match.index), text: match[0].replaceAll('<br/>', ' ') }));
}

/** Extracts what a patch adds, without the code blocks of the file that it patches. */
function added(source: string) {
  return source
    .split('\n')
    .map((text, index) => ({
      line: index + 1,
      text: text
        .slice(1)
        .replace(/^\s*(?:\/?\*+|\/\/)\s?/, '')
        .trim(),
      added: /^\+(?!\+)/.test(text),
    }))
    .filter(({ text, added }) => added && isProse(text) && !/[;{(]$|^(?:const|if|await|import|return)\b/.test(text))
    .map(({ line, text }) => ({ line, text }));
}

function blank(text: string): string {
  return text.replace(/[^\n]/g, ' ');
}

function lineAt(source: string, index: number): number {
  return source.slice(0, index).split('\n').length;
}
