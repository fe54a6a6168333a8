import type { IncidentState, Milestone } from './state.js';

/** Break-glass is reviewed within this time (design, section 5); a house value. */
export const BREAK_GLASS_REVIEW_HOURS = 24;

/** The alarm about one use, or the reminder of its review. */
export const isAbout = (milestone: Pick<Milestone, 'id'>, use: string): boolean =>
  milestone.id === use || milestone.id === `review/${use}`;

/** Nobody answers the alarm about their own use of break-glass. */
export const mayAnswer = (
  state: Pick<IncidentState, 'breakGlass'>,
  milestone: Pick<Milestone, 'id'>,
  by: string,
): boolean => !state.breakGlass.some((b) => isAbout(milestone, b.use) && b.by.id === by);
