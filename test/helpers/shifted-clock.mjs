// Loaded before everything else into a process under test: its wall clock is off by so many milliseconds. Timers run as ever.
const byMs = Number(process.env.TEST_CLOCK_AHEAD_MS ?? 0);
const Real = Date;
globalThis.Date = class Date extends Real {
  constructor(...given) {
    if (given.length === 0) super(Real.now() + byMs);
    else super(...given);
  }
  static now() {
    return Real.now() + byMs;
  }
};
