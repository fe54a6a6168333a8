import type { Provision } from './basis.js';

const CHECKED = '2026-11-22';
const GDPR_URL = 'https://eur-lex.europa.eu/eli/reg/2016/679/oj';
const EDPB_URL =
  'https://www.edpb.europa.eu/our-work-tools/our-documents/guidelines/guidelines-92022-personal-data-breach-notification-under_en';
const GDPR_FROM = '2018-05-25';
/** Version 2.0 of the guidelines: the representative no longer decides. */
const EDPB_FROM = '2023-03-28';

/** Which authority is told. */
export const COMPETENCE_LAW = {
  ownTerritory: {
    rule: 'R-501',
    cite: 'GDPR Art. 55(1)',
    says: 'Each authority is competent on the territory of its own Member State.',
    url: GDPR_URL,
    appliesFrom: GDPR_FROM,
    checkedOn: CHECKED,
    evidence: 'knowledge',
  },
  publicBodies: {
    rule: 'R-501',
    cite: 'GDPR Art. 55(2)',
    says: 'For public bodies, and private ones acting under Art. 6(1)(c) or (e), the authority of that Member State is competent; there is no lead authority.',
    url: GDPR_URL,
    appliesFrom: GDPR_FROM,
    checkedOn: CHECKED,
    evidence: 'knowledge',
  },
  leadAuthority: {
    rule: 'R-502',
    cite: 'GDPR Art. 56(1)',
    says: 'For cross-border processing the authority of the main or single establishment leads, and it is the sole interlocutor.',
    url: GDPR_URL,
    appliesFrom: GDPR_FROM,
    checkedOn: CHECKED,
    evidence: 'secondary',
  },
  crossBorder: {
    rule: 'R-503',
    cite: 'GDPR Art. 4(23)',
    says: 'Processing is cross-border when establishments in several Member States are active in it, or when one is and people in several are substantially affected; people abroad alone do not suffice.',
    url: GDPR_URL,
    appliesFrom: GDPR_FROM,
    checkedOn: CHECKED,
    evidence: 'secondary',
  },
  mainEstablishment: {
    rule: 'R-504',
    cite: 'GDPR Art. 4(16) and EDPB Opinion 04/2024',
    says: 'The main establishment is the central administration in the Union, if it decides on purposes and means; when that is decided outside the Union there is none, and no authority leads.',
    url: GDPR_URL,
    appliesFrom: GDPR_FROM,
    checkedOn: CHECKED,
    evidence: 'knowledge',
  },
  noEstablishment: {
    rule: 'R-505',
    cite: 'EDPB Guidelines 9/2022 v2.0, para 73',
    says: 'Without an establishment in the EEA every authority is told in whose Member State affected people live; having a representative there changes nothing.',
    url: EDPB_URL,
    appliesFrom: EDPB_FROM,
    checkedOn: CHECKED,
    evidence: 'secondary',
  },
  localWhenUnsure: {
    rule: 'R-506',
    cite: 'EDPB Guidelines 9/2022, sec. II.C.1',
    says: 'Who is unsure which authority leads tells at least the local one where the breach took place.',
    url: EDPB_URL,
    appliesFrom: EDPB_FROM,
    checkedOn: CHECKED,
    evidence: 'secondary',
  },
  statesAffected: {
    rule: 'R-507',
    cite: 'EDPB Guidelines 9/2022, sec. II.C.1',
    says: 'In a cross-border case the lead authority is told which Member States are affected; others may be informed besides.',
    url: EDPB_URL,
    appliesFrom: EDPB_FROM,
    checkedOn: CHECKED,
    evidence: 'knowledge',
  },
  unitedKingdom: {
    rule: 'R-830',
    cite: 'UK GDPR Art. 33',
    says: 'The United Kingdom is a notice of its own beside those in the EEA, within 72 hours, to the Information Commissioner.',
    url: 'https://www.legislation.gov.uk/eur/2016/679/article/33',
    appliesFrom: '2021-01-01',
    checkedOn: CHECKED,
    evidence: 'knowledge',
  },
  switzerland: {
    rule: 'R-831',
    cite: 'FADP Art. 24',
    says: 'Switzerland is a notice of its own: as soon as possible, of a likely high risk, to the FDPIC.',
    url: 'https://www.fedlex.admin.ch/eli/cc/2022/491/en',
    appliesFrom: '2023-09-01',
    checkedOn: CHECKED,
    evidence: 'secondary',
  },
  peopleUnitedKingdom: {
    rule: 'R-830',
    cite: 'UK GDPR Art. 34(1)',
    says: 'The United Kingdom tells the people concerned on its own law, in the words of the GDPR.',
    url: 'https://www.legislation.gov.uk/eur/2016/679/article/34',
    appliesFrom: '2021-01-01',
    checkedOn: CHECKED,
    evidence: 'knowledge',
  },
  registerUnitedKingdom: {
    rule: 'R-830',
    cite: 'UK GDPR Art. 33(5)',
    says: 'The United Kingdom keeps the record of breaches on its own law, in the words of the GDPR.',
    url: 'https://www.legislation.gov.uk/eur/2016/679/article/33',
    appliesFrom: '2021-01-01',
    checkedOn: CHECKED,
    evidence: 'knowledge',
  },
  peopleSwitzerland: {
    rule: 'R-831',
    cite: 'FADP Art. 24(4)',
    says: 'In Switzerland the people concerned are told where their protection needs it or the FDPIC requires it.',
    url: 'https://www.fedlex.admin.ch/eli/cc/2022/491/en',
    appliesFrom: '2023-09-01',
    checkedOn: CHECKED,
    evidence: 'secondary',
  },
  registerSwitzerland: {
    rule: 'R-831',
    cite: 'DPO Art. 15',
    says: 'In Switzerland the record of a breach is kept at least two years from its notification.',
    url: 'https://www.fedlex.admin.ch/eli/cc/2022/568/en',
    appliesFrom: '2023-09-01',
    checkedOn: CHECKED,
    evidence: 'secondary',
  },
} as const satisfies Record<string, Provision>;
