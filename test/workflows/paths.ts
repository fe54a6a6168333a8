import { expect } from '@jest/globals';
import { inForce } from '../../adapters/mongo/standing-authorisation.js';
import { plusHours, toInstant } from '../../domain/clock/instant.js';
import { strictDeadline } from '../../domain/clock/deadlines.js';
import type { Declaration } from '../../domain/incident/commands.js';
import { buildMessage } from '../../domain/message/build.js';
import type { IncidentState } from '../../domain/incident/state.js';
import {
  anOrganisation,
  APPROVER,
  aSetting,
  byEmail,
  byPortal,
  DPO,
  fact,
  HOSPITAL_FACTS,
  RESPONDER,
} from '../build.js';
import { DEFAULT_PLAYBOOK } from '../../domain/incident/organisation.js';
import { anId, type TestEngine } from '../helpers/engine.js';
import { fastForward } from '../helpers/fast-forward.js';

/** Whole lives of an incident, played on real engines. Each answers the incident's id; the caller looks at what is left. */

const aware = (at = toInstant(Date.now())): Partial<Declaration> => ({
  awareness: { awareAt: { at, zone: 'Europe/Dublin', source: 'on-call' } },
});
const sent =
  (authority: string, phase = 1) =>
  (s: IncidentState): boolean =>
    s.notices.find((n) => n.phase === phase)?.deliveries[authority]?.state === 'sent';
const COMPLETE_ENOUGH = 'the rest is on record elsewhere';

async function decided(engine: TestEngine, id: string, level: 'HIGH_RISK' | 'RISK_NOT_HIGH'): Promise<void> {
  await engine.send(id, { type: 'RecordFacts', facts: HOSPITAL_FACTS });
  await decide(engine, id, level);
}

/** Going below what triage proposes takes a second person. */
async function decide(engine: TestEngine, id: string, level: 'HIGH_RISK' | 'RISK_NOT_HIGH'): Promise<void> {
  const command = { type: 'DecideRisk', level, reasons: 'argued in the test', setting: null } as const;
  await engine.until(id, (s) => s.proposal?.factsSeq === s.factsSeq, 'the proposal of triage');
  await engine.send(id, { ...command, confirms: null }, DPO);
  const { decisionProposal } = await engine.gateway.state(id);
  if (decisionProposal) await engine.send(id, { ...command, confirms: decisionProposal.proposal }, APPROVER);
}

async function approved(engine: TestEngine, id: string, phase = 1): Promise<void> {
  const state = await engine.until(id, (s) => s.notices.some((n) => n.phase === phase), `a draft of phase ${phase}`);
  const draft = state.notices.find((n) => n.phase === phase)?.draft;
  await engine.send(
    id,
    { type: 'ApproveNotice', phase, sha256: draft?.sha256 ?? '', hold: false, setting: null },
    APPROVER,
  );
}

async function receipt(engine: TestEngine, id: string, authority: string, phase = 1): Promise<void> {
  const { lastAt } = await engine.gateway.state(id);
  await engine.send(id, {
    type: 'RecordReceipt',
    phase,
    authority,
    reference: 'REF-1',
    receivedAt: lastAt,
    evidence: null,
  });
}

/** A person may say of these that nothing more is sent. */
const MAY_BE_LEFT = ['follow-up-notice', 'approve-notice', 'other'];

/** Settles what is left and closes; the run then ends by itself. */
async function closed(engine: TestEngine, id: string): Promise<void> {
  const { tasks } = await engine.until(
    id,
    (s) => s.tasks.filter((t) => t.doneAt === null).every((t) => MAY_BE_LEFT.includes(t.kind)),
    'only follow-ups open',
  );
  for (const task of tasks.filter((t) => t.doneAt === null)) {
    const by = task.roles.includes('dpo') ? DPO : APPROVER; // that a follow-up is not worth sending says who would approve it
    await engine.send(id, { type: 'CompleteTask', task: task.id, note: COMPLETE_ENOUGH }, by);
  }
  await engine.send(id, { type: 'Close', reason: 'nothing is owed' }, DPO);
  await engine.client.workflow.getHandle(`incident/${id}`).result();
}

