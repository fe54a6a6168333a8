import { AUTHORITIES } from '../../domain/authorities/directory.js';
import { FACTS, type FactSpec } from '../../domain/incident/facts.js';

/** Every canary begins with it, so that one search finds them all; what follows says where it came from. */
export const CANARY = 'kanarie4711zulu';
/** Planted in clear where nothing of ours would: the search must find it. */
export const CONTROL = 'kontrolle0815zulu';
export const canary = (where: string): string => `${CANARY}-${where}`;
export const text = (where: string): string => `A sentence with ${canary(where)} in it.`;
export const mailbox = (where: string, domain: string): string => `${canary(where)}@${domain}`;

export const AUTHORITY = AUTHORITIES.find((row) => row.channel === 'email')?.id ?? '';

/** With a canary in everything that is text. */
export const organisation = () => ({
  name: canary('organisation'),
  role: 'controller',
  zone: 'Europe/Dublin',
  languages: ['en'],
  contact: {
    address: text('office'),
    email: mailbox('office', 'hospital.example'),
    phone: canary('phone'),
    website: `https://hospital.example/${canary('site')}`,
  },
  identifier: { type: 'VAT', value: canary('vat') },
  sector: 'PUBLIC',
  activity: 'Q',
  establishments: [{ country: 'IE', main: true }],
  dpo: { name: canary('dpo-name'), email: mailbox('dpo-box', 'hospital.example'), phone: canary('dpo-phone') },
  representative: { name: canary('representative'), address: text('representative') },
  reportingPerson: {
    name: canary('reporter'),
    email: mailbox('reporter', 'hospital.example'),
    function: 'AUTHORISED_OTHER',
    description: text('reporter'),
  },
  authorities: [AUTHORITY],
  publicContact: `https://hospital.example/${canary('public')}`,
  senderAddress: mailbox('sender', 'hospital.example'),
});

/** Every fact that takes free text, with a canary of its own; each with a source that has one too. */
export function facts(): Record<string, unknown> {
  const plain: Record<string, unknown> = {
    'breach.nature': ['CONFIDENTIALITY'],
    'data.categories': ['HEALTH', 'CONTACT'],
    'people.count': 3,
    'people.categories': ['PATIENTS'],
    'confidentiality.outcome': 'DISCLOSED',
    'confidentiality.recipients': 'UNKNOWN_RECIPIENTS',
    'breach.cause': 'EXTERNAL_MALICIOUS',
  };
  const free = Object.entries<FactSpec>(FACTS).flatMap(([id, { type }]) =>
    type === 'text' ? [[id, text(id)]] : type === 'text_list' ? [[id, [text(id), canary(`${id}-2`)]]] : [],
  );
  return Object.fromEntries(
    [...Object.entries(plain), ...free].map(([id, value]) => [
      String(id),
      { value, certainty: 'known', source: text(`source-${String(id)}`) },
    ]),
  );
}
