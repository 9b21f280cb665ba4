/**
 * Compiles all mutants of some files into one copy of each file, behind switches: `__stryker__.active`
 * names the mutants that are on.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Instrumenter } from '@stryker-mutator/instrumenter';

const root = join(import.meta.dirname, '../..');

export interface Mutant {
  id: string;
  /** Relative to the repository, with `/`. */
  file: string;
  line: number;
  /** What the mutant changes, in words that stay the same when lines move. */
  what: string;
}

export interface Instrumented {
  mutants: Mutant[];
  /** The text of each file with all its mutants, by its path in the repository. */
  texts: Map<string, string>;
}

/** Puts all mutants into these files. Paths are relative to the repository. */
export async function instrument(files: string[]): Promise<Instrumented> {
  const silent = { isDebugEnabled: () => false, debug() {}, info() {}, warn() {} };
  const input = files.map((file) => ({
    name: join(root, file),
    content: readFileSync(join(root, file), 'utf8'),
    mutate: true,
  }));
  const options = { ignorers: [], plugins: null, excludedMutations: [] } as never;
  const result = await new Instrumenter(silent as never).instrument(input, options);
  const fileOf = (name: string) => name.slice(root.length + 1).replaceAll('\\', '/');
  return {
    mutants: result.mutants.map((mutant) => ({
      id: mutant.id,
      file: fileOf(mutant.fileName),
      line: mutant.location.start.line + 1,
      what: describe(mutant),
    })),
    texts: new Map(result.files.map(({ name, content }) => [fileOf(name), withSet(content)])),
  };

  function describe({ fileName, location, mutatorName, replacement }: (typeof result.mutants)[number]): string {
    const lines = readFileSync(fileName, 'utf8')
      .split('\n')
      .slice(location.start.line, location.end.line + 1);
    const from = lines
      .map((line, at) =>
        line
          .slice(at === 0 ? location.start.column : 0, at === lines.length - 1 ? location.end.column : undefined)
          .trim(),
      )
      .join(' ');
    const short = (text: string) => (text.length > 120 ? `${text.slice(0, 117)}…` : text);
    return `${fileOf(fileName)}: ${mutatorName}: ${short(from)} → ${short(replacement.replace(/\s+/g, ' '))} in ${short((lines[0] ?? '').trim())}`;
  }
}

/** Stryker switches on one mutant at a time. With a set, all unnoticed mutants can be tried together. */
function withSet(text: string): string {
  const changed = text.replace('ns.activeMutant === id', 'ns.active?.has(id)');
  if (changed === text && text.includes('stryMutAct_'))
    throw new Error('The instrumenter writes its switch in another way now');
  return changed;
}
