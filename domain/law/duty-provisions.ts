import type { Provision } from './basis.js';

const CHECKED = '2026-11-22';
const GDPR_URL = 'https://eur-lex.europa.eu/eli/reg/2016/679/oj';
const EDPB_URL =
  'https://www.edpb.europa.eu/our-work-tools/our-documents/guidelines/guidelines-92022-personal-data-breach-notification-under_en';
const GDPR_FROM = '2018-05-25';
/** Version 2.0 of the guidelines. */
const EDPB_FROM = '2023-03-28';

/** Who owes what to whom besides the two plain duties: joint controllers, processors, orders, bundles, duties that come back. */
export const DUTY_LAW = {
  jointControllers: {
    rule: 'R-121',
    cite: 'GDPR Art. 26 and EDPB Guidelines 9/2022, sec. II.A.3',
    says: 'Joint controllers agree who leads on breaches; one may notify for all, each stays answerable, and without an arrangement each notifies itself.',
    url: GDPR_URL,
    appliesFrom: GDPR_FROM,
    checkedOn: CHECKED,
    evidence: 'knowledge',
  },
  frenchFollowUp: {
    rule: 'R-221',
    cite: 'CNIL, help for the notification of breaches',
    says: 'The supplementary notification follows, if possible, within 72 hours after the initial one; when it takes longer, the reasons are given.',
    url: 'https://www.cnil.fr/fr/notifier-une-violation-de-donnees-personnelles',
    appliesFrom: null,
    checkedOn: CHECKED,
    evidence: 'primary',
  },
  eachController: {
    rule: 'R-243',
    cite: 'GDPR Art. 33(2) and EDPB Guidelines 9/2022, sec. II.A.4',
    says: 'A processor that serves several controllers informs each one that is affected.',
    url: EDPB_URL,
    appliesFrom: EDPB_FROM,
    checkedOn: CHECKED,
    evidence: 'knowledge',
  },
  controllerAwareThroughProcessor: {
    rule: 'R-241',
    cite: 'EDPB Guidelines 9/2022, sec. II.A.4',
    says: 'The controller is in principle aware once its processor has informed it; its hours do not run from what the processor knew.',
    url: EDPB_URL,
    appliesFrom: EDPB_FROM,
    checkedOn: CHECKED,
    evidence: 'secondary',
  },
  keyCompromisedLater: {
    rule: 'R-208',
    cite: 'EDPB Guidelines 9/2022, sec. II.D',
    says: 'What needed no notice because it was safely encrypted needs one when the key turns out to be compromised or the algorithm broken.',
    url: EDPB_URL,
    appliesFrom: EDPB_FROM,
    checkedOn: CHECKED,
    evidence: 'secondary',
  },
  riskAssessedAgain: {
    rule: 'R-207',
    cite: 'EDPB Guidelines 9/2022, sec. II.D and IV',
    says: 'The risk is assessed at awareness and again as facts change; a breach first held harmless may become notifiable.',
    url: EDPB_URL,
    appliesFrom: EDPB_FROM,
    checkedOn: CHECKED,
    evidence: 'knowledge',
  },
  bundledNotice: {
    rule: 'R-225',
    cite: 'EDPB Guidelines 9/2022, sec. II.B.3',
    says: 'Several similar breaches, of the same kind of data, breached in the same way, within a short time, may go into one notice; otherwise each is notified on its own.',
    url: EDPB_URL,
    appliesFrom: EDPB_FROM,
    checkedOn: CHECKED,
    evidence: 'knowledge',
  },
  takenBack: {
    rule: 'R-223',
    cite: 'EDPB Guidelines 9/2022, sec. II.B.2',
    says: 'If what was notified turns out to be no breach, the authority is told so; reporting what proves to be none is not penalised.',
    url: EDPB_URL,
    appliesFrom: EDPB_FROM,
    checkedOn: CHECKED,
    evidence: 'knowledge',
  },
  correctedAwareness: {
    rule: 'R-116',
    cite: 'House rule',
    says: 'Awareness is a finding with an author and a reason; a correction keeps both values and both deadlines in sight.',
    url: GDPR_URL,
    appliesFrom: GDPR_FROM,
    checkedOn: CHECKED,
    evidence: 'house',
  },
  encryptionIsUnintelligible: {
    rule: 'R-414',
    cite: 'Reg. (EU) 611/2013 Art. 4(2), by analogy',
    says: 'Unintelligible means encrypted with a standardised algorithm, a key that was compromised in no breach and cannot be found by trying, or a keyed hash under the same conditions; a plain hash does not meet it.',
    url: 'https://eur-lex.europa.eu/eli/reg/2013/611/oj',
    appliesFrom: '2013-08-25',
    checkedOn: CHECKED,
    evidence: 'primary',
  },
  proofOfExemption: {
    rule: 'R-418',
    cite: 'GDPR Art. 5(2) and EDPB Guidelines 9/2022, sec. III.D',
    says: 'The controller must be able to prove to the authority that an exemption from telling people applies.',
    url: GDPR_URL,
    appliesFrom: GDPR_FROM,
    checkedOn: CHECKED,
    evidence: 'knowledge',
  },
  orderOfAuthority: {
    rule: 'R-419',
    cite: 'GDPR Art. 34(4) and Art. 58(2)(e)',
    says: 'The authority may require that the people be told, or may decide that an exemption is met.',
    url: GDPR_URL,
    appliesFrom: GDPR_FROM,
    checkedOn: CHECKED,
    evidence: 'secondary',
  },
  onlyTheAuthorityIsNotHeld: {
    rule: 'R-441',
    cite: 'GDPR Art. 33(1)',
    says: 'The wish of law enforcement to wait concerns telling people; the notice to the authority is not put off by it.',
    url: GDPR_URL,
    appliesFrom: GDPR_FROM,
    checkedOn: CHECKED,
    evidence: 'knowledge',
  },
  proposedNotice: {
    rule: 'R-823',
    cite: 'COM(2025) 837, proposal',
    says: 'Not in force: the authority would be told within 96 hours, and only of a breach that is likely to result in a high risk.',
    url: 'https://eur-lex.europa.eu/legal-content/EN/TXT/?uri=CELEX:52025PC0837',
    appliesFrom: null,
    checkedOn: CHECKED,
    evidence: 'secondary',
  },
} as const satisfies Record<string, Provision>;
