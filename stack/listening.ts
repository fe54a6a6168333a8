import { setTimeout as delay } from 'node:timers/promises';
import { StackError } from './engine.js';
import { freePort, isPortFree } from './ports.js';

/** A process that was started to listen on a port. */
export interface Listening {
  /** As a sentence begins with it: `The live side`. */
  readonly name: string;
  readonly ended: Promise<number | null>;
  /** It has said itself that it listens. */
  readonly listens: Promise<true>;
  hasEnded(): boolean;
  stop(): Promise<void>;
  readonly logFile: string;
}

export const READY_WITHIN_MS = 90_000;
const PORT_TRIES = 5;

/**
 * Starts it on the usual port, or on a free one. A port that was free may be another stack's a moment later, and that one would answer in
 * our name: only the process's own word that it listens counts. Where somebody was faster, another port is tried. @throws StackError
 */
export async function startListening<T extends Listening>(
  usual: number,
  start: (port: number) => T,
): Promise<{ child: T; port: number }> {
  for (let attempt = 1; ; attempt++) {
    const port = attempt === 1 && (await isPortFree(usual)) ? usual : await freePort();
    const child = start(port);
    const late = delay(READY_WITHIN_MS, false, { ref: false });
    if (await Promise.race([child.listens, child.ended.then(() => false), late])) return { child, port };
    const ended = child.hasEnded();
    await child.stop();
    if (ended && attempt < PORT_TRIES && !(await isPortFree(port))) continue;
    throw neverReady(child, ended);
  }
}

export const neverReady = ({ name, logFile }: Listening, ended: boolean): StackError =>
  new StackError(
    `${name} ${ended ? 'ended' : `was not ready within ${READY_WITHIN_MS / 1_000} s`}. Its last words are in ${logFile}.`,
  );
