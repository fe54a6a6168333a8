import { randomBytes } from 'node:crypto';
import { closeSync, fstatSync, openSync, readFileSync, writeSync, fsyncSync } from 'node:fs';
import { KEY_BYTES } from './seal.js';

/** The master key could not be used. The message names the source and the remedy, never a byte of the key. */
export class MasterKeyProblem extends Error {
  override readonly name = 'MasterKeyProblem';
}

const REMEDY = 'Make one with: openssl rand -base64 32';

/** Base64 of exactly 32 bytes, white space around it allowed. @throws MasterKeyProblem */
export function parseMasterKey(text: string, source: string): Buffer {
  const trimmed = text.trim();
  const key = Buffer.from(trimmed, 'base64');
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(trimmed))
    throw new MasterKeyProblem(`${source} must be base64 of ${KEY_BYTES} bytes, got other characters. ${REMEDY}`);
  if (key.length !== KEY_BYTES)
    throw new MasterKeyProblem(`${source} must be base64 of ${KEY_BYTES} bytes, got ${key.length} bytes. ${REMEDY}`);
  return key;
}

/** Reads a key file. One that others may read is refused: its key must count as known. @throws MasterKeyProblem */
export function readMasterKeyFile(path: string): Buffer {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
    throw new MasterKeyProblem(
      `The master key file ${path} cannot be read (${code}). ${REMEDY} and store it there with mode 0600.`,
    );
  }
  try {
    const mode = fstatSync(file).mode & 0o777; // of the file that is open, not of what the path names by now
    if (mode !== 0o600) {
      throw new MasterKeyProblem(
        `The master key file ${path} has mode 0${mode.toString(8)}, it must be 0600. If others could read it, replace the key; then: chmod 600 ${path}`,
      );
    }
    return parseMasterKey(readFileSync(file, 'utf8'), `The master key file ${path}`);
  } finally {
    closeSync(file);
  }
}

/** Writes a new key file with mode 0600. Never overwrites: everything sealed under the old key would be lost. @throws MasterKeyProblem */
export function createMasterKeyFile(path: string): Buffer {
  const key = randomBytes(KEY_BYTES);
  let file: number;
  try {
    file = openSync(path, 'wx', 0o600);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
    const why =
      code === 'EEXIST' ? 'is there already; everything sealed under it would be lost' : `cannot be written (${code})`;
    throw new MasterKeyProblem(`The master key file ${path} ${why}.`);
  }
  try {
    writeSync(file, `${key.toString('base64')}\n`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  return key;
}
