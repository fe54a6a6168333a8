import { performance } from 'node:perf_hooks';
import type { Facts } from '../domain/incident/facts.js';
import { checkFacts, rawFacts } from '../domain/incident/facts-check.js';
import { DEFAULT_PLAYBOOK } from '../domain/incident/organisation.js';
import { assess } from '../domain/risk/assess.js';
import { caseOf } from '../domain/risk/read-case.js';
import { severityOf } from '../domain/risk/severity.js';

const TIMES = 10_000;
const AT = '2026-03-02T12:00:00.000Z';

/** A big file, a small one, and nothing at all: what is not known costs a second reading. */
const FILES: readonly Readonly<Record<string, unknown>>[] = [
  {
    'breach.nature': ['CONFIDENTIALITY', 'AVAILABILITY'],
    'breach.incidentTypes': ['RANSOMWARE', 'EXFILTRATION'],
    'breach.cause': 'EXTERNAL_MALICIOUS',
    'data.categories': ['BASIC', 'CONTACT', 'HEALTH', 'IDENTIFICATION_NO'],
    'data.identifiability': 'MAXIMUM',
    'data.unintelligible': 'NO',
    'people.categories': ['PATIENTS', 'EMPLOYEES'],
    'people.count': '1200-6000',
    'confidentiality.outcome': 'DISCLOSED',
    'confidentiality.recipients': 'UNKNOWN_RECIPIENTS',
    'availability.outcome': 'TEMPORARY',
    'availability.recovery': 'WITH_EFFORT',
    'availability.effectOnPeople': true,
    'harm.severity': 'SEVERE',
    'harm.types': ['IDENTITY_THEFT', 'DISCRIMINATION'],
  },
  {
    'breach.nature': ['CONFIDENTIALITY'],
    'data.categories': ['CONTACT'],
    'people.count': 40,
    'breach.cause': 'UNKNOWN',
  },
  {},
];

function recorded(given: Readonly<Record<string, unknown>>): Facts {
  const { facts, problems } = checkFacts(rawFacts(given, 'the benchmark'));
  if (problems.length > 0) throw new Error('The facts of the benchmark do not fit the catalogue any more.');
  return Object.fromEntries(facts.map((fact) => [fact.id, { ...fact, by: 'bench', at: AT }]));
}

function millisecondsOf(work: (facts: Facts) => unknown, all: readonly Facts[]): number {
  for (const facts of all) for (let n = 0; n < 300; n += 1) work(facts); // compiled before it is measured
  const start = performance.now();
  for (let n = 0; n < TIMES; n += 1) work(all[n % all.length] ?? {});
  return performance.now() - start;
}

/** 10,000 assessments in one process, beside the severity score alone, which is the least that any assessment must do. */
export function assessments(): string[] {
  const all = FILES.map(recorded);
  const score = millisecondsOf((facts) => {
    const { of, assumptions } = caseOf(facts);
    return severityOf(of, assumptions);
  }, all);
  const whole = millisecondsOf((facts) => assess({ facts, awareAt: AT, now: AT, playbook: DEFAULT_PLAYBOOK }), all);
  const figures = (name: string, ms: number) =>
    `${name.padEnd(28)} ${ms.toFixed(0).padStart(7)} ms  ${((ms * 1000) / TIMES).toFixed(1).padStart(7)} µs each`;
  return [
    `${TIMES} times in one process`,
    figures('severity score alone', score),
    figures('whole assessment', whole),
    `whole / score                ${(whole / score).toFixed(1)}`,
  ];
}
