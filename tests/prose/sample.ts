/**
 * Prints sentences at random from every text that readers meet, to be read as a native speaker would.
 *
 *   npm run prose:sample -- --seed 1 --count 100
 *
 * The same seed and texts give the same sentences.
 */
import { parseArgs } from 'node:util';
import { lint } from './lint.ts';
import { texts } from './texts.ts';

const { values } = parseArgs({
  options: { seed: { type: 'string', default: '1' }, count: { type: 'string', default: '100' } },
});
const [seed, count] = [Number(values.seed), Number(values.count)];
if (!Number.isInteger(seed) || !Number.isInteger(count) || count < 1)
  throw new Error('--seed and --count have to be whole numbers');

const sentences = lint(texts()).sentences.filter(({ words }) => words >= 4);
const random = generator(seed);
for (let drawn = 0; drawn < Math.min(count, sentences.length); drawn++) {
  // Fisher and Yates: swaps a sentence that's left into this place.
  const from = drawn + Math.floor(random() * (sentences.length - drawn));
  const [sentence, other] = [sentences[from], sentences[drawn]];
  if (!sentence || !other) break;
  [sentences[drawn], sentences[from]] = [sentence, other];
  console.log(`${sentence.text}\n    ${sentence.path}:${sentence.line}`);
}

/** Numbers from 0 up to 1 that follow from the seed: mulberry32. */
function generator(state: number): () => number {
  let s = state >>> 0;
  return () => {
    s = (s + 0x6d2b79f5) >>> 0;
    let t = Math.imul(s ^ (s >>> 15), s | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
