/** Limits to the millisecond, and how much is kept. See boundaries.ts. */
import { test } from 'vitest';
import { boundaries, kept } from './boundaries.ts';

for (const [title, check] of [...boundaries, ...kept]) test(title, check);
