import { HOUR_MS, type Instant, MINUTE_MS, msBetween } from '../clock/instant.js';
import type { WatchMessage } from './alarms.js';
import type { Cause, Endangered, Finding } from './sight.js';

/** What an alarm of the watchdog says. Ids, instants and numbers only. */
export interface WatchText {
  readonly subject: string;
  /** One sentence: what is wrong, since when. */
  readonly says: string;
  /** One line for each incident: legal deadline and hours left. */
  readonly incidents: readonly string[];
  readonly next: string;
  readonly runbook: string;
}

export const MOST_NAMED = 50;
export const RUNBOOK = 'docs/runbooks/watchdog-alarm.md';

export function wordsOf({ kind, cause, begunAt, finding, at }: WatchMessage): WatchText {
  const runbook = `${RUNBOOK}#${cause}`;
  if (kind === 'over')
    return {
      subject: `Watchdog: over: ${TITLE[cause]}`,
      says: `Over: what the watchdog called about at ${shown(begunAt)} is no longer so at ${shown(at)}. It was: ${sentence(finding, at)}`,
      incidents: [],
      next: 'Nothing, if you know why. If not, look at the log of that time.',
      runbook,
    };
  const again = kind === 'again' ? 'Still: ' : kind === 'more' ? 'More: ' : '';
  const named = finding.incidents.slice(0, MOST_NAMED).map((one) => lineOf(one, at));
  const rest = finding.incidents.length - named.length;
  return {
    subject: `Watchdog: ${TITLE[cause]}${whom(finding)}`,
    says: `${again}${sentence(finding, at)}`,
    incidents: [...named, ...(rest > 0 ? [`and ${rest} more`] : [])],
    next: NEXT[cause],
    runbook,
  };
}

const TITLE: Readonly<Record<Cause, string>> = {
  overdue: 'a due time passed and the engine did not act',
  'not-in-engine': 'an open incident is not in the engine',
  'not-on-record': 'an incident is not on record',
  differs: 'engine and record disagree',
  'intake-waits': 'a declaration was not started',
  'stores-away': 'engine and database are silent',
  'temporal-away': 'the engine is silent',
  'mongo-away': 'the database is silent',
  'no-worker': 'no incident worker',
  'tasks-wait': 'work waits and no worker takes it',
  'no-mail-worker': 'no mail worker',
  'clock-off': "its clock or the database's is wrong",
};

const whom = ({ incidents }: Finding): string => {
  const [first] = incidents;
  if (!first) return '';
  return incidents.length === 1 ? `: ${first.id}` : `: ${first.id} and ${incidents.length - 1} more`;
};

function sentence({ cause, since, incidents, blind }: Finding, at: Instant): string {
  const n = incidents.length;
  const many = n === 1 ? (incidents[0]?.id ?? '') : `${n} incidents`;
  const ago = `since ${shown(since)} (${span(msBetween(since, at))})`;
  const open = n === 0 ? 'No incident is open.' : n === 1 ? `${many} is open.` : `${many} are open.`;
  switch (cause) {
    case 'overdue':
      return blind
        ? `A due time of ${many} passed, ${ago}, and neither engine nor database can be asked whether anybody was called.`
        : `A due time of ${many} passed, ${ago}, and the engine has not acted: nobody may have been called.`;
    case 'not-in-engine':
      return `${many} ${n === 1 ? 'is' : 'are'} open and not in the engine, ${ago}: no clock runs for ${n === 1 ? 'it' : 'them'}.`;
    case 'not-on-record':
      return `${many} ${n === 1 ? 'runs' : 'run'} in the engine and ${n === 1 ? 'is' : 'are'} not on record, ${ago}.`;
    case 'differs':
      return `Engine and record tell different things of ${many}, ${ago}: another phase, or another next due time.`;
    case 'intake-waits':
      return `${n === 1 ? `The declaration ${many} was` : `${n} declarations were`} kept and not started, ${ago}: no clock runs for ${n === 1 ? 'it' : 'them'} and nobody was called.`;
    case 'stores-away':
      return `Neither the engine nor the database answers, ${ago}. ${open}`;
    case 'temporal-away':
      return `The engine does not answer, ${ago}: nobody is called when something is due. ${open}`;
    case 'mongo-away':
      return `The database does not answer, ${ago}: clocks and alarms go on, the record waits. ${open}`;
    case 'no-worker':
      return `No incident worker asks for work, ${ago}: nobody is called when something is due. ${open}`;
    case 'tasks-wait':
      return `Work of the engine waits and no incident worker takes it, ${ago}. ${open}`;
    case 'clock-off':
      return `The clocks of the watchdog and of the database differ by half a minute or more, ${ago}: one of them is wrong, and what the watchdog says of time may be.`;
    case 'no-mail-worker':
      return `A mailing waits and no mail worker asks for work, ${ago}.`;
  }
}

const NEXT: Readonly<Record<Cause, string>> = {
  overdue:
    'Look at each incident now and do by hand what is due; then wake the engine: are workers and Temporal running?',
  'not-in-engine': 'Start it again from its record: seventytwo rebuild.',
  'not-on-record': 'Look at the incident workers and the database: the record is behind, or was set back.',
  differs: 'Look at the incident workers and the database: the record is behind, or one store was set back.',
  'intake-waits': 'Is the API running (seventytwo serve)? It starts kept declarations every few seconds.',
  'stores-away': 'Bring Temporal and MongoDB back; until then this copy is the only clock. Act by the deadlines below.',
  'temporal-away': 'Bring Temporal back; until then act by the deadlines below.',
  'mongo-away': 'Bring MongoDB back. Approved notices are filed meanwhile.',
  'no-worker': 'Start one: seventytwo worker incident.',
  'tasks-wait':
    'Is the incident worker running, and has it enough room? Start another one: seventytwo worker incident.',
  'no-mail-worker': 'Start one: seventytwo worker mail.',
  'clock-off': 'Set both by NTP. Until then go by the deadlines, not by the hours left.',
};

function lineOf({ id, dueAt, deadline }: Endangered, at: Instant): string {
  const due = dueAt === null ? '' : `, due time ${shown(dueAt)}`;
  if (deadline === null) return `${id}: legal deadline not known here${due}`;
  const left = msBetween(at, deadline);
  const clock = left >= 0 ? `${span(left)} left` : `passed ${span(-left)} ago`;
  return `${id}: legal deadline ${shown(deadline)}, ${clock}${due}`;
}

/** With one decimal, rounded towards the past: never more than there are. */
export const hoursLeft = (deadline: Instant, at: Instant): number =>
  Math.floor((msBetween(at, deadline) / HOUR_MS) * 10) / 10;

const shown = (instant: Instant): string => `${instant.slice(0, 10)} ${instant.slice(11, 19)} UTC`;

function span(ms: number): string {
  if (ms < MINUTE_MS) return `${Math.floor(ms / 1_000)} s`;
  const minutes = Math.floor(ms / MINUTE_MS);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`;
}
