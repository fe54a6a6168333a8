import { expect, test } from '@jest/globals';
import type { Instant } from '../../../domain/clock/instant.js';
import type { Command } from '../../../domain/incident/commands.js';
import { nextSteps } from '../../../domain/incident/next-steps.js';
import { buildNotice } from '../../../domain/notice/build.js';
import { summarise } from '../../../domain/incident/summary.js';
import { offsetMs } from '../../../formats/instants.js';
import {
  anOrganisation,
  APPROVER,
  aDeclaration,
  aSetting,
  byEmail,
  byPortal,
  DPO,
  hoursAfter,
  Play,
} from '../../build.js';

/** What somebody reads first at night: whatever ends the duty to the authority comes before what makes its notice better. */

const draft = (play: Play, at: Instant): Play =>
  play.do(
    {
      type: 'PutDraft',
      content: buildNotice({ state: play.state, at, rules: 'test', previous: null, withdraw: null }),
      sha256: 'v1',
      basedOn: play.state.seq,
      for: { id: 'engine', role: 'engine' },
      loginMadeBy: null,
    },
    at,
  );
const approve: Command = { type: 'ApproveNotice', phase: 1, sha256: 'v1', hold: false, setting: null };
const first = (play: Play): string => nextSteps(play.state)[0]?.command ?? '';

test('from hour 60 on an incomplete notice is approved before more facts are asked for; earlier the facts come first', () => {
  const play = draft(new Play(), hoursAfter(48));
  expect(first(play)).toContain('seventytwo facts');
  play.pass(hoursAfter(60));
  expect(first(play)).toMatch(/^seventytwo notice \S+ approve$/);
});

test('approved is not filed: the portal comes first at any hour, and its receipt next', () => {
  const setting = aSetting({ authorities: [byPortal()] });
  const play = draft(new Play(aDeclaration({ setting })), hoursAfter(2)).do(approve, hoursAfter(3), APPROVER);
  const pack = {
    type: 'ReportPortalPack',
    phase: 1,
    authority: 'ex-portal-authority',
    sha256: 'v1',
    artifacts: {},
  } as const;
  play.do(pack, hoursAfter(3));
  const [file, receipt] = nextSteps(play.state);
  expect(file?.command).toContain('pdf --authority ex-portal-authority');
  expect(receipt?.command).toContain('receipt --authority ex-portal-authority');
});

test('a notice that no relay takes is said first, with the way round it, until it is delivered', () => {
  const play = draft(new Play(), hoursAfter(2)).do(approve, hoursAfter(3), APPROVER);
  expect(first(play)).toContain('facts');
  play.do({ type: 'ReportStalled', phase: 1, authority: 'ex-authority', since: hoursAfter(3) }, hoursAfter(4));
  expect(nextSteps(play.state)[0]).toMatchObject({
    says: expect.stringContaining('No relay takes notice 1 for ex-authority'),
    command: expect.stringContaining('receipt --authority ex-authority --phase 1'),
  });
  const receipt = {
    type: 'RecordReceipt',
    phase: 1,
    authority: 'ex-authority',
    reference: 'by telephone',
    evidence: null,
  } as const;
  play.do({ ...receipt, receivedAt: hoursAfter(5) }, hoursAfter(5), DPO);
  expect(nextSteps(play.state).some(({ says }) => says.includes('No relay takes'))).toBe(false);
});

test('the hour of the statutory reading is never that of an organisation where no authority is (R-315, W-14)', () => {
  const organisation = anOrganisation({ zone: 'Asia/Kolkata' });
  const awareness = { awareAt: { at: '2026-12-14T05:50:00.000Z', zone: 'Asia/Kolkata', source: 'SOC' } };
  const setting = aSetting({ organisation, authorities: [byEmail('ex-authority', { zone: 'Asia/Kolkata' })] });
  const play = new Play(aDeclaration({ awareness, setting }), '2026-12-14T06:00:00.000Z');
  expect(summarise(play.state, '2026-12-14T06:00:00.000Z', offsetMs).deadline).toMatchObject({
    strict: '2026-12-17T05:50:00.000Z',
    statutory: '2026-12-17T06:00:00.000Z',
  });
});
