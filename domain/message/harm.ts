import type { HARMS } from '../incident/lists.js';
import type { DataCategory } from './segments.js';

/** GDPR Art. 9(1) by the form's codes, and data about crimes, Art. 10. */
const SPECIAL: readonly DataCategory[] = [
  'BIOMETRIC',
  'CRIMINAL',
  'POLITICAL',
  'RACE_ETHNIC',
  'RELIGION_PHILOSOPHY',
  'SEX_LIFE_ORIENTATION',
  'TRADE_UNION',
  'GENETIC',
  'HEALTH',
  'EMPLOYMENT_HEALTH',
];
const TELLING: readonly DataCategory[] = [...SPECIAL, 'ECONOMIC_FINANCIAL', 'PROFILE', 'LOCATION', 'ADDITIONAL'];

/** The data that can do each harm; `any` where every kind of data can. House values, read with. */
const NEEDS: Readonly<Record<(typeof HARMS)[number], readonly DataCategory[] | 'any'>> = {
  LOSS_OF_CONTROL: 'any',
  LIMITATION_OF_RIGHTS: 'any',
  DISCRIMINATION: TELLING,
  IDENTITY_THEFT: [
    'BASIC',
    'IDENTIFICATION_NO',
    'OFFICIAL_DOCUMENTS',
    'BIOMETRIC',
    'CREDENTIALS',
    'PAYMENT',
    'ADDITIONAL',
  ],
  FRAUD: 'any',
  FINANCIAL_LOSS: [
    'PAYMENT',
    'CREDENTIALS',
    'ECONOMIC_FINANCIAL',
    'IDENTIFICATION_NO',
    'OFFICIAL_DOCUMENTS',
    'ADDITIONAL',
  ],
  UNAUTHORISED_REVERSAL_OF_PSEUDONYMISATION: 'any',
  DAMAGE_TO_REPUTATION: TELLING,
  LOSS_OF_PROFESSIONAL_SECRECY: TELLING,
  DISCLOSURE_OF_SPECIAL_CATEGORIES: SPECIAL,
  SIGNIFICANT_ECONOMIC_OR_SOCIAL_DISADVANTAGE: [
    ...TELLING,
    'IDENTIFICATION_NO',
    'OFFICIAL_DOCUMENTS',
    'PAYMENT',
    'CREDENTIALS',
  ],
  PHYSICAL_OR_MENTAL_HARM: [...TELLING, 'CONTACT'],
  MATERIAL_OR_NON_MATERIAL_DAMAGE: 'any',
  OTHER: 'any',
  TBD: 'any',
};

/** Whoever lost none of the data that can do a harm is not told of it. */
export function harmCanCome(harm: string, categories: readonly string[]): boolean {
  const needs = (NEEDS as Readonly<Record<string, readonly string[] | 'any'>>)[harm] ?? 'any';
  return needs === 'any' || needs.some((code) => categories.includes(code));
}
