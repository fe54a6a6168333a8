import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import { actTime } from '../../domain/clock/segments.js';
import type { RecipientState } from '../../activities/ports.js';
import type { IncidentEvent } from '../../domain/incident/events.js';
import { fold } from '../../domain/incident/evolve.js';
import { hasEntry, registerEntry } from '../../domain/incident/register-entry.js';
import type { IncidentState, Milestone } from '../../domain/incident/state.js';
import type { CaughtMessage } from '../../stack/catcher.js';
import { type Acknowledged, until, type World } from '../helpers/processes.js';
import { clockProblems, journalProblems, recordProblems, sideProblems } from './invariants.js';
import { addressOf } from './kills-play.js';

/**
 * What must be true of every incident after whatever was killed, frozen, cut off or lost, once it has come to rest. One call for one
 * incident, `await check(world, id, kills)`; one for the whole side, `await checkSide(world)`. They read ledger, view, register, outcomes,
 * journals, the catcher and the clock, and throw where one of these does not hold:
 *
 * - no acknowledged command is lost: each key that `world.told` was answered to is on record, once
 * - no milestone is missed, double, early, or later than `awayMs` explains; each that was owed has woken people
 * - no message is lost; a second copy is the same to the byte and flagged; not more copies than `kills`
 * - the chain verifies, and view, register and the engine's state are its fold
 * - live and drill are apart
 */

const eventsOf = <T extends IncidentEvent['type']>(events: readonly IncidentEvent[], type: T) =>
  events.filter((e): e is Extract<IncidentEvent, { type: T }> => e.type === type);
const messageIdOf = ({ raw }: CaughtMessage): string =>
  /^Message-ID: (\S+)\r$/m.exec(raw.toString('latin1'))?.[1] ?? '';
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Its alarm has gone out, or that of a later one, which speaks for all before it. */
const hasSpoken = ({ milestones }: IncidentState, { dueAt }: Milestone): boolean =>
  milestones.some((m) => m.reachedAt !== null && m.rounds > 0 && m.dueAt >= dueAt);

/** Nothing under way any more: no delivery, no mailing, everything on record. All of it as of one event: a clock may strike right afterwards. */
async function atRest(world: World, id: string) {
  const { state, ...kept } = await until(
    async () => ({
      state: await world.gateway.state(id).catch(() => world.stores.views.load(id)),
      head: await world.stores.ledger.head(id),
      view: await world.stores.views.load(id),
      register: await world.stores.register.get(id),
    }),
    ({ state: s, head, view, register }) =>
      s !== null &&
      s.seq === head?.seq &&
      s.seq === view?.seq &&
      (!hasEntry(s) || s.seq === register?.ledgerHead?.seq) &&
      s.notices.every((n) => Object.values(n.deliveries).every((d) => !['waiting', 'ambiguous'].includes(d.state))) &&
      s.mailings.every((m) => m.state === 'completed') &&
      s.milestones.every((m) => m.reachedAt === null || !m.owed || hasSpoken(s, m)),
    `${id} at rest`,
  );
  if (!state) throw new Error(`${id} is nowhere.`);
  return { state, ...kept };
}

export interface Copies {
  /** More messages than one, of notices and of messages to people. */
  readonly notices: number;
  readonly people: number;
  /** Flagged as possibly double. */
  readonly flaggedNotices: number;
  readonly flaggedPeople: number;
}

export interface Faults {
  /** How long everything that could have acted was away, at most. */
  readonly awayMs?: number;
}
/** A workflow task whose worker died is given to the next one after ten seconds, a worker takes some to start, a machine may be slow. */
const KILL_MS = 120_000;

/** @param kills how many processes died, or were frozen, while this incident was under way */
export async function check(world: World, id: string, kills: number, { awayMs = 0 }: Faults = {}): Promise<Copies> {
  const { state, head, view, register } = await atRest(world, id);
  const events = (await world.ledger(id)).slice(0, state.seq);
  expect({
    id,
    record: recordProblems(events, state),
    clock: clockProblems(events, state, {
      at: actTime(state.clock, Date.now()),
      awayMs: awayMs + kills * KILL_MS,
    }),
    outbox: journals(world).flatMap((journal) => journalProblems(id, journal, events)),
  }).toEqual({ id, record: [], clock: [], outbox: [] });
  expect(await world.stores.ledger.verifyChain(id, head ?? undefined)).toMatchObject({ ok: true });
  expect(fold(events)).toEqual(state);
  expect(view).toEqual(state);
  if (hasEntry(state)) expect(register).toEqual(registerEntry(state, head ?? undefined));
  for (const command of world.acknowledged.filter(({ what, answer }) => isAbout(id, what, answer)))
    checkOnRecord(events, command);
  checkAlarms(world, id, events);
  const notices = checkNotices(world, id, events, kills);
  const people = await checkMailings(world, state, events, kills);
  return { ...notices, ...people };
}

/** Every journal of notices that a process of this world has written. */
function journals({ config }: World): string[] {
  const kinds = existsSync(config.journalDir) ? readdirSync(config.journalDir) : [];
  const files = kinds.map((kind) => join(config.journalDir, kind, 'notices', 'mail.journal'));
  return files.filter((file) => existsSync(file)).map((file) => readFileSync(file, 'utf8'));
}

/** Nothing of the other side in this one's stores and inbox. */
export async function checkSide({ stores, catcher, config: { side } }: World): Promise<void> {
  const streams = (await stores.ledger.streams()).filter((stream) => stream !== 'organisation');
  const { entries } = await stores.register.all();
  const mails = catcher.messages().map(({ raw }) => raw.toString('latin1'));
  expect([
    ...sideProblems(side, 'ledger', streams),
    ...sideProblems(
      side,
      'register',
      entries.map(({ incident }) => incident),
    ),
    ...sideProblems(side, 'inbox', mails),
  ]).toEqual([]);
}

