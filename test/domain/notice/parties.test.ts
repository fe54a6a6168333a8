import { expect, test } from '@jest/globals';
import type { FactInput } from '../../../domain/incident/facts.js';
import { buildNotice, sourceFromFacts } from '../../../domain/notice/build.js';
import { toForm } from '../../../domain/notice/form.js';
import { AWARE, anOrganisation, byEmail, fact, hoursAfter } from '../../build.js';
import { factsOf } from './generated.js';

/** Rows 38 and 40: whether others are involved, and who (F-16). */

const NONE = fact('parties.others', null, 'not_applicable');
const awareAt = { at: AWARE, zone: 'Europe/Dublin', source: 'test', by: 'st_1', recordedAt: AWARE };
const notice = (facts: readonly FactInput[]) =>
  buildNotice({
    state: sourceFromFacts({
      id: 'BR-7K3M-9QXD',
      mode: 'live',
      facts: factsOf(...facts),
      awareness: { awareAt },
      setting: { organisation: anOrganisation(), authorities: [byEmail()] },
    }),
    at: hoursAfter(30),
    rules: 'gdpr-2018',
    previous: null,
    withdraw: null,
  });

// facts                                                                     row 38     gap                     why this row is here
// biome-ignore format: a table is read by the row
const rows: readonly (readonly [readonly FactInput[], unknown, string | undefined, string])[] = [
  [[NONE], 'b', undefined, 'no others'],
  [[NONE, fact('parties.processors', null, 'pending')], undefined, 'parties.processors', 'whether there is a processor is still asked'],
  [[NONE, fact('parties.jointControllers', null, 'pending')], undefined, 'parties.jointControllers', 'a joint controller'],
  [[NONE, fact('parties.controllers', null, 'pending')], undefined, 'parties.controllers', 'a controller'],
  [[NONE, fact('parties.processors', null, 'not_applicable')], 'b', undefined, 'no processor either'],
  [[NONE, fact('parties.processors', ['Example Mail Ltd']), fact('parties.controllers', null, 'pending')], 'a', undefined, 'who is known is named'],
  [[fact('parties.others', ['Example Post']), fact('parties.processors', null, 'pending')], 'a', undefined, 'another is known'],
  [[], undefined, 'parties.others', 'nobody has said anything'],
];
for (const [facts, letter, gap, why] of rows)
  test(`other parties: ${why}`, () => {
    const content = notice(facts);
    const form = toForm(content, { earlierReference: null, releasedAt: hoursAfter(30) });
    expect([form['field_38'], content.gaps.find((id) => id.startsWith('parties.'))]).toEqual([letter, gap]);
  });
