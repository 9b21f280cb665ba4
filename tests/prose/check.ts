/**
 * `npm run check` runs this. Fails if a text breaks a rule in rules.ts, and prints how long the sentences are.
 *
 *   node tests/prose/check.ts                 every text
 *   node tests/prose/check.ts src/sandbox     texts whose path starts with src/sandbox
 */
import { reporter } from 'vfile-reporter';
import { asFiles, lint, measure } from './lint.ts';
import { texts } from './texts.ts';

const [wanted] = process.argv.slice(2);
const { sentences, findings } = lint(texts().filter(({ path }) => path.startsWith(wanted ?? '')));

const { count, median, long } = measure(sentences);
console.log(
  `Prose: ${count} sentences, median ${median} words, ${((100 * long) / count).toFixed(1)} % over 25 words; ${findings.length} findings.`,
);
if (findings.length > 0) {
  console.error(reporter(asFiles(findings)));
  process.exitCode = 1;
}
