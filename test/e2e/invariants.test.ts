import { expect, test } from '@jest/globals';
import type { IncidentEvent } from '../../domain/incident/events.js';
import { fold } from '../../domain/incident/evolve.js';
import { hoursAfter, Play } from '../build.js';
import { clockProblems, journalProblems, recordProblems, sideProblems } from './invariants.js';

/** The checker itself: each kind of wrong record is found, and a right one is not. */

const { events } = new Play().pass(hoursAfter(24)).pass(hoursAfter(48));
const stateOf = (all: readonly IncidentEvent[]) => {
  const state = fold(all);
  if (!state) throw new Error('nothing declared');
  return state;
};
const clock = (all: readonly IncidentEvent[], at = hoursAfter(48), awayMs = 0) =>
  clockProblems(all, stateOf(all), { at, awayMs });
const first = events.findIndex((e) => e.type === 'MilestoneReached' && e.data.milestone.id === 'aware+24h');
const changed = (change: (event: IncidentEvent) => IncidentEvent): IncidentEvent[] =>
  events.map((event, i) => (i === first ? change(event) : event));
const reachedAt = (at: string) =>
  changed((e) => (e.type === 'MilestoneReached' ? { ...e, data: { ...e.data, reachedAt: at } } : e));

test('a record in which all holds has no problem', () => {
  expect(clock(events)).toEqual([]);
  expect(recordProblems(events, stateOf(events))).toEqual([]);
});

test('a milestone that was missed, doubled, early or late is found; an outage explains lateness and no more', () => {
  const [missed = ''] = clock(events, hoursAfter(61));
  expect(missed).toMatch(/^aware\+\d+h is due and was not reached$/);
  expect(clock([...events, ...events.slice(first, first + 1)])).toContain('aware+24h was reached twice');
  expect(clock(reachedAt(hoursAfter(23)))).toEqual(['aware+24h was reached early']);
  expect(clock(reachedAt(hoursAfter(25)))).toEqual(['aware+24h was reached 3600000 ms late']);
  expect(clock(reachedAt(hoursAfter(25)), hoursAfter(48), 3_600_000)).toEqual([]);
});

test('an alarm that is on record twice is found', () => {
  const sent = { milestone: 'aware+24h', round: 1, to: [], outcomes: [], token: 'aware+24h#1' };
  const play = new Play().pass(hoursAfter(24));
  const once = play.do({ type: 'ReportEscalation', ...sent }, hoursAfter(24)).events;
  expect(clock(once, hoursAfter(24))).toEqual([]);
  const twice = play.do({ type: 'ReportEscalation', ...sent }, hoursAfter(24)).events;
  expect(clock(twice, hoursAfter(24))).toEqual(['alarm aware+24h#1 is on record 2 times']);
});

test('a hole in the record, a second declaration and a key that was answered twice are found', () => {
  const found = (all: readonly IncidentEvent[]) => recordProblems(all, stateOf(events));
  expect(found(events.filter((_, i) => i !== 2))[0]).toBe('entry 3 is 4');
  expect(found([...events, ...events.slice(0, 1)])).toContain('not declared exactly once');
  const again = events.map((e, i) => (i === events.length - 1 ? { ...e, cause: events[0]?.cause ?? null } : e));
  expect(found(again)[0]).toMatch(/^the key of entry \d+ was answered again at \d+$/);
});

test('a notice that a relay took and nobody recorded, or that was handed over without a flag, is found in the journal', () => {
  const key = 'notice/BR-7K3M-9QXD/1/DE-BY.0123456789ab';
  const journal = (line: string) => journalProblems('BR-7K3M-9QXD', `${line}\n`, events);
  expect(journal(`A ${key} {"state":"accepted"}`)).toEqual([`${key} was taken and is not on record`]);
  expect(journal(`H ${key}`)).toEqual([`${key} was handed over without an answer and is not flagged`]);
  expect(journal(`H ${key}\nA ${key} {"state":"open"}`)).toEqual([]);
  expect(journal('H notice/BR-0000-0000/1/DE-BY.0123456789ab')).toEqual([]);
});

test('an exercise among live incidents is found, and the other way round', () => {
  expect(sideProblems('live', 'register', ['BR-7K3M-9QXD', 'about EX-0000-0001'])).toEqual([
    'EX-0000-0001 is in the register of the live side',
  ]);
  expect(sideProblems('drill', 'inbox', ['BR-7K3M-9QXD'])).toEqual(['BR-7K3M-9QXD is in the inbox of the drill side']);
});
