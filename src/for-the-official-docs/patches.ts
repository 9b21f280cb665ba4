/**
 * What the page "For the official docs" offers, made from the files in this folder. In them, `{NAME}`
 * on a line (perhaps after a prefix) is a region of tested code. `@@ LINE @@` starts a hunk at that
 * line of the file, as of `Commit`.
 */
import { format } from 'prettier';
import { sourceFile } from '../sandbox/files.ts';
import comment from './comment.md?raw';

export interface Patch {
  /** The name of the offered file. */
  name: string;
  /** The repository that it's for, as OWNER/NAME, and the commit that it's based on. */
  repository: string;
  commit: string;
  /** The file that it changes. */
  path: string;
  text: string;
}

const templates = import.meta.glob<string>('./*.patch', { query: '?raw', import: 'default', eager: true });

/** The same settings as the .prettierrc of supabase/supabase. */
const style = { parser: 'babel', trailingComma: 'es5', semi: false, singleQuote: true, printWidth: 100 } as const;

const code = Object.fromEntries(
  await Promise.all(
    ['factors', 'challenge', 'verify'].map(async (region) => {
      const shown = await format(sourceFile('tests/code/reset-password-with-mfa.ts', region), style);
      return [region, shown.trimEnd()] as const;
    }),
  ),
);

/** Inserts the code. Each line gets the prefix before `{NAME}`. */
function withCode(template: string): string {
  return template.replace(/^([+ ]*)\{(factors|challenge|verify)\}$/gm, (_, before: string, region: string) =>
    (code[region] ?? '')
      .split('\n')
      .map((line) => `${before}${line}`.trimEnd())
      .join('\n'),
  );
}

/** Turns `@@ LINE @@` into the header of a hunk, with the counts of lines before and after. */
function withCounts(template: string): string {
  const [preamble = '', ...hunks] = template.split(/^(?=@@ )/m);
  let added = 0;
  const counted = hunks.map((hunk) => {
    const [head = '', ...lines] = hunk.trimEnd().split('\n');
    const start = Number(/^@@ (\d+) @@$/.exec(head)?.[1]);
    const before = lines.filter((line) => !line.startsWith('+')).length;
    const after = lines.filter((line) => !line.startsWith('-')).length;
    const newStart = start + added + (before === 0 ? 1 : 0);
    added += after - before;
    return [`@@ -${start},${before} +${newStart},${after} @@`, ...lines, ''].join('\n');
  });
  return [preamble, ...counted].join('');
}

function patchOf(file: string, template: string): Patch {
  const [, repository, commit, path] = /^Repository: (\S+)\nCommit: (\S+)\n\ndiff --git a\/(\S+) /.exec(template) ?? [];
  if (!repository || !commit || !path) throw new Error(`${file} doesn't say what it's for`);
  return { name: file.slice('./'.length), repository, commit, path, text: withCounts(withCode(template)) };
}

export const patches = Object.entries(templates).map(([file, template]) => patchOf(file, template));

/** Returns the comment for supabase/auth#2091. `site` is the guide's address, with a slash at the end. */
export function commentFor(site: string): string {
  return withCode(comment).replaceAll('{site}', site).trimEnd();
}
