/**
 * Every text that a reader of the guide, of a sandbox or of the repository meets, and where it is written.
 *
 * Pages and READMEs are Markdown. Elsewhere the prose is in string literals, in markup, in labels of diagrams and in added lines of patches.
 */
import { globSync, readFileSync } from 'node:fs';
import ts from 'typescript';

export interface Text {
  path: string;
  /** The line on which the text begins. */
  line: number;
  text: string;
  format: 'md' | 'mdx';
}

type Reader = (source: string, path: string) => { line: number; text: string }[];

/** Where prose is, and how it's taken out of each kind of file. */
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

/** Prose has three words with spaces between them. Class names, selectors, SQL and URLs don't read like that. */
function isProse(text: string): boolean {
  return (
    /[a-z]{2,}[,;:]? [\w`'…]+[,;:]? [\w`'…]+/i.test(text) &&
    !/[{}<>=;]\s*$|^\s*[.#[<]|:\s*\w+;|::|https?:\S+$/.test(text)
  );
}

/** String literals. An expression in a template reads as a code span. */
function strings(source: string, path: string) {
  return literals(source, path, (node) => !isNoText(node));
}

/** The second argument of `scenario(…)`. */
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

/** Imports, types and comparisons: strings that nobody reads. */
function isNoText(node: ts.Node): boolean {
  const { parent } = node;
  if (ts.isPropertyAssignment(parent) && parent.name === node) return true; // a key, such as a message of the server
  return ts.isImportDeclaration(parent) || ts.isLiteralTypeNode(parent) || ts.isCaseClause(parent);
}

/** What is between tags, outside of scripts and styles. */
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

/** Messages and notes of a sequence, boxes and arrows of a flowchart. */
function labels(source: string) {
  return [...source.matchAll(/(?<=: |["[{|(])[^"[\]{}|()\n]+/g)]
    .filter(([text]) => isProse(text))
    .map((match) => ({ line: lineAt(source, match.index), text: match[0].replaceAll('<br/>', ' ') }));
}

/** What a patch adds, without code blocks of the file it patches. */
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
