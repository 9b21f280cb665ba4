/**
 * How many random runs each property gets. Every `npm test` repeats the same runs, so only a change of the code can
 * change the result. The nightly run uses new ones.
 */
import fc from 'fast-check';

fc.configureGlobal(process.env['TEST_ALL'] ? { numRuns: 1000 } : { numRuns: 60, seed: 2091 });
