import { type Instant, plusHours, toInstant } from '../domain/clock/instant.js';
import type { Command, CommandRequest, Declaration } from '../domain/incident/commands.js';
import { type Decision, decide, declare, POLICY, pass } from '../domain/incident/decide.js';
import type { Actor, Cause, IncidentEvent, Setting } from '../domain/incident/events.js';
import { fold } from '../domain/incident/evolve.js';
import type { FactId, FactInput, FactValue } from '../domain/incident/facts.js';
import { DEFAULT_PLAYBOOK, type Organisation } from '../domain/incident/organisation.js';
import type { Refusal } from '../domain/incident/refusals.js';
import type { IncidentState } from '../domain/incident/state.js';
import type { PeopleMessage } from '../domain/message/model.js';

/** Builders: a test mentions only what matters to it. */

export const AWARE: Instant = '2026-03-02T09:00:00.000Z';
export const hoursAfter = (hours: number): Instant => plusHours(AWARE, hours);

export const anOrganisation = (over: Partial<Organisation> = {}): Organisation => ({
  name: 'Hospital of the Example',
  role: 'controller',
  zone: 'Europe/Dublin',
  languages: ['en'],
  contact: {
    address: '1 Example Street, Dublin',
    email: 'office@hospital.example',
    phone: '+353 1 000 0000',
    website: 'https://hospital.example',
  },
  sector: 'PUBLIC',
  activity: 'Q',
  establishments: [{ country: 'IE', main: true }],
  dpo: { name: 'The DPO', email: 'dpo@hospital.example' },
  reportingPerson: { name: 'The DPO', email: 'dpo@hospital.example', function: 'DPO' },
  authorities: ['ex-authority'],
  publicContact: 'https://hospital.example/incident',
  senderAddress: 'breach@hospital.example',
  ...over,
});

const CHECKED = toInstant(Date.now()); // a check holds for 180 days, and some tests live in real time

export const byEmail = (authority = 'ex-authority', over: object = {}): Setting['authorities'][number] => ({
  authority,
  name: 'Exercise Authority',
  country: 'IE',
  zone: 'Europe/Dublin',
  channel: 'email',
  address: 'notices@authority.test',
  portal: null,
  language: 'en',
  mailboxVerifiedAt: CHECKED,
  ...over,
});
export const byPortal = (authority = 'ex-portal-authority'): Setting['authorities'][number] =>
  byEmail(authority, {
    channel: 'portal',
    address: null,
    portal: 'https://portal.authority.test',
    mailboxVerifiedAt: null,
  });

export const aSetting = (over: Partial<Setting> = {}): Setting => ({
  organisation: anOrganisation(),
  contacts: [
    { id: 'st_responder', roles: ['responder'], deputy: false, email: 'oncall@hospital.example' },
    { id: 'st_dpo', roles: ['dpo'], deputy: false, email: 'dpo@hospital.example' },
    { id: 'st_approver', roles: ['approver'], deputy: false, email: 'board@hospital.example' },
    { id: 'st_deputy', roles: ['dpo', 'approver'], deputy: true, email: 'deputy@hospital.example' },
  ],
  authorities: [byEmail()],
  playbook: DEFAULT_PLAYBOOK,
  ...over,
});

export const fact = (id: FactId, value: FactValue | null, certainty: FactInput['certainty'] = 'known'): FactInput => ({
  id,
  value,
  certainty,
  source: 'test',
});
export const count = (likely: number): FactValue => ({ min: likely, likely, max: likely });

/** Enough to triage a case of high risk: a hospital's records taken. */
export const HOSPITAL_FACTS: readonly FactInput[] = [
  fact('breach.summary', 'Records of an outpatient clinic were copied by an intruder.'),
  fact('breach.nature', ['CONFIDENTIALITY']),
  fact('data.categories', ['BASIC', 'CONTACT', 'HEALTH']),
  fact('people.count', count(1200)),
  fact('people.categories', ['PATIENTS']),
  fact('confidentiality.outcome', 'DISCLOSED'),
  fact('confidentiality.recipients', 'UNKNOWN_RECIPIENTS'),
  fact('breach.cause', 'EXTERNAL_MALICIOUS'),
  fact('breach.incidentTypes', ['EXFILTRATION']),
  fact('data.identifiability', 'MAXIMUM'),
  fact('data.unintelligible', 'NO'),
];

