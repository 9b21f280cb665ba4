/**
 * Prints random sentences from the texts that readers meet, for you to read as a native speaker would.
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
  // Fisher–Yates shuffle: swaps a remaining sentence into this place.
  const from = drawn + Math.floor(random() * (sentences.length - drawn));
  const [sentence, other] = [sentences[from], sentences[drawn]];
  if (!sentence || !other) break;
  [sentences[drawn], sentences[from]] = [sentence, other];
  console.log(`${sentence.text}\n    ${sentence.path}:${sentence.line}`);
}

/** Returns a generator of numbers from 0 to 1 that depend only on the seed (mulberry32). */
function generator(state: number): () => number {
  let s = state >>> 0;
  return () => {
    s = (s + 0x6d2b79f5) >>> 0;
    let t = Math.imul(s ^ (s >>> 15), s | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
