import { expect, test } from '@jest/globals';
import { createIncidentViews } from '../../../adapters/mongo/incident-views.js';
import { createIntakes } from '../../../adapters/mongo/intakes.js';
import { openIncidents } from '../../../adapters/mongo/open-incidents.js';
import { evolve } from '../../../domain/incident/evolve.js';
import { aCause, aDeclaration, aSuspicion, DPO, hoursAfter, Play, RESPONDER } from '../../build.js';
import { realMongo } from './real-mongo.js';

const mongo = realMongo();

test('what must have a clock: open on record, or taken by the engine and not on record yet; nearest deadline first, of one side', async () => {
  const { db, keys, ledger } = await mongo.store();
  const views = createIncidentViews({ db, keys, ledger, evolve });
  const withdraw = { because: 'other', duplicateOf: null, reason: 'a false alarm', confirms: null } as const;
  for (const { events, state } of [
    new Play(aSuspicion({ incidentId: 'BR-0000-0001' })),
    new Play(aDeclaration({ incidentId: 'BR-0000-0002' })),
    new Play(aSuspicion({ incidentId: 'BR-0000-0003' })).do({ type: 'Withdraw', ...withdraw }, hoursAfter(1), DPO),
    new Play(aSuspicion({ incidentId: 'EX-0000-0004', mode: 'drill' })),
  ]) {
    await ledger.append(events);
    await views.forward(state.id, events);
  }
  const intakes = createIntakes({ db, keys });
  const at = hoursAfter(0);
  for (const [n, taken] of [
    [5, true],
    [6, false],
  ] as const) {
    const incidentId = `BR-0000-000${n}`;
    const intake = { declaration: aSuspicion({ incidentId }), actor: RESPONDER, cause: aCause(incidentId) };
    await intakes.put(intake, at);
    if (taken) await intakes.started(incidentId, at);
  }
  expect(await openIncidents(db, 'live')).toEqual([
    'BR-0000-0002',
    expect.stringMatching(/[15]$/),
    expect.stringMatching(/[15]$/),
  ]);
  expect(await openIncidents(db, 'drill')).toEqual(['EX-0000-0004']);
});
