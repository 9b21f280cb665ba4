/** How many random runs each property gets. The same ones in every `npm test`, so that a change alone decides its result; new ones every night. */
import fc from 'fast-check';

fc.configureGlobal(process.env['TEST_ALL'] ? { numRuns: 1000 } : { numRuns: 200, seed: 2091 });