/** By e-mail, and the people told. */
export async function byEmailWithPeople(engine: TestEngine): Promise<string> {
  const id = await engine.declare(aware());
  await decided(engine, id, 'HIGH_RISK');
  await approved(engine, id);
  await engine.until(id, sent('ex-authority'), 'the notice sent');
  await receipt(engine, id, 'ex-authority');
  await tellPeople(engine, id, ['ann@people.example', 'ben@people.example', 'cem@people.example']);
  await engine.until(id, (s) => s.notices.length === 2, 'the draft that tells it to the authority');
  await closed(engine, id);
  return id;
}

export async function tellPeople(engine: TestEngine, id: string, addresses: readonly string[]): Promise<void> {
  const begun = await engine.stores.writer.begin(`${id}-list-1`, id);
  if ('frozen' in begun) throw new Error('the list is there already');
  for (const email of addresses) await begun.writer.add({ email, language: 'en' });
  const { list, count, sha256 } = await begun.writer.freeze();
  await engine.send(id, { type: 'FreezePeopleList', list, count, sha256, rejected: 0, duplicates: 0 });
  const state = await engine.gateway.state(id);
  const content = buildMessage({ state, language: 'en' });
  const message = {
    type: 'ApproveMessage',
    message: 'message-1',
    content,
    sha256: await engine.stores.messages.put(content),
    list,
    listSha256: sha256,
  } as const;
  await engine.send(id, message, DPO);
  await engine.send(id, message, APPROVER);
  await engine.send(id, { type: 'StartMailing', message: 'message-1', list }, DPO);
  await engine.until(id, (s) => s.mailings[0]?.state === 'completed', 'the mailing complete');
  // Fewer than are concerned: a person says why that is enough.
  const task = (await engine.gateway.state(id)).tasks.find((t) => t.kind === 'tell-people' && t.doneAt === null);
  if (task) await engine.send(id, { type: 'CompleteTask', task: task.id, note: 'the others are at no high risk' }, DPO);
}

/** At a portal: a pack for a person, who files it and records the receipt. */
export async function byPortalAlone(engine: TestEngine): Promise<string> {
  const id = await engine.declare({ ...aware(), setting: aSetting({ authorities: [byPortal()] }) });
  await decided(engine, id, 'RISK_NOT_HIGH');
  await approved(engine, id);
  await engine.until(id, (s) => s.tasks.some((t) => t.kind === 'file-at-portal'), 'the portal pack');
  await receipt(engine, id, 'ex-portal-authority');
  await closed(engine, id);
  return id;
}

export async function twoAuthorities(engine: TestEngine): Promise<string> {
  const id = await engine.declare({ ...aware(), setting: aSetting({ authorities: [byEmail(), byPortal()] }) });
  await decided(engine, id, 'RISK_NOT_HIGH');
  await approved(engine, id);
  await engine.until(
    id,
    (s) => sent('ex-authority')(s) && s.tasks.some((t) => t.kind === 'file-at-portal'),
    'both on their way',
  );
  await receipt(engine, id, 'ex-authority');
  await receipt(engine, id, 'ex-portal-authority');
  await closed(engine, id);
  return id;
}

export async function notNotified(engine: TestEngine): Promise<string> {
  const id = await engine.declare(aware());
  await engine.send(id, {
    type: 'RecordFacts',
    facts: [fact('breach.nature', ['AVAILABILITY']), fact('data.unintelligible', 'PROTECTION_INTACT')],
  });
  const decide = {
    type: 'DecideRisk',
    level: 'UNLIKELY_RISK',
    reasons: 'encrypted, the key is safe, a copy exists',
    setting: null,
  } as const;
  await engine.send(id, { ...decide, confirms: null }, DPO);
  const { decisionProposal } = await engine.gateway.state(id);
  await engine.send(id, { ...decide, confirms: decisionProposal?.proposal ?? '' }, APPROVER);
  await closed(engine, id);
  return id;
}

export async function withdrawnSuspicion(engine: TestEngine): Promise<string> {
  const id = await engine.declare({ awareness: {} });
  await engine.send(
    id,
    { type: 'Withdraw', because: 'not_a_breach', duplicateOf: null, reason: 'test data', confirms: null },
    DPO,
  );
  await engine.client.workflow.getHandle(`incident/${id}`).result();
  return id;
}

