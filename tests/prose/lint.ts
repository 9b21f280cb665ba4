/** Reads every text, and finds which rules it breaks and how long its sentences are. */
import { VFile } from 'vfile';
import { rules } from './rules.ts';
import { read, type Sentence } from './sentences.ts';
import type { Text } from './texts.ts';

export interface Finding {
  path: string;
  line: number;
  rule: string;
  message: string;
}

/** Returns the rules that a sentence breaks. */
export function findingsIn({ path, line, text }: Sentence): Finding[] {
  return rules.flatMap(({ name, pattern, instead }) => {
    const found = pattern.exec(text);
    return found ? [{ path, line, rule: name, message: `"${found[0]}": ${instead} (${text.slice(0, 160)})` }] : [];
  });
}

export function lint(texts: Text[]): { sentences: Sentence[]; findings: Finding[] } {
  const all = texts.map((text) => ({ ...text, ...read(text) }));
  const sentences = all.flatMap((text) => text.sentences);
  const byPlugins = all.flatMap(({ path, line, messages }) =>
    messages.map((message) => ({
      path,
      line: line + (message.line ?? 1) - 1,
      rule: message.source === 'prose' ? (message.ruleId ?? '') : (message.source ?? ''),
      message: message.reason,
    })),
  );
  return { sentences, findings: [...sentences.flatMap(findingsIn), ...byPlugins] };
}

/** Returns findings as files with messages, which vfile-reporter prints. */
export function asFiles(findings: Finding[]): VFile[] {
  const paths = [...new Set(findings.map(({ path }) => path))];
  return paths.map((path) => {
    const file = new VFile({ path });
    for (const { line, rule, message } of findings.filter((finding) => finding.path === path))
      file.message(message, { place: { line, column: 1 }, ruleId: rule, source: 'prose' });
    return file;
  });
}

/**
 * Returns the median length, and how many sentences are longer than 25 words. Headings and labels, which don't
 * end with a period, don't count.
 */
export function measure(sentences: Sentence[]): { count: number; median: number; long: number } {
  const lengths = sentences
    .filter(({ text }) => /[.!?:]["')*]*$/.test(text))
    .map(({ words }) => words)
    .sort((a, b) => a - b);
  return {
    count: lengths.length,
    median: lengths[Math.floor(lengths.length / 2)] ?? 0,
    long: lengths.filter((words) => words > 25).length,
  };
}
