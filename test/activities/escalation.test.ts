import { expect, test } from '@jest/globals';
import { createEscalationActivities, type Escalate, type Escalated } from '../../activities/escalation.js';
import type { Pager, Relay, SendOutcome, StillStaff } from '../../activities/ports.js';
import { runActivity } from '../fakes/activity-run.js';
import { anAlarm } from '../fakes/alarm.js';
import { ACCEPTED, plainComposer, relayThat } from '../fakes/post-office.js';

const DPO = { staff: 'st_dpo', email: 'dpo@hospital.example' };
const ONCALL = { staff: 'st_oncall', email: 'oncall@hospital.example' };
const SECOND: SendOutcome = { ...ACCEPTED, relay: 'second' } as SendOutcome;
const GONE: SendOutcome = { state: 'open', why: 'connect' };

function pagerThat(answer: boolean | null | 'throws'): Pager & { pages: number } {
  const pager = {
    pages: 0,
    page: () => {
      pager.pages++;
      if (answer === 'throws') throw new Error('broken');
      return answer === null ? null : Promise.resolve(answer);
    },
  };
  return pager;
}

const NOT_KNOWN: StillStaff = { active: async () => null };
const wake = (
  relay: Relay,
  pager: Pager,
  about: Partial<Escalate> = {},
  staff: StillStaff = NOT_KNOWN,
): Promise<Escalated> =>
  runActivity(() =>
    createEscalationActivities({
      relay,
      composer: plainComposer,
      pager,
      staff,
      from: 'breach@hospital.example',
    }).escalate({
      alarm: anAlarm(),
      to: [DPO, ONCALL],
      alsoPage: true,
      ...about,
    }),
  );

type Row = readonly [readonly SendOutcome[], boolean | null | 'throws', Escalated['outcomes'], string[], string];
// each mail        the pager   outcomes                                                                                          reached                 why this row is here
const rows: readonly Row[] = [
  [
    [ACCEPTED],
    true,
    [
      { channel: 'email', ok: true, count: 2 },
      { channel: 'pager', ok: true, count: 1 },
    ],
    ['st_dpo', 'st_oncall'],
    'everything works',
  ],
  [
    [SECOND],
    true,
    [
      { channel: 'fallback-email', ok: true, count: 2 },
      { channel: 'pager', ok: true, count: 1 },
    ],
    ['st_dpo', 'st_oncall'],
    'the second relay took them',
  ],
  [
    [ACCEPTED, GONE],
    true,
    [
      { channel: 'email', ok: true, count: 1 },
      { channel: 'email', ok: false, count: 1 },
      { channel: 'pager', ok: true, count: 1 },
    ],
    ['st_dpo'],
    'one mail did not go',
  ],
  [
    [GONE],
    true,
    [
      { channel: 'email', ok: false, count: 2 },
      { channel: 'pager', ok: true, count: 1 },
    ],
    [],
    'no relay: the pager rings all the same',
  ],
  [
    [ACCEPTED],
    false,
    [
      { channel: 'email', ok: true, count: 2 },
      { channel: 'pager', ok: false, count: 1 },
    ],
    ['st_dpo', 'st_oncall'],
    'the pager fails: the mails go all the same',
  ],
  [
    [ACCEPTED],
    'throws',
    [
      { channel: 'email', ok: true, count: 2 },
      { channel: 'pager', ok: false, count: 1 },
    ],
    ['st_dpo', 'st_oncall'],
    'the pager is broken',
  ],
  [[ACCEPTED], null, [{ channel: 'email', ok: true, count: 2 }], ['st_dpo', 'st_oncall'], 'there is no pager'],
];
for (const [mails, pager, outcomes, to, why] of rows) {
  test(`one channel never hides another: ${why}`, async () => {
    expect(await wake(relayThat(...mails), pagerThat(pager))).toEqual({ outcomes, to });
  });
}

test('everybody gets a message of their own', async () => {
  const relay = relayThat(ACCEPTED);
  await wake(relay, pagerThat(null));
  expect(relay.sent.map(({ to }) => to)).toEqual([DPO.email, ONCALL.email]);
});

test('the pager rings when it is not asked to, if no mail got away: somebody must wake', async () => {
  const unasked = pagerThat(true);
  await wake(relayThat(GONE), unasked, { alsoPage: false });
  expect(unasked.pages).toBe(1);

  const quiet = pagerThat(true);
  await wake(relayThat(ACCEPTED, GONE), quiet, { alsoPage: false });
  expect(quiet.pages).toBe(0);
});

test('a relay that breaks, or one damaged entry, does not keep the others asleep', async () => {
  const broken: Relay = { send: () => Promise.reject(new Error('broken')) };
  expect((await wake(broken, pagerThat(true))).outcomes).toEqual([
    { channel: 'email', ok: false, count: 2 },
    { channel: 'pager', ok: true, count: 1 },
  ]);
  expect(
    (await wake(relayThat(ACCEPTED), pagerThat(null), { to: [{ staff: 'st_x', email: 'nobody' }, DPO] })).to,
  ).toEqual(['st_dpo']);
});

test('a drill wakes nobody outside the exercise domains (R-933)', async () => {
  const relay = relayThat(ACCEPTED);
  const result = await wake(relay, pagerThat(null), {
    alarm: anAlarm({ mode: 'drill' }),
    to: [DPO, { staff: 'st_real', email: 'somebody@hospital.org' }],
  });
  expect(relay.sent.map(({ to }) => to)).toEqual([DPO.email]);
  expect(result).toEqual({
    outcomes: [
      { channel: 'email', ok: true, count: 1 },
      { channel: 'email', ok: false, count: 1 },
    ],
    to: ['st_dpo'],
  });
});

// who is still here            who is woken               why this row is here
const leaving = [
  [['st_dpo', 'st_oncall'], ['st_dpo', 'st_oncall'], 'nobody has left'],
  [['st_oncall'], ['st_oncall'], 'who has left is left in peace'],
  [[], ['st_dpo', 'st_oncall'], 'everybody has left: better a wrong alarm than none'],
  [null, ['st_dpo', 'st_oncall'], 'the database does not say'],
] as const;
for (const [here, woken, why] of leaving) {
  test(`people who leave while an incident is open: ${why}`, async () => {
    const staff: StillStaff = { active: async () => (here === null ? null : new Set(here)) };
    expect((await wake(relayThat(ACCEPTED), pagerThat(true), {}, staff)).to).toEqual(woken);
  });
}
