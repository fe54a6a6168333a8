import type { FactId } from '../incident/facts.js';
import { INTEGRITY_OUTCOME, INTRUSIONS } from '../incident/lists.js';
import { type Case, LOST_THINGS } from './case.js';
import type { Reader } from './reader.js';

/** Kinds of incident that are a disclosure by themselves, and what is lost in the open. */
const SEEN_BY_KIND: ReadonlySet<string> = new Set([
  ...LOST_THINGS,
  'EXFILTRATION',
  'SENT_BY_MISTAKE',
  'NO_BCC',
  'DISPLAYED_TO_WRONG_RECIPIENT',
  'WRONG_PERSONS_DATA_SHOWN',
  'UNINTENDED_PUBLICATION',
  'VERBAL_DISCLOSURE',
  'PAPER_DISPOSAL',
  'E_WASTE',
]);
const CHANGED_BY_KIND: ReadonlySet<string> = new Set(['UNAUTHORISED_MODIFICATION']);
const GONE_BY_KIND: ReadonlySet<string> = new Set(['DATA_DELETED']);
const INTRUSION: ReadonlySet<string> = new Set(INTRUSIONS);

/** What the incident did to the data: as it is named, and as the other facts have it. */
export function readNature(reader: Reader): Pick<Case, 'seen' | 'changed' | 'gone' | 'unnamed' | 'intruderUnwatched'> {
  const { facts, known, assume, settledAsNone, isLeftOpen } = reader;
  const nature =
    (known('breach.nature') as readonly string[] | undefined) ??
    assume<readonly string[]>(
      'breach.nature',
      ['CONFIDENTIALITY', 'INTEGRITY', 'AVAILABILITY'],
      'data were seen, changed and lost',
      [],
    );
  const types = (known('breach.incidentTypes') as readonly string[] | undefined) ?? [];
  const denied = facts['confidentiality.outcome']?.value === 'NOT_DISCLOSED_EVIDENCED';

  /** The worse reading: what the facts say counts whatever the nature is said to be, and what they leave open may be the worse. */
  const unnamed = ((): Case['unnamed'] => {
    const says = (id: FactId, ...values: readonly (string | boolean)[]): FactId[] => {
      const fact = facts[id];
      if (!fact || settledAsNone(id)) return [];
      const list = Array.isArray(fact.value) ? fact.value : [fact.value];
      return isLeftOpen(id) || list.some((value) => values.includes(value)) ? [id] : [];
    };
    const byKind = (kinds: ReadonlySet<string>): FactId[] =>
      types.some((type) => kinds.has(type)) ? ['breach.incidentTypes'] : [];
    const outcome = says('confidentiality.outcome', 'DISCLOSED', 'LIKELY_NO_EVIDENCE', 'NOT_ASSESSABLE');
    const others = denied
      ? []
      : [...says('confidentiality.recipients', 'KNOWN_RECIPIENTS', 'UNKNOWN_RECIPIENTS'), ...byKind(SEEN_BY_KIND)];
    const found = [
      { name: 'CONFIDENTIALITY', part: 'seen', facts: [...outcome, ...others] },
      {
        name: 'INTEGRITY',
        part: 'changed',
        facts: [...says('integrity.outcome', ...INTEGRITY_OUTCOME), ...byKind(CHANGED_BY_KIND)],
      },
      {
        name: 'AVAILABILITY',
        part: 'gone',
        facts: [
          ...says('availability.outcome', 'PERMANENT'),
          ...says('availability.recovery', 'NOT_POSSIBLE'),
          ...says('availability.effectOnPeople', true),
          ...byKind(GONE_BY_KIND),
        ],
      },
    ] as const;
    return found.filter(({ name, facts: by }) => by.length > 0 && !nature.includes(name));
  })();
  const concerned = (name: string, part: 'seen' | 'changed' | 'gone') =>
    nature.includes(name) || unnamed.some((other) => other.part === part);
  const seen = concerned('CONFIDENTIALITY', 'seen');
  return {
    seen,
    changed: concerned('INTEGRITY', 'changed'),
    gone: concerned('AVAILABILITY', 'gone'),
    unnamed,
    intruderUnwatched: !seen && intruded() && nobodySaid() && !sealed(),
  };

  function intruded(): boolean {
    const meant = known('breach.cause') === 'EXTERNAL_MALICIOUS' || isLeftOpen('breach.cause');
    const unsaid = facts['breach.incidentTypes'] === undefined && meant;
    return unsaid || types.some((type) => INTRUSION.has(type)) || isLeftOpen('breach.incidentTypes');
  }
  function nobodySaid(): boolean {
    return (
      facts['confidentiality.outcome'] === undefined &&
      assume('confidentiality.outcome', true, 'nothing shows that the intruder did not read or copy the data')
    );
  }
  function sealed(): boolean {
    return (
      known('data.unintelligible') === 'PROTECTION_INTACT' &&
      known('protection.keySafe') === true &&
      (
        [
          'protection.algorithmStandardised',
          'protection.keyStrong',
          'protection.keyStoredApart',
          'protection.appliedToAffectedData',
        ] as const
      ).every((id) => known(id) !== false)
    );
  }
}
