import { expect, test } from '@jest/globals';
import { KeyErased } from '../../../adapters/crypto/data-keys.js';
import { type MongoIncidentViews, ViewGap, createIncidentViews } from '../../../adapters/mongo/incident-views.js';
import { createIntakes } from '../../../adapters/mongo/intakes.js';
import { evolve, fold } from '../../../domain/incident/evolve.js';
import { DPO, Play, RESPONDER, aCause, aDeclaration, aSuspicion, fact, hoursAfter } from '../../build.js';
import { type Store, realMongo } from './real-mongo.js';

const mongo = realMongo();
const ID = 'BR-7K3M-9QXD';
const viewsOf = ({ db, keys, ledger }: Store): MongoIncidentViews => createIncidentViews({ db, keys, ledger, evolve });
const play = (): Play =>
  new Play()
    .do({ type: 'RecordFacts', facts: [fact('breach.summary', 'A laptop was stolen.')] }, hoursAfter(1), RESPONDER)
    .do({ type: 'RecordFacts', facts: [fact('breach.nature', ['CONFIDENTIALITY'])] }, hoursAfter(2), RESPONDER);

test('the view is the fold of the ledger, and its row shows clock and phase', async () => {
  const store = await mongo.store();
  const views = viewsOf(store);
  const { events, state } = play();
  await store.ledger.append(events);
  await views.forward(ID, events);
  expect(await views.load(ID)).toEqual(state);
  expect(await views.row(ID)).toMatchObject({
    id: ID,
    mode: 'live',
    phase: 'confirmed',
    seq: state.seq,
    strictDeadline: hoursAfter(72),
    nextDueAt: hoursAfter(24),
  });
});

test('a suspected incident has no strict deadline, and the next milestone all the same', async () => {
  const store = await mongo.store();
  const { events } = new Play(aSuspicion());
  await store.ledger.append(events);
  await viewsOf(store).forward(ID, events);
  expect(await viewsOf(store).row(ID)).toMatchObject({
    phase: 'suspected',
    strictDeadline: null,
    nextDueAt: hoursAfter(24),
  });
});

test('a late or double call does not move the view backwards', async () => {
  const store = await mongo.store();
  const views = viewsOf(store);
  const { events, state } = play();
  await store.ledger.append(events);
  await views.forward(ID, events);
  const row = await views.row(ID);
  await views.forward(ID, events.slice(0, 1));
  await views.forward(ID, events);
  await views.forward(ID, []);
  expect(await views.row(ID)).toEqual(row);
  expect(await views.load(ID)).toEqual(state);
});

test('calls that overtake each other leave the newest state', async () => {
  const store = await mongo.store();
  const { events, state } = play();
  await store.ledger.append(events);
  await Promise.all([3, 1, 2].map((n) => viewsOf(store).forward(ID, events.slice(0, n))));
  await viewsOf(store).forward(ID, events);
  expect(await viewsOf(store).load(ID)).toEqual(state);
});

test('what a crash between ledger and view left out is read from the ledger', async () => {
  const store = await mongo.store();
  const { events, state } = play();
  await store.ledger.append(events);
  await viewsOf(store).forward(ID, events.slice(0, 1));
  await viewsOf(store).forward(ID, events.slice(-1));
  expect(await viewsOf(store).load(ID)).toEqual(state);
});

test('events that the ledger does not have yet are refused', async () => {
  const store = await mongo.store();
  const { events } = play();
  await expect(viewsOf(store).forward(ID, events.slice(-1))).rejects.toThrow(ViewGap);
  expect(await viewsOf(store).load(ID)).toBeNull();
});

test('a reader who waits for a seq gets it, and null when it does not come', async () => {
  const store = await mongo.store();
  const views = viewsOf(store);
  const { events, state } = play();
  await store.ledger.append(events);
  const waiting = views.loadAtLeast(ID, state.seq, 10_000);
  await views.forward(ID, events);
  expect((await waiting)?.seq).toBe(state.seq);
  expect(await views.loadAtLeast(ID, state.seq + 1, 0)).toBeNull();
});

