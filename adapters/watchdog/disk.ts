import { createHash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Alarms } from '../../domain/watch/alarms.js';
import { CAUSES, type Cause, type Copy, EMPTY_COPY } from '../../domain/watch/sight.js';
import { takeFolder } from '../mail/folder-lock.js';

/** All that must outlive a kill: the due times, and which alarms were told. */
export interface Kept {
  readonly copy: Copy;
  readonly alarms: Alarms;
}

export interface WatchDisk {
  read(): Kept;
  /** Whole or not at all, and on the disk when this returns. Does nothing when nothing changed. */
  write(kept: Kept): void;
  /** Alarms that somebody acknowledged by a file; each file is taken once. Null: all of them. */
  takeAcknowledged(): readonly (Cause | null)[];
  /** Gives the folder free. */
  close(): void;
}

const FORMAT = 1;
const NAMES = ['copy.json', 'copy.json.next', 'copy.json.before'] as const;

/**
 * One file of ids, phases and instants with its own checksum. It is written beside the old one and takes its place at once; the one
 * before stays, so that a file that the disk has damaged leaves the one of a moment ago. @throws FolderInUse
 */
export function openWatchDisk(folder: string): WatchDisk {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const lock = join(folder, 'watchdog.lock');
  takeFolder(lock, "The watchdog's folder", 'Give each watchdog a folder of its own');
  const [file = '', next = '', former = ''] = NAMES.map((name) => join(folder, name));
  let last = newest(folder);
  let lastBody = last ? bodyOf(last.kept) : '';

  return {
    read: () => last?.kept ?? { copy: EMPTY_COPY, alarms: {} },
    write(kept) {
      const body = bodyOf(kept);
      if (body === lastBody) return;
      const number = (last?.number ?? 0) + 1;
      const out = openSync(next, 'w', 0o600);
      try {
        const bytes = Buffer.from(
          `${JSON.stringify({ format: FORMAT, number, sha256: sha256(`${number} ${body}`) })}\n${body}\n`,
        );
        if (writeSync(out, bytes) !== bytes.length)
          throw new Error('The copy of due times could not be written in full: is the disk full?');
        fsyncSync(out);
      } finally {
        closeSync(out);
      }
      if (existsSync(file)) renameSync(file, former);
      renameSync(next, file);
      const directory = openSync(folder, 'r');
      fsyncSync(directory);
      closeSync(directory);
      last = { number, kept };
      lastBody = body;
    },
    takeAcknowledged() {
      return [null, ...CAUSES].filter((cause) => {
        const path = join(folder, cause === null ? 'acknowledge' : `acknowledge.${cause}`);
        if (!existsSync(path)) return false;
        rmSync(path, { force: true });
        return true;
      });
    },
    close: () => rmSync(lock, { force: true }),
  };
}

const bodyOf = ({ copy, alarms }: Kept): string => JSON.stringify({ copy, alarms });
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** The newest whole one of the files that a kill or a torn write may have left. */
function newest(folder: string): { number: number; kept: Kept } | null {
  const whole = NAMES.map((name) => readWhole(join(folder, name))).filter((one) => one !== null);
  return whole.sort((a, b) => b.number - a.number)[0] ?? null;
}

function readWhole(path: string): { number: number; kept: Kept } | null {
  if (!existsSync(path)) return null;
  const [head = '', body = ''] = readFileSync(path, 'utf8').split('\n');
  try {
    const { format, number, sha256: wanted } = JSON.parse(head) as { format: number; number: number; sha256: string };
    if (format !== FORMAT || wanted !== sha256(`${number} ${body}`)) return null;
    return { number, kept: JSON.parse(body) as Kept };
  } catch {
    return null; // torn: the one before counts
  }
}