/** Nobody decides for 72 hours: every milestone comes, a notice is drafted by itself, and what is late is said to be. */
export async function undecidedToTheEnd(engine: TestEngine): Promise<string> {
  const declaredAt = toInstant(Date.now());
  const id = await engine.declare(aware(declaredAt));
  const workflowId = `incident/${id}`;
  const acknowledge = async (): Promise<void> => {
    await engine.until(
      id,
      (s) => s.milestones.some((m) => m.reachedAt && !m.acknowledgedBy && m.rounds > 0),
      'an alarm',
    );
    await engine.send(id, { type: 'Acknowledge', milestone: null });
  };
  await acknowledge();
  let passed = 0;
  for (const hours of [24, 48, 60, 66, 70, 71, 72]) {
    const rung = (s: IncidentState) => s.milestones.find((m) => m.id === `aware+${hours}h`);
    await fastForward(engine.client, workflowId, hours - passed - 0.01);
    passed = hours - 0.01;
    expect(rung(await engine.gateway.state(id))?.reachedAt).toBeNull();
    await fastForward(engine.client, workflowId, 0.02);
    passed += 0.02;
    const reached = await engine.until(id, (s) => rung(s)?.reachedAt != null, `aware+${hours}h`);
    const late = Date.parse(rung(reached)?.reachedAt ?? '') - Date.parse(rung(reached)?.dueAt ?? '');
    expect(late).toBeGreaterThanOrEqual(0);
    expect(late).toBeLessThan(5_000);
    await acknowledge();
  }
  const state = await engine.until(
    id,
    (s) => s.notices[0]?.draft.content.timeline.late === true,
    'a draft that says it is late',
  );
  expect(state.duties.find((d) => d.kind === 'authority-notice')).toMatchObject({
    state: 'open',
    dueAt: strictDeadline(state.awareness.awareAt?.at ?? ''),
  });
  await engine.send(id, {
    type: 'RecordFacts',
    facts: [fact('notice.reasonsForDelay', 'The team could not be reached.')],
  });
  await engine.until(
    id,
    (s) => s.notices[0]?.draft.content.timeline.reasonsForDelay.state === 'given',
    'the reasons in the draft',
  );
  await approved(engine, id);
  await engine.until(id, sent('ex-authority'), 'the notice sent');
  await receipt(engine, id, 'ex-authority');
  await decide(engine, id, 'RISK_NOT_HIGH');
  await approved(engine, id, 2); // what changed since is told too
  await engine.until(id, sent('ex-authority', 2), 'the follow-up sent');
  await receipt(engine, id, 'ex-authority', 2);
  await closed(engine, id);
  return id;
}

/** Closed, and opened again by a fact that the decision rested on. */
export async function reopenedByAFact(engine: TestEngine): Promise<string> {
  const id = await notNotified(engine);
  const head = await engine.stores.ledger.head(id);
  await engine.gateway.resume(id, head?.seq ?? 0);
  await engine.send(
    id,
    {
      type: 'RecordFacts',
      facts: [fact('data.unintelligible', 'NO'), ...HOSPITAL_FACTS.filter((f) => f.id !== 'data.unintelligible')],
    },
    RESPONDER,
  );
  await engine.until(
    id,
    (s) => s.phase === 'notifying' && s.tasks.some((t) => t.kind === 'decide-risk' && t.doneAt === null),
    'open again',
  );
  await decide(engine, id, 'RISK_NOT_HIGH');
  await approved(engine, id);
  await engine.until(id, sent('ex-authority'), 'the notice sent');
  await receipt(engine, id, 'ex-authority');
  await closed(engine, id);
  return id;
}

/**
 * No establishment in the EEA: at first nobody knows which authority is told, then one country is known, and after its notice two more. Each has
 * its notice, Switzerland without an hour.
 */
