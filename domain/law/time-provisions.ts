import type { Provision } from './basis.js';

const CHECKED = '2026-11-22';
const REG_URL = 'https://eur-lex.europa.eu/eli/reg/1971/1182/oj';
const REG_FROM = '1971-07-01';

/** How periods are counted: Regulation (EEC, Euratom) No 1182/71. For what we act on, elapsed hours. */
export const TIME_LAW = {
  strictHours: {
    rule: 'R-312',
    cite: 'House rule',
    says: 'Everything acts on 72 elapsed hours from awareness: never later than any other reading, and it needs no calendar.',
    url: REG_URL,
    appliesFrom: '2018-05-25',
    checkedOn: CHECKED,
    evidence: 'house',
  },
  hourOfTheEvent: {
    rule: 'R-313',
    cite: 'Reg. 1182/71 Art. 3(1) and 3(2)(a)',
    says: 'The hour in which the event occurs is not counted: a period in hours runs from the next full hour.',
    url: REG_URL,
    appliesFrom: REG_FROM,
    checkedOn: CHECKED,
    evidence: 'primary',
  },
  holidaysCount: {
    rule: 'R-305',
    cite: 'Reg. 1182/71 Art. 3(3)',
    says: 'Periods include public holidays, Sundays and Saturdays, unless these are expressly excepted.',
    url: REG_URL,
    appliesFrom: REG_FROM,
    checkedOn: CHECKED,
    evidence: 'primary',
  },
  rollOver: {
    rule: 'R-306',
    cite: 'Reg. 1182/71 Art. 3(4)',
    says: 'A period that is not in hours and would end on a public holiday, Sunday or Saturday ends with the following working day; one in hours does not.',
    url: REG_URL,
    appliesFrom: REG_FROM,
    checkedOn: CHECKED,
    evidence: 'primary',
  },
  twoWorkingDays: {
    rule: 'R-307',
    cite: 'Reg. 1182/71 Art. 3(5)',
    says: 'A period of two days or more includes at least two working days; whether 72 hours are such a period is contested.',
    url: REG_URL,
    appliesFrom: REG_FROM,
    checkedOn: CHECKED,
    evidence: 'primary',
  },
  holidayLists: {
    rule: 'R-308',
    cite: 'Reg. 1182/71 Art. 2',
    says: 'Public holidays are those of the Member State, or of the institution, in which the action is to be taken.',
    url: REG_URL,
    appliesFrom: REG_FROM,
    checkedOn: CHECKED,
    evidence: 'primary',
  },
  daysAndMonths: {
    rule: 'R-304',
    cite: 'Reg. 1182/71 Art. 3(1) and 3(2)(b), (c)',
    says: 'In days the day of the event is not counted; in weeks, months and years the period ends with the same weekday or date, or the last day of a month that has no such date.',
    url: REG_URL,
    appliesFrom: REG_FROM,
    checkedOn: CHECKED,
    evidence: 'primary',
  },
} as const satisfies Record<string, Provision>;
