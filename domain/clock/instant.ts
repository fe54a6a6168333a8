/** An instant in ISO 8601, UTC, with milliseconds: `2026-03-02T09:00:00.000Z`. The only form of time that crosses a border. */
export type Instant = string;

export const SECOND_MS = 1_000;
export const MINUTE_MS = 60 * SECOND_MS;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

const SHAPE = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;

export const toInstant = (epochMs: number): Instant => new Date(epochMs).toISOString();
export const toMs = (instant: Instant): number => Date.parse(instant);
export const plusMs = (instant: Instant, ms: number): Instant => toInstant(toMs(instant) + ms);
export const plusHours = (instant: Instant, hours: number): Instant => plusMs(instant, hours * HOUR_MS);
/** Milliseconds from `from` to `to`; negative when `to` lies before. */
export const msBetween = (from: Instant, to: Instant): number => toMs(to) - toMs(from);
export const isBefore = (a: Instant, b: Instant): boolean => toMs(a) < toMs(b);
export const isAfter = (a: Instant, b: Instant): boolean => toMs(a) > toMs(b);
export const earliest = (...instants: Instant[]): Instant => toInstant(Math.min(...instants.map(toMs)));

/** True only for the canonical form; a valid date in another form is not an Instant. */
export function isInstant(value: unknown): value is Instant {
  return (
    typeof value === 'string' &&
    SHAPE.test(value) &&
    Number.isFinite(Date.parse(value)) &&
    toInstant(Date.parse(value)) === value
  );
}
