/** A program the local stack runs or was pointed at. */
export interface Engine {
  /** Temporal `host:port`, MongoDB `mongodb://…`, the catcher `smtp://…`. */
  readonly url: string;
  /** Absent for an engine that somebody else runs, and for the catcher, which lives in this process. */
  readonly pid: number | undefined;
  /** In words, which program this is and where it came from. */
  readonly how: string;
  /** Asks it to end (SIGTERM), waits ten seconds, then insists. Twice is harmless. An engine of somebody else goes on. */
  readonly stop: () => Promise<void>;
  /** Resolves when the process has ended, for whatever reason; absent where there is none of ours. */
  readonly ended?: Promise<void>;
  /** SIGKILL, now. The folder keeps its data; start again with the same folder and port. */
  readonly kill: () => void;
}

export interface EngineOptions {
  /** Where the engine keeps everything; one engine per folder at a time. */
  readonly dataDir: string;
  readonly log?: ((line: string) => void) | undefined;
  /** This port and no other; without it a free one is taken. */
  readonly port?: number | undefined;
  /** This port if it is free, else a free one. */
  readonly preferPort?: number | undefined;
  /** Read instead of the environment of this process (PATH, HOME, SEVENTYTWO_*). */
  readonly env?: NodeJS.ProcessEnv | undefined;
}

/** Something the operator can put right; the message says how. */
export class StackError extends Error {
  override readonly name = 'StackError';
}
