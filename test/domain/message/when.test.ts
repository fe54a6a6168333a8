import { expect, test } from '@jest/globals';
import type { FactInput } from '../../../domain/incident/facts.js';
import { MESSAGE_LANGUAGES } from '../../../domain/message/languages/known.js';
import { whenItHappened } from '../../../domain/message/when.js';
import { fact } from '../../build.js';
import { factsOf } from '../notice/generated.js';

const from = (certainty: 'known' | 'estimated' = 'known') =>
  fact('breach.startedAt', '2026-03-01T10:00:00.000Z', certainty);
const to = (certainty: 'known' | 'estimated' = 'known') =>
  fact('breach.endedAt', '2026-03-04T10:00:00.000Z', certainty);
const as = (occurrence: string) => fact('breach.occurrence', occurrence);

// facts                                 English                            German                                      French
// biome-ignore format: a table is read by the row
const TIMES: [FactInput[], string, string, string][] = [
  [[], 'We do not know yet when it happened.', 'Wir wissen noch nicht, wann es geschah.', 'Nous ne savons pas encore quand cela s’est passé.'],
  [[as('UNDETERMINABLE')], 'We cannot find out when it happened.', 'Wir können nicht feststellen, wann es geschah.', 'Nous ne pouvons pas établir quand cela s’est passé.'],
  [[fact('breach.startedAt', null, 'undeterminable')], 'We cannot find out when it happened.', 'Wir können nicht feststellen, wann es geschah.', 'Nous ne pouvons pas établir quand cela s’est passé.'],
  [[as('SPECIFIC_DAY'), from()], 'It happened on 1 March 2026.', 'Es geschah am 1. März 2026.', 'Cela s’est passé le 1er mars 2026.'],
  [[as('SPECIFIC_DAY'), from('estimated')], 'It probably happened on 1 March 2026.', 'Es geschah wahrscheinlich am 1. März 2026.', 'Cela s’est probablement passé le 1er mars 2026.'],
  [[as('RANGE'), from(), to()], 'It happened between 1 March 2026 and 4 March 2026.', 'Es geschah zwischen dem 1. März 2026 und dem 4. März 2026.', 'Cela s’est passé entre le 1er mars 2026 et le 4 mars 2026.'],
  [[as('RANGE'), from('estimated'), to('estimated')], 'It probably happened between 1 March 2026 and 4 March 2026.', 'Es geschah wahrscheinlich zwischen dem 1. März 2026 und dem 4. März 2026.', 'Cela s’est probablement passé entre le 1er mars 2026 et le 4 mars 2026.'],
  [[as('RANGE'), from('estimated'), to()], 'It probably began on 1 March 2026. It ended on 4 March 2026.', 'Es begann wahrscheinlich am 1. März 2026. Es endete am 4. März 2026.', 'Cela a probablement commencé le 1er mars 2026. Cela a pris fin le 4 mars 2026.'],
  [[as('ONGOING_SINCE'), from('estimated')], 'It probably began on 1 March 2026. It is not over yet.', 'Es begann wahrscheinlich am 1. März 2026. Es ist noch nicht vorbei.', 'Cela a probablement commencé le 1er mars 2026. Ce n’est pas encore fini.'],
  [[as('RANGE'), from()], 'It began on 1 March 2026. We do not know yet when it ended.', 'Es begann am 1. März 2026. Wir wissen noch nicht, wann es endete.', 'Cela a commencé le 1er mars 2026. Nous ne savons pas encore quand cela a pris fin.'],
  [[from(), fact('breach.endedAt', null, 'undeterminable')], 'It began on 1 March 2026. We cannot find out when it ended.', 'Es begann am 1. März 2026. Wir können nicht feststellen, wann es endete.', 'Cela a commencé le 1er mars 2026. Nous ne pouvons pas établir quand cela a pris fin.'],
  [[to('estimated')], 'It probably ended on 4 March 2026. We do not know yet when it began.', 'Es endete wahrscheinlich am 4. März 2026. Wir wissen noch nicht, wann es begann.', 'Cela a probablement pris fin le 4 mars 2026. Nous ne savons pas encore quand cela a commencé.'],
];
for (const [facts, en, de, fr] of TIMES) {
  test(`people are told when it happened as exactly as it is known, and no more: ${en}`, () => {
    const said = (['en', 'de', 'fr'] as const).map((language) => {
      const words = MESSAGE_LANGUAGES[language];
      return whenItHappened(factsOf(...facts), words, (instant) => words.day(instant.slice(0, 10)));
    });
    expect(said).toEqual([en, de, fr]);
  });
}
