import type { FactInput } from '../../../domain/incident/facts.js';
import type { Organisation } from '../../../domain/incident/organisation.js';
import { buildNotice, type NoticeSource, sourceFromFacts } from '../../../domain/notice/build.js';
import type { NoticeContent, NoticeEnvelope } from '../../../domain/notice/model.js';
import {
  AWARE,
  anOrganisation,
  byEmail,
  byPortal,
  fact,
  HOSPITAL_FACTS,
  hospitalMessage,
  hoursAfter,
} from '../../build.js';
import { factsOf } from '../../domain/notice/generated.js';
import { anEnvelope } from './sample.js';

/** Notices as they come in life, one for each kind and completeness: for the checks of the PDF and the form. */
export interface NoticeCase {
  readonly name: string;
  readonly content: NoticeContent;
  readonly envelope: NoticeEnvelope;
}

const HIGH = { level: 'HIGH_RISK', reasons: 'Health data of patients are in unknown hands.' } as const;
const source = (
  facts: readonly FactInput[],
  over: Partial<NoticeSource> = {},
  organisation: Partial<Organisation> = {},
): NoticeSource => ({
  ...sourceFromFacts({
    id: 'BR-7K3M-9QXD',
    mode: 'live',
    facts: factsOf(...facts),
    awareness: {
      firstHintAt: { at: hoursAfter(-6), zone: 'Europe/Dublin', source: 'test', by: 'st_1', recordedAt: AWARE },
      awareAt: { at: AWARE, zone: 'Europe/Dublin', source: 'test', by: 'st_1', recordedAt: AWARE },
    },
    setting: { organisation: anOrganisation(organisation), authorities: [byEmail(), byPortal()] },
    decision: HIGH,
  }),
  ...over,
});
const build = (
  state: NoticeSource,
  hours: number,
  previous: NoticeContent | null = null,
  withdraw: string | null = null,
) => buildNotice({ state, at: hoursAfter(hours), rules: 'gdpr-2018', previous, withdraw });

/** Everything that a complete notice owes. */
export const WHOLE_FACTS: readonly FactInput[] = [
  ...HOSPITAL_FACTS,
  fact('breach.occurrence', 'RANGE'),
  fact('breach.startedAt', '2026-02-28T22:10:00.000Z'),
  fact('breach.endedAt', '2026-03-02T05:40:00.000Z'),
  fact('breach.discoveredBy', 'CONTROLLER'),
  fact('breach.discoveryDetail', 'The night monitoring reported an unusual export from the record system.'),
  fact('breach.rootCause', 'A known weakness in the remote access gateway had not been patched.'),
  fact('breach.systems', ['Patient record system, own data centre in Dublin', 'Remote access gateway']),
  fact('breach.timelineNotes', 'The gateway was shut at 05:40 UTC on 2 March.'),
  fact('notice.awarenessReason', 'The export had to be compared with planned maintenance first.'),
  fact('people.detail', 'Outpatients of the years 2023 to 2026, about 90 of them minors.'),
  fact('people.countries', { IE: 1100, GB: 70, FR: 30 }),
  fact('data.detail', 'Name, address, appointments and diagnosis codes; no free text of doctors.'),
  fact('data.records', { min: 3000, likely: 3400, max: 4000 }, 'estimated'),
  fact('measures.before', ['BACKUP_RECOVERY', 'LOGICAL_ACCESS_CONTROL', 'TRAINING']),
  fact('measures.beforeDetail', 'Two-factor login for staff, nightly backups, yearly training.'),
  fact('confidentiality.consequences', ['WIDER_DISCLOSURE', 'OTHER_PURPOSES']),
  fact('harm.types', ['LOSS_OF_CONTROL', 'DISCLOSURE_OF_SPECIAL_CATEGORIES', 'FRAUD']),
  fact('harm.severity', 'SEVERE'),
  fact('harm.detail', 'Others may learn of treatments; callers may pretend to be the clinic.'),
  fact('measures.taken', 'Access closed, passwords reset, copies of the export asked to be taken down.'),
  fact('measures.prevention', ['UP_TO_DATE_SYSTEMS', 'AUDITS']),
  fact('measures.preventionDetail', 'Weaknesses that are known to be exploited are patched within 48 hours.'),
  fact('communication.plannedOn', '2026-03-04'),
  fact('communication.advice', 'Be careful with calls that mention a treatment.'),
  fact('parties.others', ['Hosting Ltd, processor, service.desk@hosting.example, +353 1 555 0100']),
  fact('crossBorder.processing', 'NO'),
  fact('police.reported', 'YES'),
  fact('authorities.others', 'National cyber security centre, case 2026-0417'),
];

