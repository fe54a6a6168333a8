import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { HOUR_MS, msBetween } from '../domain/clock/instant.js';
import { type TimelineLine, timelineLine } from '../domain/drill/timeline.js';
import type { IncidentEvent } from '../domain/incident/events.js';
import { evolve } from '../domain/incident/evolve.js';
import type { IncidentState } from '../domain/incident/state.js';
import { localText } from '../formats/instants.js';
import { refused } from './exit.js';
import { type Terminal, wrap } from './terminal.js';

/** The drill side of a local stack, as `up` started it. */
export interface DrillSide {
  readonly url: string;
  readonly keys: Readonly<Record<'facilitator' | 'dpo' | 'auditor', string>>;
  readonly dir: string;
  readonly mailDir: string;
}

export interface Played {
  readonly incident: string;
  /** Every duty that the scenario expects ended as it should, and in time. */
  readonly met: boolean;
  readonly folder: string;
  readonly missed: readonly string[];
  /** Act time from the first event to the last, in whole hours. */
  readonly actHours: number;
}

const POLL_MS = 150;
const PLAY_WITHIN_MS = 5 * 60_000;

/** Plays a scenario on the drill side and tells it live; at the end everything that was made lies in one folder. */
export async function playScenario(
  source: string,
  expected: Readonly<Record<string, string>>,
  zone: string,
  side: DrillSide,
  terminal: Terminal,
): Promise<Played> {
  const api = caller(side.url, side.keys.facilitator);
  const mailBefore = new Set(mails(side.mailDir));
  const started = await api<{ incident: string }>('POST', '/v1/drills', { scenario: source });
  const { incident } = started;
  const tell = teller(zone, terminal);
  const { events, state } = await follow(incident, api, (line) => {
    for (const text of tell(line)) terminal.out(text);
  });

  const folder = join(side.dir, 'runs', incident);
  mkdirSync(join(folder, 'messages'), { recursive: true });
  writeFileSync(
    join(folder, 'timeline.txt'),
    `${timeline(events)
      .map(({ line }) => plain(line, zone))
      .join('\n')}\n`,
  );
  await keepNotices(folder, incident, state, side);
  await keepRegister(folder, incident, side);
  for (const name of mails(side.mailDir))
    if (!mailBefore.has(name)) copyFileSync(join(side.mailDir, name), join(folder, 'messages', name));

  const missed = Object.entries(expected).flatMap(([duty, wanted]) => {
    const found = state.duties.find((d) => d.id === duty)?.state ?? 'not opened';
    return found === wanted ? [] : [`${duty}: ${found}, expected ${wanted}`];
  });
  const actHours = Math.round(
    msBetween(events[0]?.at ?? state.declaredAt, events.at(-1)?.at ?? state.declaredAt) / HOUR_MS,
  );
  return { incident, met: missed.length === 0 && state.phase === 'closed', folder, missed, actHours };
}

type Call = <T>(method: 'GET' | 'POST', path: string, body?: unknown) => Promise<T>;

