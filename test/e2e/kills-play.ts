import { randomUUID } from 'node:crypto';
import { AUTHORITIES } from '../../domain/authorities/directory.js';
import { incidentIdFrom } from '../../domain/incident/ids.js';
import { anOrganisation } from '../build.js';
import { type Body, hashOfKey, until, type World } from '../helpers/processes.js';

/** What people do over HTTP in the kill tests, each step repeated with its key until it is answered. */

export const AUTHORITY = AUTHORITIES.find((row) => row.channel === 'email')?.id ?? '';
export const MAILBOX = 'notices@authority.test';
export const PEOPLE = 30;

/** First log-in, staff, organisation and a verified mailbox. */
export async function furnish(world: World): Promise<void> {
  const secretOf = (answer: Body): string => String(answer['secret']);
  world.logins['admin'] = secretOf(
    await world.told('POST', '/v1/bootstrap', 'bootstrap', {
      name: 'the administrator',
      email: 'admin@hospital.example',
    }),
  );
  for (const role of ['responder', 'dpo', 'approver'] as const) {
    const member = { name: `the ${role}`, email: `${role}@hospital.example`, roles: [role] };
    const { id } = await world.told('POST', '/v1/staff', 'admin', member);
    world.logins[role] = secretOf(await world.told('POST', `/v1/staff/${String(id)}/keys`, 'admin', {}));
  }
  const organisation = anOrganisation({ authorities: [AUTHORITY] });
  await world.told('PUT', '/v1/organisation', 'admin', { organisation });
  const verified = { address: MAILBOX, how: 'called the number on its site' };
  await world.told('POST', `/v1/authorities/${AUTHORITY}/mailbox`, 'dpo', verified);
}

/** A key, and the incident it will give. */
export function aKey(): { key: string; id: string } {
  const key = randomUUID();
  return { key, id: incidentIdFrom(hashOfKey(key), 'live') };
}

export const FACTS = {
  'breach.summary': 'Records of an outpatient clinic were copied by an intruder.',
  'breach.nature': ['CONFIDENTIALITY'],
  'data.categories': ['BASIC', 'CONTACT', 'HEALTH'],
  'people.count': PEOPLE,
  'people.categories': ['PATIENTS'],
  'confidentiality.outcome': 'DISCLOSED',
  'confidentiality.recipients': 'UNKNOWN_RECIPIENTS',
  'breach.cause': 'EXTERNAL_MALICIOUS',
};

export const aDeclaration = () => ({
  title: 'Records copied',
  awareness: { awareAt: { at: new Date().toISOString(), source: 'SOC' } },
});

/** The steps to a delivered notice, in their order. */
export const STEPS = ['declare', 'facts', 'decide', 'approve'] as const;
export type Step = (typeof STEPS)[number];

export async function take(world: World, step: Step, { id, key }: { id: string; key: string }): Promise<void> {
  const at = `/v1/incidents/${id}`;
  switch (step) {
    case 'declare':
      await world.told('POST', '/v1/incidents', 'responder', aDeclaration(), key);
      return;
    case 'facts':
      await world.told('POST', `${at}/facts`, 'responder', { facts: FACTS });
      return;
    case 'decide':
      await world.told('POST', `${at}/decision`, 'dpo', {
        level: 'HIGH_RISK',
        reasons: 'Health data in unknown hands.',
      });
      return;
    case 'approve': {
      const { notices } = await until(
        () => world.told('GET', at, 'dpo') as Promise<{ notices?: { draftSha256: string }[] }>,
        (summary) => (summary.notices ?? []).length > 0,
        `a draft of ${id}`,
      );
      await world.told('POST', `${at}/notices/1/approval`, 'approver', { sha256: notices?.[0]?.draftSha256 });
    }
  }
}

/** Everything before `step`. */
export async function takeUpTo(world: World, step: Step | 'end', incident: { id: string; key: string }): Promise<void> {
  for (const each of STEPS.slice(0, step === 'end' ? STEPS.length : STEPS.indexOf(step)))
    await take(world, each, incident);
}

export const addressOf = (id: string, n: number): string => `p${n}.${id.toLowerCase()}@people.example`;
const csvFor = (id: string, people: number): string =>
  ['email', ...Array.from({ length: people }, (_, i) => addressOf(id, i + 1))].join('\n');

/** List, text and both approvals: all that comes before a mailing starts. */
export async function prepareMailing(
  world: World,
  id: string,
  people = PEOPLE,
): Promise<{ message: string; list: string }> {
  const at = `/v1/incidents/${id}`;
  const list = await world.told('POST', `${at}/people`, 'dpo', csvFor(id, people));
  await world.told('POST', `${at}/people/${String(list['list'])}/acceptance`, 'dpo', {
    sha256: list['sha256'],
    duplicates: list['duplicates'],
  });
  const message = await world.told('POST', `${at}/messages`, 'dpo', {});
  const approval = { sha256: message['sha256'], list: list['list'] };
  for (const who of ['dpo', 'approver'])
    await world.told('POST', `${at}/messages/${String(message['sha256'])}/approval`, who, approval);
  return { message: String(message['message']), list: String(list['list']) };
}

export const startMailing = (world: World, id: string, ready: { message: string; list: string }): Promise<Body> =>
  world.told('POST', `/v1/incidents/${id}/mailings`, 'dpo', ready);
