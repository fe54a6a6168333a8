import { expect, test } from '@jest/globals';
import { createTriageActivities } from '../../../activities/triage.js';
import { noticeText } from '../../../adapters/render/notice-text.js';
import { anEnvelope } from '../../adapters/render/sample.js';
import {
  aDeclaration,
  aSetting,
  byEmail,
  byPortal,
  count,
  DPO,
  fact,
  HOSPITAL_FACTS,
  hoursAfter,
  Play,
} from '../../build.js';
import { decideHigh, filed } from '../incident/filed.js';

/** What changed is told since the last phase that everybody has. */

const at = hoursAfter;
const triage = createTriageActivities({ hasher: { canonicalSha256: () => 'sha' } as never });
const begun = (): Play => {
  const setting = aSetting({ authorities: [byEmail(), byPortal()] });
  const play = decideHigh(new Play(aDeclaration({ facts: [...HOSPITAL_FACTS], setting })));
  filed(play, at(10)); // to the one by e-mail, and the other by its portal
  return play;
};
const portal = (play: Play, phase: number): Play =>
  play.do(
    {
      type: 'RecordReceipt',
      phase,
      authority: 'ex-portal-authority',
      reference: 'P',
      receivedAt: at(12),
      evidence: null,
    },
    at(13),
    DPO,
  );
const next = async (play: Play) =>
  (await triage.draftNotice({ state: play.state, at: at(40), withdraw: null })).content;
const changed = (content: Awaited<ReturnType<typeof next>>) =>
  content.changes.map(({ field }) => Number.parseInt(field, 10));

test('an authority that did not get the second phase reads in the third what changed in it', async () => {
  const play = portal(begun(), 1);
  play.do({ type: 'RecordFacts', facts: [fact('people.count', count(90_000))] }, at(20), DPO);
  filed(play, at(21)); // phase 2 by e-mail alone
  play.do({ type: 'RecordFacts', facts: [fact('breach.rootCause', 'A gap in the gateway.')] }, at(30), DPO);
  const content = await next(play);
  expect([content.phase, content.changesSince, changed(content).includes(68), changed(content).includes(62)]).toEqual([
    3,
    1,
    true,
    true,
  ]);
  expect(noticeText(content, anEnvelope())).toContain('CHANGED SINCE PHASE 1 (');
});

test('where everybody has the former phase, what changed is told since that', async () => {
  const play = portal(begun(), 1);
  play.do({ type: 'RecordFacts', facts: [fact('people.count', count(90_000))] }, at(20), DPO);
  portal(filed(play, at(21)), 2);
  play.do({ type: 'RecordFacts', facts: [fact('breach.rootCause', 'A gap in the gateway.')] }, at(30), DPO);
  const content = await next(play);
  expect([content.changesSince, changed(content).includes(68)]).toEqual([undefined, false]);
});
