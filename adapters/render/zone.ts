import type { OffsetMs } from '../../domain/clock/deadlines.js';
import { offsetMs } from '../../formats/instants.js';

/** A zone that this machine does not know is no reason not to file: then the notice shows UTC alone. */
export const knownOffsetMs: OffsetMs = (zone, instant) => {
  try {
    return offsetMs(zone, instant);
  } catch (error) {
    if (error instanceof RangeError) return 0;
    throw error;
  }
};
