/**
 * `npm run check` runs this: it fails if a text breaks a rule of rules.ts, and prints how long the sentences are.
 *
 *   node tests/prose/check.ts                 every text
 *   node tests/prose/check.ts src/sandbox     texts whose path begins like that, whether they wait or not
 */
import { reporter } from 'vfile-reporter';
import { asFiles, lint, measure } from './lint.ts';
import { texts } from './texts.ts';

/** Texts that are being rewritten: the check counts what breaks a rule there and doesn't fail. This list only gets shorter. */
const waiting: string[] = [
];

const [wanted] = process.argv.slice(2);
const { sentences, findings } = lint(texts().filter(({ path }) => path.startsWith(wanted ?? '')));
const isWaiting = (path: string) => wanted === undefined && waiting.some((start) => path.startsWith(start));
const now = findings.filter(({ path }) => !isWaiting(path));

const { count, median, long } = measure(sentences);
console.log(
  `Prose: ${count} sentences, median ${median} words, ${((100 * long) / count).toFixed(1)} % over 25 words; ${now.length} findings, ${findings.length - now.length} more in texts that wait to be rewritten.`,
);
if (now.length > 0) {
  console.error(reporter(asFiles(now)));
  process.exitCode = 1;
}