const caller =
  (url: string, key: string): Call =>
  async <T>(method: 'GET' | 'POST', path: string, body?: unknown): Promise<T> => {
    const answer = await fetch(`${url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${key}`,
        ...(method === 'POST' && {
          'content-type': 'application/json',
          'idempotency-key': randomBytes(16).toString('hex'),
        }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    if (!answer.ok)
      throw refused(
        [`The drill side answered ${answer.status} to ${method} ${path}: ${(await answer.text()).slice(0, 500)}`],
        ['seventytwo doctor'],
      );
    return (await answer.json()) as T;
  };

interface LedgerPage {
  readonly entries: readonly IncidentEvent[];
}

/** Reads the ledger as it grows, until the incident is closed or withdrawn. */
async function follow(
  incident: string,
  api: Call,
  tell: (line: TimelineLine) => void,
): Promise<{ events: IncidentEvent[]; state: IncidentState }> {
  const events: IncidentEvent[] = [];
  let state: IncidentState | null = null;
  const until = Date.now() + PLAY_WITHIN_MS;
  for (;;) {
    const { entries } = await api<LedgerPage>(
      'GET',
      `/v1/incidents/${incident}/ledger?fromSeq=${events.length + 1}`,
    ).catch((error: unknown) => {
      if (events.length === 0 && Date.now() < until) return { entries: [] }; // its first entries are on their way
      throw error;
    });
    for (const event of entries) {
      state = evolve(state, event);
      events.push(event);
      tell(timelineLine(event, state));
    }
    if (state && (state.phase === 'closed' || state.phase === 'withdrawn')) return { events, state };
    if (Date.now() > until)
      throw refused(
        [`The drill ${incident} did not end within ${PLAY_WITHIN_MS / 60_000} minutes.`],
        [`seventytwo status ${incident}`],
      );
    await delay(POLL_MS);
  }
}

function timeline(events: readonly IncidentEvent[]): { line: TimelineLine }[] {
  let state: IncidentState | null = null;
  return events.map((event) => {
    state = evolve(state, event);
    return { line: timelineLine(event, state) };
  });
}

const clockOf = (line: TimelineLine, zone: string): string =>
  /^(\S+ \d+ \S+) \d{4} (\d{2}:\d{2})/.exec(localText(zone, line.at))?.slice(1, 3).join(' ') ?? line.at;
function leftOf(line: TimelineLine): string {
  if (line.hoursLeft === null) return '';
  const minutes = Math.round(Math.abs(line.hoursLeft) * 60);
  return `${line.hoursLeft < 0 ? '+' : ''}${Math.floor(minutes / 60)}h${String(minutes % 60).padStart(2, '0')}`;
}

const plain = (line: TimelineLine, zone: string): string =>
  `${clockOf(line, zone).padEnd(17)} ${leftOf(line).padStart(6)}  ${line.who.padEnd(WHO)} ${line.says}`;

const MARK = { quiet: ' ', plain: '·', good: '✓', alarm: '!', inject: '»' } as const;
const WHO = 11;
const BEFORE = ' 02:40   72h00  ! facilitator '.length;

/** For the eye, in the width there is: the day once, then act time, hours left, who, what. */
function teller(zone: string, { paint, width }: Terminal): (line: TimelineLine) => string[] {
  let day = '';
  return (line) => {
    if (line.tone === 'quiet') return [];
    const colour = { plain: (text: string) => text, good: paint.green, alarm: paint.red, inject: paint.yellow }[
      line.tone
    ];
    const [, today = '', time = ''] = /^(.*) (\S+)$/.exec(clockOf(line, zone)) ?? [];
    const [first = '', ...others] = wrap(line.says, width - BEFORE);
    const head = day === today ? [] : [...(day === '' ? [] : ['']), paint.bold(today)];
    day = today;
    return [
      ...head,
      ` ${paint.dim(time)}  ${paint.bold(leftOf(line).padStart(6))}  ${colour(MARK[line.tone])} ${paint.dim(line.who.padEnd(WHO))} ${colour(first)}`,
      ...others.map((text) => `${' '.repeat(BEFORE)}${colour(text)}`),
    ];
  };
}

const mails = (dir: string): string[] =>
  readdirSync(dir, { withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.eml'))
    .map((entry) => entry.name);

async function keepNotices(folder: string, incident: string, state: IncidentState, side: DrillSide): Promise<void> {
  for (const notice of state.notices.filter((n) => n.approved)) {
    for (const { authority } of Object.values(notice.deliveries)) {
      for (const format of ['pdf', 'json'] as const) {
        const answer = await fetch(
          `${side.url}/v1/incidents/${incident}/notices/${authority}/${notice.phase}.${format}`,
          { headers: { authorization: `Bearer ${side.keys.dpo}` } },
        );
        if (!answer.ok)
          throw refused(
            [`The notice ${authority}/${notice.phase}.${format} could not be read (${answer.status}).`],
            [],
          );
        writeFileSync(
          join(folder, `notice-${authority}-${notice.phase}.${format}`),
          new Uint8Array(await answer.arrayBuffer()),
        );
      }
    }
  }
}

async function keepRegister(folder: string, incident: string, side: DrillSide): Promise<void> {
  const { entries } = await caller(side.url, side.keys.auditor)<{ entries: readonly { incident: string }[] }>(
    'GET',
    '/v1/register.json',
  );
  const entry = entries.find((line) => line.incident === incident);
  if (!entry) throw refused([`The exercise register has no entry for ${incident}.`], []);
  writeFileSync(join(folder, 'register.json'), `${JSON.stringify(entry, null, 2)}\n`);
}

export const scenarioSource = (file: string): string => readFileSync(file, 'utf8');
