import { type Instant, toInstant, toMs } from './instant.js';

/** From `realAt` on, the incident's clock shows `actAt` and runs `scale` times as fast. Scale 0: it stands still. */
export interface Segment {
  readonly realAt: Instant;
  readonly actAt: Instant;
  readonly scale: number;
}

/** A live incident has one segment of scale 1, for ever (design, section 5). */
export const liveClock = (declaredAt: Instant): Segment[] => [{ realAt: declaredAt, actAt: declaredAt, scale: 1 }];

function last(clock: readonly Segment[]): Segment {
  const segment = clock.at(-1);
  if (!segment) throw new Error('A clock has at least one segment.');
  return segment;
}

/** What the incident's clock shows at a real instant. */
export function actTime(clock: readonly Segment[], realMs: number): Instant {
  const { realAt, actAt, scale } = last(clock);
  return toInstant(toMs(actAt) + Math.round((realMs - toMs(realAt)) * scale));
}

/** Real milliseconds until the clock shows `due`; 0 when it already does; undefined while the clock stands still before it. */
export function realMsUntil(clock: readonly Segment[], due: Instant, realMs: number): number | undefined {
  const left = toMs(due) - toMs(actTime(clock, realMs));
  if (left <= 0) return 0;
  const { scale } = last(clock);
  return scale === 0 ? undefined : Math.ceil(left / scale);
}
