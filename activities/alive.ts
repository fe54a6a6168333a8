import { Context } from '@temporalio/activity';

const BEAT_MS = 1_000;

/** Heartbeats while `work` waits for a relay, so that a dead worker is noticed in seconds although an answer may take ten minutes. */
export async function whileAlive<T>(work: () => Promise<T>): Promise<T> {
  const context = Context.current();
  const beat = setInterval(() => context.heartbeat(), BEAT_MS);
  try {
    return await work();
  } finally {
    clearInterval(beat);
  }
}