/** Commands to the incident; uploads and drafts of texts are no events. */
const isAbout = (id: string, what: string, answer: Acknowledged['answer']): boolean => {
  if (what === 'POST /v1/incidents')
    return [answer['id'], (answer['incident'] as { id?: string } | undefined)?.id].includes(id);
  return what.startsWith(`POST /v1/incidents/${id}/`) && !/\/(people|messages)$/.test(what);
};

/** There, once, and no later than its answer said. */
function checkOnRecord(events: readonly IncidentEvent[], { what, keyHash, answer }: Acknowledged): void {
  const own = events.filter((e) => e.cause?.keyHash === keyHash);
  const first = own[0]?.seq ?? Number.NaN;
  expect({ what, seqs: own.map((e) => e.seq) }).toEqual({ what, seqs: own.map((_, i) => first + i) });
  expect({ what, times: own.length > 0 }).toEqual({ what, times: true });
  if ('seq' in answer) expect(Number(answer['seq'])).toBeGreaterThanOrEqual(first);
}

/** As adapters/render/mail-composer.ts writes it: `aware+24h` is `aware-24h`. */
const inMessageId = (milestone: string): string => milestone.replace(/[^A-Za-z0-9-]+/g, '-');

/** Whatever alarm is on record as sent has left; it may come double. */
function checkAlarms(world: World, id: string, events: readonly IncidentEvent[]): void {
  for (const { data } of eventsOf(events, 'EscalationSent')) {
    const caught = world.catcher
      .messages()
      .filter((m) => messageIdOf(m).startsWith(`<alarm.${id}.${inMessageId(data.milestone)}.${data.round}.`));
    const taken = data.outcomes.filter((o) => o.ok);
    expect(taken).not.toEqual([]);
    const byMail = taken.filter((o) => o.channel !== 'pager').reduce((all, o) => all + o.count, 0);
    expect(new Set(caught.flatMap((m) => m.to)).size).toBeGreaterThanOrEqual(byMail);
  }
}

function checkNotices(world: World, id: string, events: readonly IncidentEvent[], kills: number) {
  const submitted = eventsOf(events, 'NoticeSubmitted');
  const approved = eventsOf(events, 'NoticeApproved');
  expect(submitted).toHaveLength(approved.length);
  let extra = 0;
  let flagged = 0;
  for (const { data } of submitted) {
    const ambiguous = eventsOf(events, 'NoticeOutcomeAmbiguous').filter((e) => e.data.phase === data.phase).length;
    const caught = world.catcher.messages().filter((m) => messageIdOf(m).startsWith(`<notice.${id}.${data.phase}.`));
    const figures = { id, caught: caught.length, ambiguous, kills };
    expect({ ...figures, never: caught.length === 0 }).toEqual({ ...figures, never: false });
    expect({ ...figures, unflagged: caught.length > 1 + ambiguous }).toEqual({ ...figures, unflagged: false });
    expect({ ...figures, tooMany: ambiguous > kills }).toEqual({ ...figures, tooMany: false });
    // Identical to the byte, and the very bytes whose hash is on record.
    expect([...new Set(caught.map((m) => sha256(m.raw)))]).toEqual([data.artifacts['mail']]);
    expect([...new Set(caught.map(messageIdOf))]).toEqual([data.messageId]);
    extra += caught.length - 1;
    flagged += ambiguous;
  }
  return { notices: extra, flaggedNotices: flagged };
}

async function checkMailings(world: World, state: IncidentState, events: readonly IncidentEvent[], kills: number) {
  let extra = 0;
  let flagged = 0;
  expect(eventsOf(events, 'MailingCompleted')).toHaveLength(eventsOf(events, 'MailingStarted').length);
  for (const { data } of eventsOf(events, 'MailingCompleted')) {
    const count = state.mailings.find((m) => m.mailing === data.mailing)?.count ?? 0;
    const key = `${state.id}/${data.mailing}`;
    const { totals } = data;
    expect(totals).toEqual(await world.stores.outcomes.totals(key));
    expect(data.outcomesSha256).toBe(await world.stores.outcomes.digest(key));
    expect(totals.accepted + totals.resent).toBe(count);
    expect(totals).toMatchObject({ total: count, refused: 0, deferred: 0, suppressed: 0, ambiguous: 0 });
    const { states } = await world.stores.outcomes.claim(key, 0, count);
    const told = states.map((flag, i) => ({ n: i + 1, flag, copies: sentTo(world, state.id, i + 1) }));
    const where = (is: (one: (typeof told)[number]) => boolean): number[] => told.filter(is).map(({ n }) => n);
    const figures = {
      incident: state.id,
      lost: where(({ copies }) => copies.length === 0),
      unflagged: where(({ copies, flag }) => copies.length > 1 && flag !== ('resent' satisfies RecipientState)),
      different: where(({ copies }) => new Set(copies.map((m) => `${messageIdOf(m)} ${sha256(m.raw)}`)).size > 1),
    };
    expect(figures).toEqual({ incident: state.id, lost: [], unflagged: [], different: [] });
    extra += told.reduce((all, { copies }) => all + copies.length - 1, 0);
    flagged += where(({ flag }) => flag === 'resent').length;
  }
  expect(extra).toBeLessThanOrEqual(kills);
  return { people: extra, flaggedPeople: flagged };
}

const sentTo = (world: World, id: string, n: number): CaughtMessage[] =>
  world.catcher.messages().filter((m) => m.to[0] === addressOf(id, n));
