import { expect, test } from '@jest/globals';
import { groundOfDuty } from '../../../domain/duties/ground.js';
import { DEFAULT_PLAYBOOK } from '../../../domain/incident/organisation.js';
import { proposeDuties } from '../../../domain/duties/propose.js';
import { anOrganisation, AWARE } from '../../build.js';

// authorities told                people               register               why this row is here
const laws: [readonly string[], string, string, string][] = [
  [['ie-dpc'], 'GDPR Art. 34(1)', 'GDPR Art. 33(5)', 'the EEA: the GDPR'],
  [['gb-ico'], 'UK GDPR Art. 34(1)', 'UK GDPR Art. 33(5)', 'the United Kingdom alone: its own law'],
  [['ch-edoeb'], 'FADP Art. 24(4)', 'DPO Art. 15', 'Switzerland alone: its own law'],
  [['gb-ico', 'ie-dpc'], 'GDPR Art. 34(1)', 'GDPR Art. 33(5)', 'one of the EEA among them: the GDPR'],
];
for (const [authorities, people, register, why] of laws)
  test(`people are told and the register is kept on the law of whoever is told: ${why} (R-509)`, () => {
    const organisation = anOrganisation({ authorities });
    const duties = proposeDuties('HIGH_RISK', AWARE, DEFAULT_PLAYBOOK, { organisation });
    const cite = (kind: string) => duties.find((duty) => duty.kind === kind)?.basis.cite;
    expect([cite('people-message'), cite('register')]).toEqual([people, register]);
    expect(groundOfDuty('people-message', organisation, {}).cite).toBe(people);
  });
