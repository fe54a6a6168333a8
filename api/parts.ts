import type { ClockLook } from './clocks.js';
import type { ApiDeps } from './ports.js';
import type { Reads } from './reads.js';
import type { Settings } from './setting.js';

/** What the handlers of every subject are made from. */
export interface Parts {
  readonly deps: ApiDeps;
  readonly reads: Reads;
  readonly clocks: ClockLook;
  readonly settings: Settings;
}
