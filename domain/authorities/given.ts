import type { Facts } from '../incident/facts.js';
import { EEA } from '../incident/lists.js';
import type { Organisation } from '../incident/organisation.js';

/** What competence is worked out from. The organisation's own list is compared with the result, it does not enter into it. */
export interface CompetenceInput {
  readonly organisation: Pick<Organisation, 'establishments' | 'sector' | 'authorities'>;
  readonly facts: Facts;
}
export type Establishment = Organisation['establishments'][number];

/** What is given of all that, with the facts of this incident before what was described in advance. */
export interface Given {
  /** Countries in which people are concerned, the most first; null while not known. */
  readonly people: readonly string[] | null;
  readonly tookPlaceIn: readonly string[];
  readonly crossBorder: 'YES' | 'NO' | null;
  readonly land: string | null;
  /** Processing that the law demands, or a public task (Art. 6(1)(c), (e)): then nobody leads (Art. 55(2)). */
  readonly publicTask: boolean | null;
  readonly establishments: readonly Establishment[];
  /** Country of the main establishment in the EEA. */
  readonly main: string | undefined;
  /** What does not go together, in sentences. */
  readonly clashes: readonly string[];
  /** A state that was named as leading, and cannot lead: who is competent is not settled then. */
  readonly leadRejected: boolean;
}

export const isEea = (country: string): boolean => (EEA as readonly string[]).includes(country);

export function given({ organisation, facts }: CompetenceInput): Given {
  const counts = facts['people.countries']?.value;
  const tookPlaceIn = facts['crossBorder.tookPlaceIn']?.value;
  const crossBorder = facts['crossBorder.processing']?.value;
  const land = facts['people.mostAffectedLand']?.value;
  const publicTask = facts['processing.publicTask']?.value;
  const { establishments, clashes } = places(organisation, facts);
  const known = {
    people:
      typeof counts === 'object' && counts !== null && !Array.isArray(counts)
        ? Object.entries(counts as Readonly<Record<string, number>>)
            .filter(([, count]) => count > 0)
            .sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
            .map(([country]) => country)
        : null,
    tookPlaceIn: Array.isArray(tookPlaceIn) ? (tookPlaceIn as readonly string[]).filter(isEea) : [],
    crossBorder: crossBorder === 'YES' || crossBorder === 'NO' ? crossBorder : null,
    land: typeof land === 'string' ? land : null,
    publicTask: typeof publicTask === 'boolean' ? publicTask : null,
    establishments,
  } as const;
  const described = establishments.find(({ country, main }) => main && isEea(country))?.country;
  const lead = leadNamed(facts, organisation.sector, known, described);
  return {
    ...known,
    main: lead.country ?? described,
    clashes: [...clashes, ...lead.clashes],
    leadRejected: lead.rejected,
  };
}

/** Where there are establishments: as the facts of this incident say, else as the organisation was described in advance. */
function places(
  { establishments }: Pick<CompetenceInput['organisation'], 'establishments'>,
  facts: Facts,
): { readonly establishments: readonly Establishment[]; readonly clashes: readonly string[] } {
  const said = facts['crossBorder.establishments']?.value;
  if (!Array.isArray(said)) return { establishments, clashes: [] };
  const countries = [...new Set(said as readonly string[])];
  const described = [...new Set(establishments.map(({ country }) => country))];
  const gone = described.filter((country) => !countries.includes(country));
  const added = countries.filter((country) => !described.includes(country));
  return {
    establishments: countries.flatMap((country): readonly Establishment[] => {
      const rows = establishments.filter((one) => one.country === country);
      return rows.length > 0 ? rows : [{ country, main: false }];
    }),
    clashes:
      gone.length + added.length === 0
        ? []
        : [
            `The facts name establishments in ${countries.join(', ') || 'no country'}, the description of the organisation in ${described.join(', ')}. The facts count here: put the wrong one right (crossBorder.establishments, establishments).`,
          ],
  };
}

/** The same for the notice: it names the establishments by which its authorities were found. */
export const establishmentsOf = (
  organisation: Pick<CompetenceInput['organisation'], 'establishments'>,
  facts: Facts,
): readonly Establishment[] => places(organisation, facts).establishments;

interface Lead {
  readonly country: string | undefined;
  readonly clashes: readonly string[];
  readonly rejected: boolean;
}

/** The lead country that the facts name (F-63) says which establishment is the main one, unless it cannot lead: then why is said. */
function leadNamed(
  facts: Facts,
  sector: Organisation['sector'],
  known: Pick<Given, 'crossBorder' | 'publicTask' | 'establishments'>,
  described: string | undefined,
): Lead {
  const said = facts['crossBorder.leadCountry']?.value;
  const leads = Array.isArray(said) ? [...new Set(said as readonly string[])] : [];
  const [lead, second] = leads;
  if (lead === undefined) return { country: undefined, clashes: [], rejected: false };
  const rejected = (why: string): Lead => ({
    country: undefined,
    clashes: [`${leads.join(', ')} cannot lead: ${why} (crossBorder.leadCountry).`],
    rejected: true,
  });
  const eea = [...new Set(known.establishments.map(({ country }) => country).filter(isEea))];
  if (second !== undefined) return rejected('only one state can (R-502)');
  if (!isEea(lead))
    return rejected('it is no state of the EEA, so its authority is told beside the others (R-508, R-509)');
  if (eea.length === 0)
    return rejected(
      'without an establishment in the EEA nobody leads, and each state with people concerned is told (R-505)',
    );
  if (!eea.includes(lead))
    return rejected(`there is no establishment; there is one in ${eea.join(', ')} (R-502, R-504)`);
  if (sector === 'PUBLIC' || known.publicTask === true)
    return rejected('for a public body or a public task no authority leads (Art. 55(2), R-501)');
  if (known.crossBorder === 'NO')
    return rejected(
      'the processing is said not to be cross-border, and only then one leads (crossBorder.processing, R-502)',
    );
  return {
    country: lead,
    clashes:
      described === undefined || described === lead
        ? []
        : [
            `The facts name ${lead} as leading, the description of the organisation has its main establishment in ${described}. The facts count here: which of them decides about this processing (R-504)?`,
          ],
    rejected: false,
  };
}
