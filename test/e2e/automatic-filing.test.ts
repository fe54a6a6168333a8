import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { strictDeadline } from '../../domain/clock/deadlines.js';
import { plusHours } from '../../domain/clock/instant.js';
import type { IncidentEvent } from '../../domain/incident/events.js';
import { DEFAULT_PLAYBOOK } from '../../domain/incident/organisation.js';
import type { IncidentState } from '../../domain/incident/state.js';
import { anOrganisation } from '../build.js';
import { fastForward } from '../helpers/fast-forward.js';
import { died, type Process, startWorld, until, type World } from '../helpers/processes.js';
import { aKey, AUTHORITY, furnish, MAILBOX, take } from './kills-play.js';

/** Filing by itself, on real processes and engines: 72 hours by fast-forward, the last of them with somebody dead. */

const HOURS_BEFORE = 4;
/** Nobody is called but for what is told here. */
const QUIET = { ...DEFAULT_PLAYBOOK, confirmedHours: [72], repeatAfterMinutes: 5_000, thenEveryMinutes: 5_000 };
const WARNING = 72 - HOURS_BEFORE - 6;
/** Real time goes on between the jumps: more than this test takes. */
const HALF_AN_HOUR = 0.5;
const A_MINUTE = 1 / 60;
const AN_ALARM_AGAIN = 0.1;
const STAFF = ['approver', 'dpo', 'responder'].map((role) => `${role}@hospital.example`);
/** From the instant that is due to the relay's answer, with other tests beside it; a few seconds on a quiet one. */
const A_BUSY_MACHINE_MS = 180_000;

let world: World;
let worker: Process;
const incidents = {
  nobody: aKey(),
  approved: aKey(),
  notToNotify: aKey(),
  noDatabase: aKey(),
  killed: aKey(),
  revoked: aKey(),
};
type Name = keyof typeof incidents;
const idOf = (name: Name): string => incidents[name].id;

const forward = (name: Name, hours: number): Promise<void> =>
  fastForward(world.client, `incident/${idOf(name)}`, hours);
const overTheHour = (name: Name): Promise<void> => forward(name, HALF_AN_HOUR + A_MINUTE);
const decided = (s: IncidentState): boolean => s.automatic?.outcome != null;
const sent = (s: IncidentState): boolean => s.notices.some((n) => n.deliveries[AUTHORITY]?.state === 'sent');
const noticesOf = (name: Name) =>
  world.catcher.messages().filter((m) => m.to.includes(MAILBOX) && m.raw.includes(`<notice.${idOf(name)}.`));
const alarmsOf = (name: Name, milestone: string) =>
  world.catcher.messages().filter((m) => m.raw.includes(`<alarm.${idOf(name)}.${milestone}`));
/** Mail as it is read: without soft line breaks. */
const textOf = (raw: Buffer): string =>
  raw
    .toString('utf8')
    .replaceAll(/=?\r\n/g, ' ')
    .replaceAll(/\s+/g, ' ');
const dueOf = (s: IncidentState): string => plusHours(strictDeadline(s.awareness.awareAt?.at ?? ''), -HOURS_BEFORE);

async function recordOf(name: Name): Promise<IncidentEvent[]> {
  const state = await world.until(idOf(name), sent, 'the notice with the authority');
  await until(
    async () => (await world.stores.ledger.head(idOf(name)).catch(() => null))?.seq ?? 0,
    (seq) => seq >= state.seq,
    'everything on record',
  );
  expect((await world.stores.ledger.verifyChain(idOf(name))).ok).toBe(true);
  return world.ledger(idOf(name));
}

beforeAll(async () => {
  world = await startWorld({ built: true });
  await world.start('serve');
  worker = await world.start('incident');
  await furnish(world);
  const organisation = anOrganisation({ authorities: [AUTHORITY] });
  await world.told('PUT', '/v1/organisation', 'admin', { organisation, playbook: QUIET });
  await world.told('POST', '/v1/organisation/authorisation', 'approver', {
    authorities: [AUTHORITY],
    hoursBeforeDeadline: HOURS_BEFORE,
    until: plusHours(new Date().toISOString(), 24 * 30),
  });
  const names = Object.keys(incidents) as Name[];
  await Promise.all(names.map((name) => take(world, 'declare', incidents[name])));
  await Promise.all(names.map((name) => forward(name, WARNING - HALF_AN_HOUR)));
  expect(names.flatMap((name) => alarmsOf(name, 'automatic-warning'))).toEqual([]);
  await Promise.all(names.map((name) => overTheHour(name)));
  await Promise.all(
    names.map((name) => world.until(idOf(name), (s) => s.automatic?.warnedAt != null, 'the warning on record')),
  );
  await Promise.all(names.map((name) => forward(name, 6 - A_MINUTE - HALF_AN_HOUR)));
  expect(names.flatMap(noticesOf)).toEqual([]);
});
afterAll(() => world?.stop());

test('everybody was warned six hours before, and told what comes', () => {
  const warnings = alarmsOf('nobody', 'automatic-warning');
  expect([...new Set(warnings.flatMap((m) => m.to))].sort()).toEqual(STAFF);
  for (const { raw } of warnings) expect(textOf(raw)).toContain(`one is filed by itself to ${AUTHORITY}`);
});

