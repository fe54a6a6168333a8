import { playRounds } from './faults.js';

/** Many rounds, outside `npm test`: `npm run e2e:faults`, with the tests of stores and workers that are away. Not seen green as a whole yet. */
playRounds(20);