export async function countryThatArrivesLater(engine: TestEngine): Promise<string> {
  const setting = aSetting({
    organisation: anOrganisation({
      sector: 'PRIVATE',
      establishments: [{ country: 'US', main: true }],
      authorities: [],
    }),
    authorities: [],
    ways: [byEmail('at-dsb', { name: 'The authority in Austria', country: 'AT', zone: 'Europe/Vienna' })],
  });
  const countries = (of: Record<string, number>) =>
    engine.send(id, { type: 'RecordFacts', facts: [fact('people.countries', of)] });
  const id = await engine.declare({ ...aware(), setting });
  await engine.send(id, { type: 'RecordFacts', facts: HOSPITAL_FACTS });
  await countries({ AT: 1200 });
  await decide(engine, id, 'HIGH_RISK');
  await approved(engine, id);
  await engine.until(id, sent('at-dsb'), 'the notice sent');
  await receipt(engine, id, 'at-dsb');
  await countries({ AT: 1100, CH: 5, PT: 95 });
  await approved(engine, id, 2);
  const packs = (s: IncidentState) => s.tasks.filter((t) => t.kind === 'file-at-portal' && t.doneAt === null).length;
  await engine.until(id, (s) => sent('at-dsb', 2)(s) && packs(s) === 2, 'the follow-up sent, and two packs ready');
  for (const authority of ['at-dsb', 'ch-edoeb', 'pt-cnpd']) await receipt(engine, id, authority, 2);
  const told = (await engine.gateway.state(id)).tasks.find((t) => t.kind === 'tell-people' && t.doneAt === null);
  await engine.send(id, { type: 'CompleteTask', task: told?.id ?? '', note: 'by letter, to each of them' }, DPO);
  await engine.until(id, (s) => s.notices.length === 3, 'the draft that tells it to the authorities');
  await closed(engine, id);
  return id;
}

/** Nobody approves, and a standing authorisation is on record: filed by itself at its hour; a person sends the rest. */
export async function filedByItself(engine: TestEngine): Promise<string> {
  const { organisation } = engine.stores;
  const by = { actor: { id: 'st_admin', role: 'admin' } as const, cause: null };
  const email = `approver-${anId()}@hospital.example`;
  const { id: approver } = await organisation.addStaff(by, {
    name: 'the approver',
    email,
    roles: ['approver'],
    deputy: false,
  });
  const declaredAt = toInstant(Date.now());
  await organisation.authorise(
    { actor: { id: approver, role: 'approver' }, cause: null },
    { authorities: ['ex-authority'], hoursBeforeDeadline: 4, until: plusHours(declaredAt, 24 * 30) },
  );
  const standing = inForce(await organisation.authorisation());
  const { contacts } = aSetting();
  const setting = aSetting({
    standing,
    contacts: [...contacts, { id: approver, roles: ['approver'], deputy: false, email }],
    playbook: { ...DEFAULT_PLAYBOOK, confirmedHours: [72], repeatAfterMinutes: 5_000, thenEveryMinutes: 5_000 },
  });
  const id = await engine.declare({ ...aware(declaredAt), setting });
  const workflowId = `incident/${id}`;
  await fastForward(engine.client, workflowId, 62.1);
  await engine.until(id, (s) => s.automatic?.warnedAt != null, 'the warning');
  await fastForward(engine.client, workflowId, 6);
  await engine.until(id, sent('ex-authority'), 'the notice sent');
  await receipt(engine, id, 'ex-authority');
  await decided(engine, id, 'RISK_NOT_HIGH');
  await approved(engine, id, 2);
  await engine.until(id, sent('ex-authority', 2), 'the follow-up sent');
  await receipt(engine, id, 'ex-authority', 2);
  await closed(engine, id);
  return id;
}

export const PATHS = {
  'by-email-with-people': byEmailWithPeople,
  'by-portal': byPortalAlone,
  'two-authorities': twoAuthorities,
  'not-notified': notNotified,
  'withdrawn-suspicion': withdrawnSuspicion,
  'undecided-to-the-end': undecidedToTheEnd,
  'reopened-by-a-fact': reopenedByAFact,
  'country-that-arrives-later': countryThatArrivesLater,
  'filed-by-itself': filedByItself,
} as const;
export type PathName = keyof typeof PATHS;