test('the board shows the newest first, by phase, and keeps the row of an erased incident', async () => {
  const store = await mongo.store();
  const views = viewsOf(store);
  const older = new Play(aDeclaration({ incidentId: 'BR-0000-0001' }), hoursAfter(-5));
  const newer = new Play(aSuspicion({ incidentId: 'BR-0000-0002' }), hoursAfter(5));
  for (const { events, state } of [older, newer]) {
    await store.ledger.append(events);
    await views.forward(state.id, events);
  }
  await store.keys.erase('case/BR-0000-0001');
  const board = await views.board();
  expect(board.map(({ row, state }) => [row.id, state?.id ?? null])).toEqual([
    ['BR-0000-0002', 'BR-0000-0002'],
    ['BR-0000-0001', null],
  ]);
  expect((await views.board({ phases: ['confirmed'] })).map(({ row }) => row.id)).toEqual(['BR-0000-0001']);
  expect((await views.board({ declaredBefore: hoursAfter(0), limit: 1 })).map(({ row }) => row.id)).toEqual([
    'BR-0000-0001',
  ]);
  const within = { declaredFrom: hoursAfter(0), declaredBefore: hoursAfter(6) };
  expect((await views.board(within)).map(({ row }) => row.id)).toEqual(['BR-0000-0002']);
  await expect(views.load('BR-0000-0001')).rejects.toThrow(KeyErased);
});

test('the stored fold equals the fold of what the ledger gives back', async () => {
  const store = await mongo.store();
  const { events } = play();
  await store.ledger.append(events);
  await viewsOf(store).forward(ID, events);
  const read = (await store.ledger.read(ID)).filter(
    (event): event is (typeof events)[number] => event.stream !== 'organisation',
  );
  expect(await viewsOf(store).load(ID)).toEqual(fold(read));
});

const intake = (key = 'k1', body = 'b1', actor = RESPONDER) => ({
  declaration: aDeclaration(),
  actor,
  cause: aCause(key, body),
});

// what comes second                       outcome          why this row is here
// biome-ignore format: a table is read by the row
const SECOND = [
  [intake('k1', 'b1'), 'repeated', 'the same again'],
  [intake('k1', 'b2'), 'other-body', 'the same key with another body'],
  [intake('k1', 'b1', DPO), 'other-caller', 'the same key from somebody else'],
  [intake('k2', 'b1'), 'id-taken', 'another key that gives the same id'],
] as const;
for (const [second, outcome, why] of SECOND) {
  test(`a declaration that comes second is judged and never merged: ${why}`, async () => {
    const { db, keys } = await mongo.store();
    const intakes = createIntakes({ db, keys });
    expect(await intakes.put(intake(), hoursAfter(0))).toEqual({
      outcome: 'stored',
      receivedAt: hoursAfter(0),
      started: false,
    });
    expect(await intakes.put(second, hoursAfter(1))).toEqual({ outcome, receivedAt: hoursAfter(0), started: false });
    expect(await intakes.waiting()).toEqual([intake()]);
  });
}

test('a started intake no longer waits, holds no declaration, and keeps its id', async () => {
  const { db, keys } = await mongo.store();
  const intakes = createIntakes({ db, keys });
  await intakes.put(intake(), hoursAfter(0));
  await intakes.started(ID, hoursAfter(1));
  expect(await intakes.waiting()).toEqual([]);
  expect(await intakes.kept()).toEqual([intake()]); // the engine may be lost before it is on record
  await intakes.recorded(ID, hoursAfter(1));
  expect(await intakes.kept()).toEqual([]);
  expect(await db.collection('intakes').findOne()).toMatchObject({ sealed: null });
  expect(await intakes.put(intake('k2'), hoursAfter(2))).toMatchObject({ outcome: 'id-taken', started: true });
});
