import type { Clocks } from '../domain/watch/clockless.js';
import type { ApiDeps } from './ports.js';

const WAIT_MS = 1_000;
/** Anybody may ask /readyz: while all is well the stores are asked at most this often. */
const FRESH_MS = 5_000;
/** A look that takes longer than anybody waits, as after a great loss, must not hide what the look before it found. */
const STILL_TOLD_MS = 30_000;

/** Whether clocks run, beside an answer that is due in any case: null when a store does not say so within a second. Nothing rejects. */
export interface ClockLook {
  readonly all: () => Promise<Clocks | null>;
  /** Whether this open incident has none. */
  readonly lacking: (incident: string) => Promise<boolean | null>;
}

export function createClockLook({ clocks, limits }: Pick<ApiDeps, 'clocks' | 'limits'>): ClockLook {
  const waitMs = limits?.clocksMs ?? WAIT_MS;
  let asking: Promise<Clocks> | undefined;
  let last: { readonly found: Clocks; readonly at: number } | undefined;
  const lastWithin = (ms: number): Clocks | undefined =>
    last && performance.now() - last.at < ms ? last.found : undefined;

  async function look(): Promise<Clocks> {
    const open = await clocks.open();
    const found = { open: open.length, without: open.length === 0 ? [] : await clocks.without(open) };
    last = { found, at: performance.now() };
    return found;
  }

  return {
    /** An alarm is looked at anew each time, and told from a copy only when the look is slow: whoever has just rebuilt must see it gone. */
    async all() {
      const copy = lastWithin(FRESH_MS);
      if (copy?.without.length === 0) return copy;
      asking ??= look().finally(() => {
        asking = undefined;
      });
      const found = await within(waitMs, asking);
      const before = lastWithin(STILL_TOLD_MS);
      return found ?? (before && before.without.length > 0 ? before : null);
    },
    async lacking(incident) {
      const without = await within(waitMs, clocks.without([incident]));
      return without && without.length > 0;
    },
  };
}

async function within<T>(ms: number, asked: Promise<T>): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(resolve, ms, null);
  });
  const found = asked.catch(() => null); // a store is away: it is not known, and said so
  try {
    return await Promise.race([found, late]);
  } finally {
    clearTimeout(timer);
  }
}
