/** Begins and ends everything that leaves a drill. */
export const DRILL_MARKING = 'EXERCISE EXERCISE EXERCISE';

/** Stands on each page of what has not gone out: a file has no envelope by which anybody could tell. */
export const UNSENT_MARKING = {
  draft: 'DRAFT, NOT SENT',
  approved: 'APPROVED, NOT SENT YET',
} as const;

/** All that a reader must see on each page; null for what went out in earnest. */
export const pageMarking = (drill: boolean, unsent: keyof typeof UNSENT_MARKING | undefined): string | null =>
  [drill ? DRILL_MARKING : null, unsent ? UNSENT_MARKING[unsent] : null]
    .filter((mark) => mark !== null)
    .join('   ·   ') || null;
