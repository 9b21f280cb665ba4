/**
 * Compiles an edited app for its frame: removes types, compiles JSX, and finds what each module imports. Line numbers stay the
 * same, so errors in the frame are at the reader's own lines. Types aren't checked.
 */
import { init, parse } from 'es-module-lexer/minimal';
import { type Transform, transform } from 'sucrase';
import type { EditedApp, EditedModule, Problem } from '../../playground/runtime/messages.ts';

/** Texts by path, relative to the example's folder. */
export type Files = ReadonlyMap<string, string>;

/** Why an app can't run, and where the problem is. */
export class CompileError extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.message);
    this.problem = problem;
  }
}

/** Compiles the app that index.html starts. Throws a `CompileError`. */
export async function compile(files: Files): Promise<EditedApp> {
  await init();
  const html = files.get('index.html') ?? '';
  const modules = new Map<string, EditedModule>();
  const styles = new Map<string, string>();

  const [whole, src, inline = ''] = /<script type="module"(?: src="([^"]+)")?>(.*?)<\/script>/s.exec(html) ?? [];
  if (whole === undefined) {
    throw new CompileError({
      message: 'index.html has no <script type="module"> that starts the app.',
      path: 'index.html',
    });
  }
  const start = html.indexOf(whole) + whole.indexOf(inline);
  for (const [, href = ''] of html.matchAll(/<link rel="stylesheet" href="([^"]+)">/g)) add(href, 'index.html', 1, []);
  if (src) add(src, 'index.html', lineAt(html, start), []);
  else addModule('index.html', '\n'.repeat(lineAt(html, start) - 1) + inline, []);
  return { html, styles: [...styles.values()], modules: [...modules.values()] };

  /** Adds the file that `from` imports, after the files that it imports itself. Returns its path. `way` is the chain of imports that led here. */
  function add(name: string, from: string, line: number, way: string[]): string {
    const { pathname } = new URL(name, `file:///${from}`);
    const path = ['', '.ts', '.tsx', '.js'].map((ending) => pathname.slice(1) + ending).find((path) => files.has(path));
    if (path === undefined) throw new CompileError({ message: `Cannot find '${name}'.`, path: from, line });
    if (way.includes(path)) {
      const message = `${[...way, path].join(' imports ')}. This editor can't run modules that import each other.`;
      throw new CompileError({ message, path: from, line });
    }
    const text = files.get(path) ?? '';
    if (path.endsWith('.css')) styles.set(path, text);
    else if (!modules.has(path)) addModule(path, text, [...way, path]);
    return path;
  }

  function addModule(path: string, text: string, way: string[]): void {
    const code = toJavaScript(path, text);
    const parts: string[] = [];
    const imports: string[] = [];
    let [part, end] = ['', 0];
    for (const { n: name, s, e, ss, se, d } of parse(code)[0]) {
      if (d === -2 && code.startsWith('.env', e)) {
        part += `${code.slice(end, s)}({})`; // examples in the page have no environment variables: they talk to the demo project
        end = e + '.env'.length;
      }
      if (name === undefined) continue;
      const found = name.startsWith('.') ? add(name, path, lineAt(code, s), way) : name;
      if (found.endsWith('.css')) {
        part += code.slice(end, ss);
        end = se;
      } else {
        const quote = d === -1 ? 1 : 0; // in `import('…')` the quotes are part of the name
        parts.push(part + code.slice(end, s - quote));
        imports.push(found);
        [part, end] = ['', e + quote];
      }
    }
    modules.set(path, { path, parts: [...parts, part + code.slice(end)], imports });
  }
}

function toJavaScript(path: string, text: string): string {
  const transforms: Transform[] = path.endsWith('x')
    ? ['typescript', 'jsx']
    : path.endsWith('.ts')
      ? ['typescript']
      : [];
  try {
    return transform(text, { transforms, jsxRuntime: 'automatic', production: true, disableESTransforms: true }).code;
  } catch (error) {
    // The message ends with the place, which is shown anyway.
    const { message, loc } = error as Error & { loc?: { line: number; column: number } };
    throw new CompileError({ message: message.replace(/ \(\d+:\d+\)$/, ''), path, ...loc });
  }
}

/** Returns the line of a position, counted from 1. */
function lineAt(text: string, position: number): number {
  return text.slice(0, position).split('\n').length;
}