const SCRIPTS: readonly FactInput[] = [
  fact('breach.summary', 'Αντιγράφηκαν αρχεία ασθενών· η πρόσβαση έκλεισε αμέσως. Ώρα: 05:40.'),
  fact('breach.rootCause', 'Известна уязвимост във външния портал не беше отстранена навреме („шлюз“).'),
  fact('measures.taken', 'Zażółć gęślą jaźń: odcięto dostęp, zmieniono hasła, powiadomiono dostawcę usług.'),
  fact('data.detail', 'Příliš žluťoučký kůň, Árvíztűrő tükörfúrógép, Þórður æ ð, ĦħĠġ, ŠšŽžČč'),
];

const first = (): NoticeContent => build(source(HOSPITAL_FACTS), 30);
const submitted = {
  notices: [{ deliveries: { 'ex-authority': { submittedAt: hoursAfter(31) } } }],
};
const totals = { total: 1200, accepted: 1200, refused: 0, deferred: 0, suppressed: 0, ambiguous: 0, resent: 0 };
const told: Partial<NoticeSource> = {
  messages: [{ id: 'm1', content: hospitalMessage(), sha256: '', list: 'l1', listSha256: '', approvals: [] }],
  mailings: [
    { mailing: 1, message: 'm1', list: 'l1', count: 1200, state: 'completed', totals, completedAt: hoursAfter(50) },
  ],
};
const earlierReference = 'EX-2026-0815';

export const noticeCases = (): readonly NoticeCase[] => [
  {
    name: 'high-risk-hospital',
    content: build(source(WHOLE_FACTS), 40),
    envelope: anEnvelope({ releasedAt: hoursAfter(41) }),
  },
  {
    name: 'thin',
    content: build(source([fact('breach.summary', 'Records are missing.')], { decision: null }), 71),
    envelope: anEnvelope({ releasedAt: hoursAfter(71.9), ledgerHead: null }),
  },
  {
    name: 'late-with-reasons',
    content: build(
      source(
        [
          ...WHOLE_FACTS.filter(({ id }) => id !== 'data.records' && id !== 'communication.plannedOn'),
          fact('data.records', null, 'undeterminable'),
          fact('notice.reasonsForDelay', 'The person on call was not reached; two alarms were not acknowledged.'),
        ],
        { decision: { level: 'RISK_NOT_HIGH', reasons: 'Nobody outside can read the diagnosis codes.' } },
      ),
      80,
    ),
    envelope: anEnvelope({ releasedAt: hoursAfter(80.5) }),
  },
  {
    name: 'follow-up',
    content: build(source(WHOLE_FACTS, { ...submitted, ...told }), 90, first()),
    envelope: anEnvelope({ releasedAt: hoursAfter(91), earlierReference }),
  },
  {
    name: 'follow-up-incomplete',
    content: build(
      source([...HOSPITAL_FACTS, fact('people.count', { min: 1200, likely: 1450, max: 1600 }, 'estimated')], submitted),
      60,
      first(),
    ),
    envelope: anEnvelope({ releasedAt: hoursAfter(61), earlierReference }),
  },
  {
    name: 'withdrawal',
    content: build(
      source(HOSPITAL_FACTS, submitted),
      100,
      first(),
      'The export was a planned one: nobody outside got data.',
    ),
    envelope: anEnvelope({ releasedAt: hoursAfter(101), earlierReference }),
  },
  {
    name: 'scripts-drill',
    content: {
      ...build(
        source(
          [...WHOLE_FACTS, ...SCRIPTS],
          { id: 'EX-7K3M-9QXD', mode: 'drill' },
          {
            name: 'Νοσοκομείο Παραδείγματος · Болница Пример · Szpital Przykładowy',
          },
        ),
        40,
      ),
      filedAutomatically: true,
    },
    envelope: anEnvelope({
      authority: 'gr-dpa',
      authorityName: 'Αρχή Προστασίας Δεδομένων Προσωπικού Χαρακτήρα',
      releasedAt: hoursAfter(41),
    }),
  },
];
