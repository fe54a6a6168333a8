import { expect, test } from '@jest/globals';
import { decide } from '../../../domain/incident/decide.js';
import type { FactId, FactInput } from '../../../domain/incident/facts.js';
import { count, fact, hoursAfter, Play, request } from '../../build.js';

const NEW: readonly FactInput[] = [
  fact('confidentiality.recipientBound', false),
  fact('data.professionalSecrecy', true),
  fact('data.alreadyPublic', false),
  fact('availability.outageHours', count(30)),
  fact('availability.essentialService', true),
  fact('availability.serviceImpact', 'HIGH_NONE_SERVED'),
  fact('availability.recoveryTime', 'EXTENDED'),
];

function reopens(policy: number, id: FactId): boolean {
  const closed = { ...new Play().state, phase: 'closed', policy } as const;
  const facts = NEW.filter((one) => one.id === id);
  const decision = decide(closed, request({ type: 'RecordFacts', facts }), hoursAfter(100));
  return 'events' in decision && decision.events.some(({ type }) => type === 'IncidentReopened');
}

test.each(NEW.map(({ id }) => id))(
  'R-207: %s reopens a closed incident from policy 3 on, and none of an earlier day',
  (id) => {
    expect([1, 2, 3].map((policy) => reopens(policy, id))).toEqual([false, false, true]);
  },
);
