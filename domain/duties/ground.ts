import { competent, toBeTold } from '../authorities/competence.js';
import { findAuthority } from '../authorities/directory.js';
import type { Facts } from '../incident/facts.js';
import type { Organisation } from '../incident/organisation.js';
import type { Basis } from '../law/basis.js';
import { basisOf, LAW } from '../law/provisions.js';

const ELSEWHERE = {
  'people-message': { GB: LAW.peopleUnitedKingdom, CH: LAW.peopleSwitzerland },
  register: { GB: LAW.registerUnitedKingdom, CH: LAW.registerSwitzerland },
} as const;
const IN_UNION = { 'people-message': LAW.tellPeople, register: LAW.register } as const;

type Owner = Pick<Organisation, 'establishments' | 'sector' | 'authorities'>;

/** On which law the people are told and the register is kept: the one of the authorities that are told, the GDPR as soon as one of the EEA is. */
export function groundOfDuty(kind: keyof typeof ELSEWHERE, organisation: Owner | undefined, facts: Facts): Basis {
  const told = organisation ? toBeTold(organisation.authorities, competent({ organisation, facts })) : [];
  const laws = told.map((id) => {
    const country = findAuthority(id)?.country;
    return country === 'GB' || country === 'CH' ? ELSEWHERE[kind][country] : IN_UNION[kind];
  });
  return basisOf(laws.find((law) => law === IN_UNION[kind]) ?? laws[0] ?? IN_UNION[kind]);
}