test('nobody acts: the notice is filed at its instant, once, and says that it was filed by itself', async () => {
  await overTheHour('nobody');
  const state = await world.until(idOf('nobody'), sent, 'the notice with the authority');
  const events = await recordOf('nobody');
  const submitted = events.flatMap((e) => (e.type === 'NoticeSubmitted' ? [e.data.at] : []));
  expect(submitted).toHaveLength(1);
  const lateMs = Date.parse(submitted[0] ?? '') - Date.parse(dueOf(state));
  expect(lateMs).toBeGreaterThanOrEqual(0);
  expect(lateMs).toBeLessThan(A_BUSY_MACHINE_MS);
  const [notice, ...more] = noticesOf('nobody');
  expect(more).toEqual([]);
  expect(textOf(notice?.raw ?? Buffer.alloc(0))).toContain('filed automatically under a standing authorisation');
  await forward('nobody', AN_ALARM_AGAIN); // on a busy machine the first round may not get through
  const told = (): number => new Set(alarmsOf('nobody', 'automatic-filed').flatMap((m) => m.to)).size;
  await world.until(idOf('nobody'), () => told() === STAFF.length, 'everybody told');
  expect(state.tasks.filter((t) => t.doneAt === null).map((t) => t.kind)).toEqual(
    expect.arrayContaining(['review-automatic-notice', 'follow-up-notice', 'record-receipt']),
  );
});

test('a person approves between the warning and the hour: filed once, by the person', async () => {
  await take(world, 'approve', incidents.approved);
  await world.until(idOf('approved'), sent, 'the notice with the authority');
  await overTheHour('approved');
  const events = await recordOf('approved');
  expect(events.filter((e) => e.type === 'NoticeApproved').map((e) => e.actor.role)).toEqual(['approver']);
  expect(noticesOf('approved')).toHaveLength(1);
  expect(textOf(noticesOf('approved')[0]?.raw ?? Buffer.alloc(0))).not.toContain('filed automatically');
});

test('a decision not to notify that waits for its second person withholds it, and everybody hears why', async () => {
  await world.told('POST', `/v1/incidents/${idOf('notToNotify')}/decision`, 'dpo', {
    level: 'UNLIKELY_RISK',
    reasons: 'argued in the test',
  });
  await overTheHour('notToNotify');
  const state = await world.until(idOf('notToNotify'), decided, 'what came of the hour');
  expect(state.automatic?.outcome).toMatchObject({
    filed: [],
    withheld: [{ authority: AUTHORITY, because: ['decision-waits'] }],
  });
  await forward('notToNotify', AN_ALARM_AGAIN);
  const told = (): number => new Set(alarmsOf('notToNotify', 'automatic-withheld').flatMap((m) => m.to)).size;
  await world.until(idOf('notToNotify'), () => told() === STAFF.length, 'everybody told');
  expect(textOf(alarmsOf('notToNotify', 'automatic-withheld')[0]?.raw ?? Buffer.alloc(0))).toContain(
    'waits for its second person',
  );
  expect(noticesOf('notToNotify')).toEqual([]);
});

test('MongoDB is down at that hour: filed at its instant all the same', async () => {
  const mongo = world.killMongo();
  await overTheHour('noDatabase');
  const state = await world.until(idOf('noDatabase'), sent, 'the notice with the authority');
  const at = state.notices[0]?.deliveries[AUTHORITY]?.submittedAt ?? '';
  expect(Date.parse(at) - Date.parse(dueOf(state))).toBeLessThan(A_BUSY_MACHINE_MS);
  expect(noticesOf('noDatabase')).toHaveLength(1);
  await mongo.back();
});

test('the worker is killed when the relay has taken it and nothing says so: a second copy is on record as possible', async () => {
  await worker.stop();
  const doomed = await world.start('incident', { killAt: `journal.answered.before:${idOf('killed')}` });
  const [end] = await Promise.all([
    died(doomed).then(async (how) => {
      worker = await world.start('incident');
      return how;
    }),
    overTheHour('killed'),
  ]);
  expect(end).toBe('SIGKILL');
  const events = await recordOf('killed');
  const ambiguous = events.filter((e) => e.type === 'NoticeOutcomeAmbiguous').length;
  expect(events.filter((e) => e.type === 'NoticeApproved')).toHaveLength(1);
  expect(events.filter((e) => e.type === 'NoticeSubmitted')).toHaveLength(1);
  expect(noticesOf('killed').length).toBeGreaterThanOrEqual(1);
  expect(noticesOf('killed').length).toBeLessThanOrEqual(1 + ambiguous);
  expect(new Set(noticesOf('killed').map((m) => m.raw.toString('latin1'))).size).toBe(1);
});

test('revoked, and no command has carried it: the incident asks the record at the hour, and files nothing', async () => {
  const by = { actor: { id: 'st_dpo', role: 'dpo' } as const, cause: null };
  await world.stores.organisation.revokeAuthorisation(by, 'tested');
  await overTheHour('revoked');
  const state = await world.until(idOf('revoked'), decided, 'what came of the hour');
  expect(state.automatic?.outcome?.withheld).toEqual([{ authority: AUTHORITY, because: ['authorisation-ended'] }]);
  expect(noticesOf('revoked')).toEqual([]);
});

test('what was filed while MongoDB was down is on record afterwards, as filed by the engine', async () => {
  const events = await recordOf('noDatabase');
  expect(events.filter((e) => e.type === 'NoticeApproved')).toEqual([
    expect.objectContaining({ actor: { id: 'engine', role: 'engine' } }),
  ]);
});
