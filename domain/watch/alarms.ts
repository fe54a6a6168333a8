import { type Instant, msBetween } from '../clock/instant.js';
import type { Patience } from './patience.js';
import { CAUSES, type Cause, type Finding } from './sight.js';

/** One alarm, from its first finding to its end. Kept on disk, so that a restart neither loses nor doubles it. */
export interface Sounding {
  readonly cause: Cause;
  /** When this alarm began; another one of the same cause has another begin. */
  readonly begunAt: Instant;
  readonly finding: Finding;
  /** Messages that a channel took. */
  readonly times: number;
  readonly toldAt: Instant | null;
  /** What those messages named: incident and due time. */
  readonly told: readonly string[];
  readonly acknowledgedAt: Instant | null;
  readonly goneSince: Instant | null;
}
export type Alarms = Readonly<Partial<Record<Cause, Sounding>>>;

export interface WatchMessage {
  /** The same message has the same key at every attempt, so that a receiver can drop a repeat. */
  readonly key: string;
  /** `more`: further incidents, or a further due time of one. `again`: a repetition. `over`: the cause is gone. */
  readonly kind: 'alarm' | 'more' | 'again' | 'over';
  readonly cause: Cause;
  readonly begunAt: Instant;
  readonly finding: Finding;
  readonly at: Instant;
}

/** What the alarms are after a round, and what must be told now: one message for each cause. Nothing counts as told before `delivered`. */
export function sound(
  before: Alarms,
  { findings, unseen }: { findings: readonly Finding[]; unseen: readonly Cause[] },
  at: Instant,
  patience: Patience,
): { alarms: Alarms; messages: WatchMessage[] } {
  const alarms: Partial<Record<Cause, Sounding>> = {};
  const messages: WatchMessage[] = [];
  for (const cause of CAUSES) {
    const finding = findings.find((f) => f.cause === cause);
    const was = before[cause];
    const now = finding ? sounding(was, finding, at) : was && fading(was, unseen.includes(cause), at, patience);
    if (!now) continue;
    alarms[cause] = now;
    const kind = finding ? kindDue(now, at, patience) : isOver(now, at, patience) ? 'over' : null;
    if (kind) messages.push(messageOf(now, kind, at));
  }
  return { alarms, messages };
}

const sounding = (was: Sounding | undefined, finding: Finding, at: Instant): Sounding =>
  was
    ? { ...was, finding, goneSince: null }
    : {
        cause: finding.cause,
        begunAt: at,
        finding,
        times: 0,
        toldAt: null,
        told: [],
        acknowledgedAt: null,
        goneSince: null,
      };

/** Not found in this round. What nobody could look at is not gone; what was never told ends without a word. */
function fading(was: Sounding, unseen: boolean, at: Instant, patience: Patience): Sounding | undefined {
  if (unseen) return was;
  const now = { ...was, goneSince: was.goneSince ?? at };
  return now.toldAt === null && isOver(now, at, patience) ? undefined : now;
}

const isOver = ({ goneSince }: Sounding, at: Instant, { calmMs }: Patience): boolean =>
  goneSince !== null && msBetween(goneSince, at) >= calmMs;

export const entriesOf = ({ incidents }: Finding): string[] =>
  incidents.map(({ id, dueAt }) => `${id}@${dueAt ?? '-'}`);

function kindDue(now: Sounding, at: Instant, patience: Patience): WatchMessage['kind'] | null {
  if (now.toldAt === null) return 'alarm';
  if (hasMore(now)) return 'more';
  const [from, waitMs] =
    now.acknowledgedAt === null
      ? [now.toldAt, patience.repeatMs]
      : [latest(now.toldAt, now.acknowledgedAt), patience.repeatAcknowledgedMs];
  return msBetween(from, at) >= waitMs ? 'again' : null;
}

/** A silent engine is told once, however many incidents open meanwhile; of what endangers single incidents each one counts. */
function hasMore({ cause, finding, told }: Sounding): boolean {
  if (EVERYBODYS.has(cause)) return false;
  const known = new Set(told);
  return entriesOf(finding).some((entry) => !known.has(entry));
}
const EVERYBODYS: ReadonlySet<Cause> = new Set([
  'stores-away',
  'temporal-away',
  'mongo-away',
  'no-worker',
  'tasks-wait',
  'no-mail-worker',
  'clock-off',
]);
const latest = (a: Instant, b: Instant): Instant => (a > b ? a : b);

const messageOf = (now: Sounding, kind: WatchMessage['kind'], at: Instant): WatchMessage => ({
  key: [now.cause, now.begunAt, now.times + 1, kind, ...(kind === 'more' ? entriesOf(now.finding) : [])].join('/'),
  kind,
  cause: now.cause,
  begunAt: now.begunAt,
  finding: now.finding,
  at,
});

/** A channel took it. News of further incidents asks for an answer of its own. */
export function delivered(alarms: Alarms, { cause, begunAt, kind, finding, at }: WatchMessage): Alarms {
  const was = alarms[cause];
  if (!was || was.begunAt !== begunAt) return alarms;
  if (kind === 'over') return Object.fromEntries(Object.entries(alarms).filter(([key]) => key !== cause));
  const told = [...new Set([...was.told, ...entriesOf(finding)])];
  const acknowledgedAt = kind === 'more' ? null : was.acknowledgedAt;
  return { ...alarms, [cause]: { ...was, times: was.times + 1, toldAt: at, told, acknowledgedAt } };
}

/** Somebody has it: no repetition for hours, unless more comes. Null: all that sound. */
export function acknowledge(alarms: Alarms, cause: Cause | null, at: Instant): Alarms {
  return Object.fromEntries(
    Object.entries(alarms).map(([key, was]) => [
      key,
      cause === null || key === cause ? { ...was, acknowledgedAt: at } : was,
    ]),
  );
}
