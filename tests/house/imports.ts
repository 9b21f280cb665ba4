/** Finds every import statement in the repository: static, dynamic, and type imports, also in Astro and MDX files. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path/posix';
import ts from 'typescript';

export interface Import {
  /** The file that imports, relative to the repository. */
  from: string;
  /** The imported file, relative to the repository, or the name of a package. */
  to: string;
  /** Whether it imports the file's text or address (`?raw`, `?url`) instead of running it. */
  asText: boolean;
}

/**
 * Returns the parts of a file that are modules: the front matter and scripts of an Astro file, and everything but
 * the code blocks of an MDX file.
 */
function modulesIn(path: string, text: string): string[] {
  if (path.endsWith('.mdx')) return [text.replace(/^---\n.*?\n---\n/s, '').replaceAll(/^ *```.*?^ *```/gms, '')];
  if (!path.endsWith('.astro')) return [text];
  const [, frontMatter = ''] = /^---\n(.*?)\n---$/ms.exec(text) ?? [];
  return [frontMatter, ...[...text.matchAll(/<script[^>]*>(.*?)<\/script>/gs)].map(([, script = '']) => script)];
}

/** Returns the imports of one file. For `import.meta.glob`, that's each pattern that is a path. */
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

/** Returns the imports of every file in the repository that is or contains a module. */
export function allImports(): Import[] {
  const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { encoding: 'utf8' });
  const modules = listed.split('\n').filter((path) => /\.(ts|tsx|mts|js|mjs|astro|mdx|vue|svelte)$/.test(path));
  return modules.filter((path) => existsSync(path)).flatMap((path) => importsIn(path, readFileSync(path, 'utf8')));
}
