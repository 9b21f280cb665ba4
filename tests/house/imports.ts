/** Every import statement of the repository: static, dynamic, of types, and in Astro and MDX files. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path/posix';
import ts from 'typescript';

export interface Import {
  /** The file that imports, relative to the repository. */
  from: string;
  /** The file it imports, relative to the repository, or the name of a package. */
  to: string;
  /** Whether it takes the file's text or address (`?raw`, `?url`) instead of running it. */
  asText: boolean;
}

/** The parts of a file that are modules: of an Astro file its front matter and scripts, of an MDX file all but its code blocks. */
function modulesIn(path: string, text: string): string[] {
  if (path.endsWith('.mdx')) return [text.replace(/^---\n.*?\n---\n/s, '').replaceAll(/^ *```.*?^ *```/gms, '')];
  if (!path.endsWith('.astro')) return [text];
  const [, frontMatter = ''] = /^---\n(.*?)\n---$/ms.exec(text) ?? [];
  return [frontMatter, ...[...text.matchAll(/<script[^>]*>(.*?)<\/script>/gs)].map(([, script = '']) => script)];
}

/** The imports of one file. Of `import.meta.glob` they are those of its patterns that are paths. */
export function importsIn(from: string, text: string): Import[] {
  return modulesIn(from, text).flatMap((module) => {
    const named = ts.preProcessFile(module, true, true).importedFiles.map(({ fileName }) => fileName);
    return named.map((name) => {
      const [path = '', query] = name.split('?');
      const asText = query === 'raw' || query === 'url';
      if (!/^[./]/.test(path)) return { from, to: path, asText };
      return { from, to: path.startsWith('/') ? path.slice(1) : normalize(join(dirname(from), path)), asText };
    });
  });
}

/** Those of every file of the repository that is, or has in it, a module. */
export function allImports(): Import[] {
  const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { encoding: 'utf8' });
  const modules = listed.split('\n').filter((path) => /\.(ts|tsx|mts|js|mjs|astro|mdx|vue|svelte)$/.test(path));
  return modules.filter((path) => existsSync(path)).flatMap((path) => importsIn(path, readFileSync(path, 'utf8')));
}
