import { expect, test } from '@jest/globals';
import type { FactInput } from '../../../domain/incident/facts.js';
import { buildNotice, type NoticeSource, sourceFromFacts } from '../../../domain/notice/build.js';
import { toForm } from '../../../domain/notice/form.js';
import { offsetMs } from '../../../formats/instants.js';
import { anOrganisation, byEmail, fact, hospitalMessage } from '../../build.js';
import { factsOf } from './generated.js';

/** Days in the notice are those of the controller, and row 52 names whoever found it (F-23). */

const BERLIN = 'Europe/Berlin';
const found = (at: string) => ({ at, zone: BERLIN, source: 'test', by: 'st_1', recordedAt: at });
const form = (facts: readonly FactInput[], over: Partial<NoticeSource> = {}) => {
  const at = '2026-07-09T10:00:00.000Z';
  const state: NoticeSource = {
    ...sourceFromFacts({
      id: 'BR-7K3M-9QXD',
      mode: 'live',
      facts: factsOf(...facts),
      awareness: {
        processorInformedUsAt: found('2026-07-07T22:30:00.000Z'), // 00:30 on the 8th in Berlin
        awareAt: found('2026-07-08T07:00:00.000Z'),
      },
      setting: { organisation: anOrganisation({ zone: BERLIN }), authorities: [byEmail()] },
    }),
    ...over,
  };
  const content = buildNotice({ state, at, rules: 'gdpr-2018', previous: null, withdraw: null, offsetMs });
  return toForm(content, { earlierReference: null, releasedAt: at });
};

const by = (who: string) => fact('breach.discoveredBy', who);
// biome-ignore format: a table is read by the row
const rows: readonly (readonly [readonly FactInput[], string | undefined, string])[] = [
  [[by('PROCESSOR')], '2026-07-08', 'the processor told us half an hour after midnight, where we are'],
  [[by('DATA_SUBJECT')], undefined, 'when the processor told us is not when a patient did'],
  [[by('PRESS')], undefined, 'nor the press'],
  [[by('DATA_SUBJECT'), fact('breach.toldUsOn', '2026-07-06')], '2026-07-06', 'the patient called on that day'],
  [[by('PROCESSOR'), fact('breach.toldUsOn', '2026-07-05')], '2026-07-05', 'somebody has said which day it was'],
  [[by('CONTROLLER'), fact('breach.toldUsOn', '2026-07-05')], undefined, 'nobody told us: we found it'],
];
for (const [facts, day, why] of rows) test(`row 52: ${why}`, () => expect(form(facts)['field_52']).toBe(day));

test('row 98 is the day where the controller is', () => {
  const totals = { total: 1, accepted: 1, refused: 0, deferred: 0, suppressed: 0, ambiguous: 0, resent: 0 };
  const completedAt = '2026-07-08T22:30:00.000Z';
  const mailing = { mailing: 1, message: 'm', list: 'l', count: 1, state: 'completed', totals, completedAt } as const;
  const messages = [{ id: 'm', content: hospitalMessage(), sha256: '', list: 'l', listSha256: '', approvals: [] }];
  expect(form([], { mailings: [mailing], messages })['field_98']).toBe('2026-07-09');
});
