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
import type { Journal, SendOutcome } from '../../activities/ports.js';
import { takeFolder } from './folder-lock.js';

export interface OpenJournal extends Journal {
  /** Writes what is pending to the disk and gives the folder free. */
  close(): void;
}

export interface JournalOptions {
  /** A durable folder, on a local disk, of this process alone. Made when it is not there. */
  readonly folder: string;
  /** How often the records are forced to the disk, in ms. Between two times only a power failure can lose them, never a killed process. */
  readonly syncMs?: number;
  /** The file is written anew without what is forgotten when it has grown by this much. */
  readonly compactAfterBytes?: number;
}

const KEY = /^[A-Za-z0-9][A-Za-z0-9/_.:#-]*$/; // ids only: an address cannot be a key
const WORD = /^[A-Za-z0-9.:-]+$/;
const HANDED = 'handed';
type State = typeof HANDED | SendOutcome;

const splitKey = (key: string): [group: string, leaf: string] => {
  const slash = key.lastIndexOf('/');
  return [key.slice(0, slash), key.slice(slash + 1)];
};

/**
 * Append-only, one line a record: `H key` before the final dot leaves, `A key {outcome}` when the answer is in, `F group` when the
 * group's outcomes are safe elsewhere, `N key word` for what a message was made with. The last record of a key counts. Each record is one write: what was written before a `kill -9`
 * is there afterwards; a torn last line is as if it had never been begun.
 */
export function openJournal({
  folder,
  syncMs = 50,
  compactAfterBytes = 16 * 1024 * 1024,
}: JournalOptions): OpenJournal {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, 'mail.journal');
  const lock = join(folder, 'mail.journal.lock');
  takeFolder(lock, 'The mail journal', 'Give each worker a journal folder of its own');

  const groups = new Map<string, Map<string, State>>();
  const words = new Map<string, string>();
  const note = (key: string, state: State): void => {
    const [group, leaf] = splitKey(key);
    const leaves = groups.get(group) ?? new Map<string, State>();
    groups.set(group, leaves.set(leaf, state));
  };
  if (existsSync(file)) {
    for (const line of readFileSync(file, 'utf8').split('\n').slice(0, -1)) readRecord(line, note, groups, words);
  }

  let fd = compact();
  let grown = 0;
  let unsynced = false;
  let torn = false;
  const timer = setInterval(sync, syncMs);
  timer.unref();

  /** Everything that is still known, into a new file that takes the old one's place at once. */
  function compact(): number {
    const next = `${file}.next`;
    const out = openSync(next, 'w', 0o600);
    for (const [group, leaves] of groups) {
      for (const [leaf, state] of leaves) writeSync(out, record(`${group}/${leaf}`, state));
    }
    for (const [key, word] of words) writeSync(out, `N ${key} ${word}\n`);
    fsyncSync(out);
    closeSync(out);
    renameSync(next, file);
    const directory = openSync(folder, 'r');
    fsyncSync(directory);
    closeSync(directory);
    return openSync(file, 'a', 0o600);
  }

  function sync(): void {
    if (unsynced) fsyncSync(fd);
    unsynced = false;
  }

  function append(line: string): void {
    const bytes = Buffer.from(torn ? `\n${line}` : line); // a line of its own, also after a write that failed half-way
    torn = true;
    if (writeSync(fd, bytes) !== bytes.length)
      throw new Error('The mail journal could not be written in full: is the disk full?');
    torn = false;
    unsynced = true;
    grown += bytes.length;
    if (grown < compactAfterBytes) return;
    const old = fd;
    fd = compact();
    closeSync(old);
    grown = 0;
  }

  const checked = (key: string): string => {
    if (!KEY.test(key) || !key.includes('/'))
      throw new Error('A journal key is a path of ids such as notice/BR-7K3M-9QXD/1/DE-BY.');
    return key;
  };

  return {
    handed(key) {
      append(record(checked(key), HANDED));
      note(key, HANDED);
    },
    answered(key, outcome) {
      append(record(checked(key), outcome));
      note(key, outcome);
    },
    state(key) {
      const [group, leaf] = splitKey(checked(key));
      return groups.get(group)?.get(leaf) ?? 'none';
    },
    note(key, word) {
      if (!WORD.test(word)) throw new Error('A note in the journal is one word of ids and hashes.');
      append(`N ${checked(key)} ${word}\n`);
      words.set(key, word);
    },
    noted: (key) => words.get(checked(key)) ?? null,
    forget(group) {
      if (!groups.has(checked(group))) return;
      append(`F ${group}\n`);
      groups.delete(group);
    },
    close() {
      clearInterval(timer);
      sync();
      closeSync(fd);
      rmSync(lock, { force: true });
    },
  };
}

const record = (key: string, state: State): string =>
  state === HANDED ? `H ${key}\n` : `A ${key} ${JSON.stringify(state)}\n`;

function readRecord(
  line: string,
  note: (key: string, state: State) => void,
  groups: Map<string, unknown>,
  words: Map<string, string>,
): void {
  const [kind, key = '', ...rest] = line.split(' ');
  if (!KEY.test(key)) return; // damaged by a power failure: as if it were not there
  if (kind === 'H') note(key, HANDED);
  if (kind === 'F') groups.delete(key);
  if (kind === 'N' && rest[0] !== undefined && WORD.test(rest[0])) words.set(key, rest[0]);
  if (kind !== 'A') return;
  try {
    const outcome = JSON.parse(rest.join(' ')) as SendOutcome;
    if (typeof outcome.state === 'string') note(key, outcome);
  } catch {
    // A damaged answer counts as none: the message becomes ambiguous, which is the safe side.
  }
}
