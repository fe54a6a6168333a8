import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { temporal } from '@temporalio/proto';
import type { IncidentEvent } from '../../domain/incident/events.js';
import type { IncidentState } from '../../domain/incident/state.js';

/** Recorded lives: what Temporal kept of every run, sealed, and the ledger that came of it. */

/** PUBLIC. It seals made-up incidents only, so that anybody can replay them. */
export const PUBLIC_TEST_KEY = Buffer.from('seventytwo/public-test-key/32-by');

export const HISTORIES = fileURLToPath(new URL('./histories', import.meta.url));
const PROVENANCE = fileURLToPath(new URL('./provenance.json', import.meta.url));
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export interface RecordedRun {
  readonly workflowId: string;
  readonly runId: string;
  readonly history: RecordedHistory;
}
/** temporal.api.history.v1.History as protobufjs writes objects: enums by name, bytes in base64. Without the names of machines. */
export type RecordedHistory = Readonly<Record<string, unknown>>;

const { History } = temporal.api.history.v1;
type History = temporal.api.history.v1.IHistory;
/**
 * Not the SDK's historyToJSON: that one compares classes of protobufjs, of which this installation holds several copies, and throws.
 * @returns plain JSON; `historyFromJson` gives an equal history back
 */
export const historyToJson = (history: History): RecordedHistory =>
  History.toObject(History.fromObject(history), { enums: String, longs: String, bytes: String });
export const historyFromJson = (json: RecordedHistory): temporal.api.history.v1.History => History.fromObject(json);

export interface Recording {
  readonly incident: string;
  readonly runs: readonly RecordedRun[];
  readonly ledger: readonly IncidentEvent[];
  /** What a person would say of the end; pinned in words that a wider state does not change. */
  readonly ended: Ending;
}
export interface Ending {
  readonly seq: number;
  readonly phase: string;
  readonly duties: Readonly<Record<string, string>>;
}
export const endingOf = (state: IncidentState): Ending => ({
  seq: state.seq,
  phase: state.phase,
  duties: Object.fromEntries(state.duties.map((d) => [d.id, d.state])),
});

export interface Provenance {
  readonly sha256: string;
  readonly revision: string;
  /** SHA-256 over path and content of every file in workflows/ and domain/, in order of path. */
  readonly sourcesSha256: string;
  readonly node: string;
  readonly temporalSdk: string;
}

const sha256 = (...parts: (string | Buffer)[]): string => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
};

export const recordedFiles = (): string[] =>
  readdirSync(HISTORIES)
    .filter((name) => name.endsWith('.json'))
    .sort();
export const readRecording = (file: string): Recording =>
  JSON.parse(readFileSync(join(HISTORIES, file), 'utf8')) as Recording;
export const fileSha256 = (file: string): string => sha256(readFileSync(join(HISTORIES, file)));
export const provenance = (): Record<string, Provenance> =>
  existsSync(PROVENANCE) ? (JSON.parse(readFileSync(PROVENANCE, 'utf8')) as Record<string, Provenance>) : {};

export function sourcesSha256(): string {
  const files = ['domain', 'workflows'].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => relative(ROOT, join(entry.parentPath, entry.name))),
  );
  return sha256(...files.sort().flatMap((file) => [`${file}\n`, readFileSync(join(ROOT, file))]));
}

/** Writes a recording that is not there yet, and where it came from. */
export function writeRecording(file: string, recording: Recording): void {
  if (existsSync(join(HISTORIES, file)))
    throw new Error(`${file} is recorded already; a recording is never replaced (see README.md).`);
  writeFileSync(join(HISTORIES, file), `${JSON.stringify(recording)}\n`);
  const sdk = JSON.parse(readFileSync(join(ROOT, 'node_modules/@temporalio/worker/package.json'), 'utf8')) as {
    version: string;
  };
  const entry: Provenance = {
    sha256: fileSha256(file),
    revision: execFileSync('git', ['rev-parse', 'HEAD'], { cwd: ROOT, encoding: 'utf8' }).trim(),
    sourcesSha256: sourcesSha256(),
    node: process.version,
    temporalSdk: sdk.version,
  };
  const all = Object.entries({ ...provenance(), [file]: entry }).sort(([a], [b]) => (a < b ? -1 : 1));
  writeFileSync(PROVENANCE, `${JSON.stringify(Object.fromEntries(all), null, 2)}\n`);
}
