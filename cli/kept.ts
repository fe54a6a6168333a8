import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A command that was sent and has no answer yet. Holds hashes and an address of ours, never what was said. */
export interface Kept {
  readonly key: string;
  readonly at: string;
  readonly path: string;
}

const DAY_MS = 86_400_000;

/** 128 random bits in hex: names one intention, whether it is sent once or five times. */
export const newKey = (): string => randomBytes(16).toString('hex');
export const sha256Hex = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');

/**
 * Idempotency keys on disk, one small file each, written before the request leaves: after a lost answer, or a kill, the same
 * command finds its key again and cannot happen twice. They end after a day, so that an old one never swallows a new intention.
 */
export class KeptKeys {
  readonly folder: string;
  readonly #now: () => number;

  constructor(stateFolder: string, now: () => number = Date.now) {
    this.folder = join(stateFolder, 'unanswered');
    this.#now = now;
  }

  /** @param intent what makes two commands the same one: server, login, path and content */
  begin(intent: string, path: string): { kept: Kept; again: boolean; end: () => void } {
    const file = join(this.folder, `${sha256Hex(intent)}.json`);
    const former = this.#read(file);
    const kept = former ?? { key: newKey(), at: new Date(this.#now()).toISOString(), path };
    if (!former) {
      mkdirSync(this.folder, { recursive: true, mode: 0o700 });
      const temporary = `${file}.${process.pid}`;
      writeFileSync(temporary, `${JSON.stringify(kept)}\n`, { mode: 0o600 });
      renameSync(temporary, file);
    }
    return { kept, again: former !== null, end: () => rmSync(file, { force: true }) };
  }

  /** Everything that still waits for an answer, oldest first; what is older than a day is removed. */
  list(): Kept[] {
    if (!existsSync(this.folder)) return [];
    return readdirSync(this.folder)
      .filter((name) => name.endsWith('.json'))
      .flatMap((name) => this.#read(join(this.folder, name)) ?? [])
      .sort((a, b) => a.at.localeCompare(b.at));
  }

  #read(file: string): Kept | null {
    if (!existsSync(file)) return null;
    try {
      const kept = JSON.parse(readFileSync(file, 'utf8')) as Kept;
      if (typeof kept.key === 'string' && kept.key.length >= 16 && this.#now() - Date.parse(kept.at) < DAY_MS)
        return kept;
    } catch {
      // A file torn by a kill names no key that was ever sent: the request leaves only after the rename.
    }
    rmSync(file, { force: true });
    return null;
  }
}
