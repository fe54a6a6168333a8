import { strictDeadline } from '../clock/deadlines.js';
import type { Instant } from '../clock/instant.js';
import type { Playbook } from '../incident/organisation.js';
import { basisOf, LAW } from '../law/provisions.js';
import type { ProposedDuty } from '../risk/assessment.js';
import { dutiesOf } from '../risk/decision-table.js';
import type { RiskLevel } from '../risk/levels.js';

/** The duties that follow from a level of risk. `awareAt` is null while nobody is certain: then no clock runs yet. */
export function proposeDuties(
  level: RiskLevel,
  awareAt: Instant | null,
  playbook: Pick<Playbook, 'tellPeopleWithinHours'>,
): ProposedDuty[] {
  const { notifyAuthority, tellPeople } = dutiesOf(level);
  const duties: ProposedDuty[] = [];
  if (notifyAuthority) {
    const says =
      level === 'MORE_INFO_NEEDED'
        ? 'Tell the authority. Undecided at the deadline counts as notifiable: the notice goes as incomplete, with its gaps declared.'
        : 'Tell the authority.';
    duties.push(
      awareAt === null
        ? {
            kind: 'authority-notice',
            basis: basisOf(LAW.notifyAuthority),
            asSoonAs: 'without undue delay, within 72 hours of awareness, which is not confirmed yet',
            says,
          }
        : { kind: 'authority-notice', basis: basisOf(LAW.notifyAuthority), dueAt: strictDeadline(awareAt), says },
    );
  }
  if (tellPeople) {
    duties.push({
      kind: 'people-message',
      basis: basisOf(LAW.tellPeople),
      asSoonAs: `without undue delay (the house aims at ${playbook.tellPeopleWithinHours} hours after the decision, R-405)`,
      says: 'Tell the people concerned, each of them, in a message about nothing else.',
    });
  }
  duties.push({
    kind: 'register',
    basis: basisOf(LAW.register),
    asSoonAs: 'from the start and kept up to date',
    says: 'Document the breach, whether it is notified or not.',
  });
  return duties;
}
