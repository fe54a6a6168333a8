/** Begins and ends everything that leaves a drill. */
export const DRILL_MARKING = 'EXERCISE EXERCISE EXERCISE';