export const aDeclaration = (over: Partial<Declaration> = {}): Declaration => ({
  incidentId: 'BR-7K3M-9QXD',
  mode: 'live',
  policy: POLICY,
  title: 'Records copied',
  facts: [],
  setting: aSetting(),
  clock: null,
  awareness: { awareAt: { at: AWARE, zone: 'Europe/Dublin', source: 'on-call' } },
  ...over,
});
export const aSuspicion = (over: Partial<Declaration> = {}): Declaration =>
  aDeclaration({ awareness: { firstHintAt: { at: AWARE, zone: 'Europe/Dublin', source: 'a caller' } }, ...over });

export const RESPONDER: Actor = { id: 'st_responder', role: 'responder' };
export const DPO: Actor = { id: 'st_dpo', role: 'dpo' };
export const APPROVER: Actor = { id: 'st_approver', role: 'approver' };

let keys = 0;
export const aCause = (key = `key-${++keys}`, body = key): Cause => ({ keyHash: key, bodyHash: body });
export const request = (command: Command, actor: Actor = DPO, over: Partial<CommandRequest> = {}): CommandRequest => ({
  command,
  actor,
  loginMadeBy: null,
  cause: aCause(),
  ...over,
});

export const hospitalMessage = (mode: 'live' | 'drill' = 'live'): PeopleMessage => ({
  model: 1,
  incident: 'BR-7K3M-9QXD',
  mode,
  language: 'en',
  subject: 'Your data',
  whatHappened: 'Somebody copied records.',
  when: 'On 1 March.',
  whichDataOfYours: 'Your name and your appointment.',
  consequences: 'Others may learn of your treatment.',
  whatWeDid: 'We closed the gap.',
  whatYouCanDo: 'Be careful with calls.',
  contact: 'https://hospital.example/incident',
  dpo: 'dpo@hospital.example',
  authorityYouMayTurnTo: 'Exercise Authority',
  fraudWarning: 'We never ask for passwords.',
  caseRefPublic: 'BR-7K3M-9QXD',
});

/** An incident that is played in a test: commands in, state and events out. */
export class Play {
  events: IncidentEvent[];
  constructor(declaration: Declaration = aDeclaration(), at: Instant = AWARE, actor: Actor = RESPONDER) {
    this.events = [...declare(declaration, actor, aCause(), at)];
  }
  get state(): IncidentState {
    const state = fold(this.events);
    if (!state) throw new Error('nothing declared');
    return state;
  }
  try(command: Command, at: Instant, actor?: Actor, over?: Partial<CommandRequest>): Decision {
    const decision = decide(this.state, request(command, actor, over), at);
    if ('events' in decision) this.events.push(...decision.events);
    return decision;
  }
  do(command: Command, at: Instant, actor?: Actor, over?: Partial<CommandRequest>): this {
    const decision = this.try(command, at, actor, over);
    if ('refusals' in decision) throw new Error(`refused: ${JSON.stringify(decision.refusals)}`);
    return this;
  }
  refused(command: Command, at: Instant, actor?: Actor, over?: Partial<CommandRequest>): Refusal['code'][] {
    const decision = this.try(command, at, actor, over);
    return 'refusals' in decision ? decision.refusals.map((r) => r.code) : [];
  }
  pass(at: Instant): this {
    this.events.push(...pass(this.state, at));
    return this;
  }
  types(): string[] {
    return this.events.map((e) => e.type);
  }
  reached(): { id: string; at: Instant; because: string; owed: boolean }[] {
    return this.events.flatMap((e) =>
      e.type === 'MilestoneReached'
        ? [{ id: e.data.milestone.id, at: e.data.reachedAt, because: e.data.because, owed: e.data.owed }]
        : [],
    );
  }
}
