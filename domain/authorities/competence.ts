import type { Facts } from '../incident/facts.js';
import { EEA } from '../incident/lists.js';
import type { Organisation } from '../incident/organisation.js';
import type { Basis, Provision } from '../law/basis.js';
import { basisOf, LAW } from '../law/provisions.js';
import type { AuthorityId } from './authority.js';
import { AUTHORITIES, authoritiesOf, findAuthority, isExerciseAuthority, isStale } from './directory.js';

/** What competence is worked out from. The organisation's own list is compared with the result, it does not enter into it. */
export interface CompetenceInput {
  readonly organisation: Pick<Organisation, 'establishments' | 'sector' | 'authorities'>;
  readonly facts: Facts;
}

/** One authority that is to be told, and why it is this one. */
export interface Competent {
  readonly id: AuthorityId;
  readonly why: string;
  readonly basis: Basis;
  /** Outside the GDPR, beside the others: the United Kingdom, Switzerland (R-509). */
  readonly beside: boolean;
}

export interface Competence {
  readonly authorities: readonly Competent[];
  /** The authority that leads, where one does (Art. 56). */
  readonly lead?: AuthorityId;
  /** What would settle or change the answer, each with the fact or field that takes it. */
  readonly questions: readonly string[];
}

const isEea = (country: string): boolean => (EEA as readonly string[]).includes(country);
/** Own authorities that the directory does not hold (R-509). */
const ELSEWHERE: readonly string[] = ['GI', 'JE', 'GG', 'IM', 'MC', 'AD', 'SM'];

/**
 * Which supervisory authorities are told, by establishments, sector and facts (R-501 to R-510). Never throws; what is not known becomes a
 * question, and the answer the safe one meanwhile. Countries are ISO 3166 inside (R-510).
 */
export function competent({ organisation, facts }: CompetenceInput): Competence {
  const given = read(facts);
  const establishments = organisation.establishments.filter(({ country }) => isEea(country));
  const found: Found = { organisation, given, authorities: [], questions: [] };
  const countries = [...new Set(establishments.map(({ country }) => country))];
  const [only] = countries;
  const lead =
    only === undefined
      ? withoutEstablishment(found)
      : organisation.sector === 'PUBLIC'
        ? publicBody(found, mainOf(establishments) ?? only)
        : countries.length === 1
          ? oneCountry(found, only)
          : severalCountries(found, countries, mainOf(establishments));
  beside(found);
  return {
    authorities: found.authorities,
    ...(lead !== undefined && { lead }),
    questions: found.questions,
  };
}

interface Given {
  /** Countries in which people are concerned, the most first; null while not known. */
  readonly people: readonly string[] | null;
  readonly tookPlaceIn: readonly string[];
  readonly crossBorder: 'YES' | 'NO' | null;
  readonly land: string | null;
}
interface Found {
  readonly organisation: CompetenceInput['organisation'];
  readonly given: Given;
  readonly authorities: Competent[];
  readonly questions: string[];
}

function read(facts: Facts): Given {
  const counts = facts['people.countries']?.value;
  const tookPlaceIn = facts['crossBorder.tookPlaceIn']?.value;
  const crossBorder = facts['crossBorder.processing']?.value;
  const land = facts['people.mostAffectedLand']?.value;
  return {
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
  };
}

const mainOf = (establishments: CompetenceInput['organisation']['establishments']): string | undefined =>
  establishments.find(({ main }) => main)?.country;

function publicBody(found: Found, country: string): undefined {
  tell(found, country, LAW.publicBodies, `a public body of ${country}: its own authority, and no lead authority`);
  if (country === 'ES')
    found.questions.push(
      'Is it a public body of Catalonia, the Basque Country or Andalusia? These have authorities of their own (APDCAT, AVPD, CTPDA).',
    );
}

function oneCountry(found: Found, country: string): AuthorityId | undefined {
  const { people, crossBorder } = found.given;
  const abroad = (people ?? []).filter((one) => isEea(one) && one !== country);
  if (crossBorder === 'YES') {
    askWhichStates(found);
    return tell(found, country, LAW.leadAuthority, `cross-border processing of a single establishment, in ${country}`);
  }
  if (crossBorder === null && abroad.length > 0) {
    found.questions.push(
      `People in ${abroad.join(', ')} are concerned too: does the processing substantially affect people there (crossBorder.processing, R-503)? The authority is the same either way; if so it leads.`,
    );
    tell(found, country, LAW.localWhenUnsure, `established in ${country} alone, whether or not it is cross-border`);
    return undefined;
  }
  tell(found, country, LAW.ownTerritory, `established in ${country} alone`);
  return undefined;
}

function severalCountries(
  found: Found,
  countries: readonly string[],
  main: string | undefined,
): AuthorityId | undefined {
  const { people, tookPlaceIn, crossBorder } = found.given;
  const affected = (people ?? []).filter(isEea);
  if (crossBorder === 'YES') {
    askWhichStates(found);
    if (main !== undefined) {
      found.questions.push(
        'Does the processing rest on a legal obligation or a public task (Art. 6(1)(c), (e))? Then no authority leads (Art. 55(2)).',
      );
      return tell(found, main, LAW.leadAuthority, `cross-border processing, main establishment in ${main}`);
    }
    found.questions.push(
      'Which establishment in the EEA decides about the processing (establishments.main)? As long as none does, no authority leads (R-504).',
    );
    for (const country of affected.length > 0 ? affected : countries)
      tell(
        found,
        country,
        LAW.mainEstablishment,
        `no main establishment in the EEA, ${affected.length > 0 ? 'people concerned' : 'an establishment'} in ${country}`,
      );
    return undefined;
  }
  const law = crossBorder === 'NO' ? LAW.ownTerritory : LAW.localWhenUnsure;
  if (crossBorder === null)
    found.questions.push(
      `Is it cross-border processing (crossBorder.processing, R-503)? If so ${main === undefined ? 'the authority of the main establishment leads: name it (establishments.main)' : `the authority of ${main} leads`}.`,
    );
  if (tookPlaceIn.length > 0) {
    for (const country of tookPlaceIn) tell(found, country, law, `the breach took place in ${country}`);
    return undefined;
  }
  found.questions.push(
    'In which country did the breach itself take place (crossBorder.tookPlaceIn)? The local authority there is told (R-506).',
  );
  for (const country of main === undefined ? countries : [main])
    tell(
      found,
      country,
      law,
      `${main === undefined ? 'an' : 'the main'} establishment in ${country}; where it took place is not known`,
    );
  return undefined;
}

function withoutEstablishment(found: Found): undefined {
  const { people } = found.given;
  if (people === null) {
    found.questions.push(
      'In which countries do the people live, and how many in each (people.countries)? Without an establishment in the EEA the authority of each is told (R-505).',
    );
    return;
  }
  for (const country of people.filter(isEea))
    tell(found, country, LAW.noEstablishment, `no establishment in the EEA, people concerned in ${country}`);
}

const askWhichStates = ({ given, questions }: Found): void => {
  if (given.people === null)
    questions.push(
      'Which Member States are affected, with how many people (people.countries)? The lead authority is told (R-507).',
    );
};

/** The United Kingdom and Switzerland know no one-stop-shop with the Union (R-509). */
function beside(found: Found): void {
  const { organisation, given, authorities, questions } = found;
  const established = (country: string) => organisation.establishments.some((one) => one.country === country);
  const concerned = (country: string) => established(country) || (given.people ?? []).includes(country);
  const add = (country: string, law: Provision, when: string): void => {
    if (!concerned(country)) return;
    const [authority] = authoritiesOf(country);
    if (!authority) return;
    const where = established(country) ? `established in ${country}` : `people concerned in ${country}`;
    authorities.push({ id: authority.id, why: `${where}: ${when}`, basis: basisOf(law), beside: true });
    if (!established(country))
      questions.push(
        country === 'GB'
          ? 'Do you offer people in GB goods or services, or watch what they do there? Else the UK GDPR does not apply (its Art. 3(2)).'
          : 'Does the processing have its effect in Switzerland? Else the FADP does not apply (its Art. 3).',
      );
  };
  add('GB', LAW.unitedKingdom, 'a notice of its own beside the others');
  add('CH', LAW.switzerland, 'a notice of its own, when the risk is likely to be high');
  for (const country of ELSEWHERE.filter(concerned))
    questions.push(
      `${country} has an authority of its own, which the directory does not hold: find out whether it must be told (R-509).`,
    );
}

/** Adds the authority of a country; for Germany that of a Land, which must be known (5.3). @returns its id, or undefined */
function tell(found: Found, country: string, law: Provision, why: string): AuthorityId | undefined {
  const id = country === 'DE' ? inGermany(found, law) : authoritiesOf(country)[0]?.id;
  if (id !== undefined && !found.authorities.some((one) => one.id === id))
    found.authorities.push({ id, why, basis: basisOf(law), beside: false });
  return id;
}

function inGermany({ organisation, given, questions }: Found, law: Provision): AuthorityId | undefined {
  const own = organisation.authorities.filter((id) => findAuthority(id)?.country === 'DE');
  const established = organisation.establishments.filter(({ country }) => country === 'DE');
  const regions = established.flatMap(({ region }) => (region === undefined ? [] : [region.replace(/^DE-/, '')]));
  const main = established.find(({ main: isMain }) => isMain)?.region?.replace(/^DE-/, '');
  const land = law === LAW.noEstablishment ? given.land : (main ?? (new Set(regions).size === 1 ? regions[0] : null));
  if (law === LAW.noEstablishment) {
    questions.push(
      land === null || land === undefined
        ? 'In which German Land do most of those in Germany live (people.mostAffectedLand)? Its authority is told (R-505).'
        : 'No written rule says which German authority serves people of several Länder: tell that of the Land with most of them, and ask it (R-505).',
    );
  }
  const byLand = land === null || land === undefined ? undefined : ofLand(land, organisation.sector);
  if (byLand !== undefined) return byLand;
  if (law !== LAW.noEstablishment)
    questions.push(
      'In which German Land are you established (establishments.region, such as DE-BY)? Germany has an authority for each; federal bodies, telecommunications and post have the BfDI.',
    );
  return own[0];
}

/** Bavaria has one for private bodies and one for public ones. */
function ofLand(land: string, sector: Organisation['sector']): AuthorityId | undefined {
  const own = AUTHORITIES.filter(({ id }) => id.startsWith(`de-${land.toLowerCase()}-`)).map(({ id }) => id);
  if (land === 'BY') return sector === 'PUBLIC' ? 'de-by-baylfd' : 'de-by-baylda';
  return own[0];
}

/** Who is told: the organisation's own list where it has one, for that is a person's decision; else what was worked out. */
export const toBeTold = (own: readonly AuthorityId[], { authorities }: Competence): readonly AuthorityId[] =>
  own.length > 0 ? own : authorities.map(({ id }) => id);

/** Where the organisation's list and the rules disagree, in sentences. A list of exercise authorities is left alone. */
export function differencesFrom(own: readonly AuthorityId[], { authorities, lead }: Competence): string[] {
  const real = own.filter((id) => {
    const row = findAuthority(id);
    return row !== undefined && !isExerciseAuthority(row);
  });
  if (real.length === 0) return [];
  const ids = authorities.map(({ id }) => id);
  return [
    ...authorities
      .filter(({ id }) => !real.includes(id))
      .map(
        ({ id, why, basis }) =>
          `${id} is not on your list of authorities, and by the rules it is to be told: ${why} (${basis.cite}).`,
      ),
    ...(ids.length === 0
      ? []
      : real
          .filter((id) => !ids.includes(id))
          .map(
            (id) =>
              `${id} is on your list of authorities; by the rules it is not competent here. It is told because the list says so.`,
          )),
    ...(lead !== undefined && real.includes(lead) && real[0] !== lead
      ? [`${lead} leads by the rules; your list names ${real[0] ?? ''} first.`]
      : []),
  ];
}

/** R-511: rows of the directory that were last checked more than 180 days before `day` (ISO date). Check the channel before you send. */
export const staleAmong = (ids: readonly AuthorityId[], day: string): AuthorityId[] =>
  ids.filter((id) => {
    const row = findAuthority(id);
    return row !== undefined && !isExerciseAuthority(row) && isStale(row, day);
  });

/** Competence as it is shown to people: with who is told in the end, where the own list differs, and which rows nobody has checked lately. */
export interface CompetenceShown extends Competence {
  readonly told: readonly AuthorityId[];
  readonly differences: readonly string[];
  readonly stale: readonly AuthorityId[];
}

/** `day`: today, ISO date. Null for a processor: it tells its controllers, and they their authorities (R-240). */
export function competenceShown(
  organisation: CompetenceInput['organisation'] & Pick<Organisation, 'role'>,
  facts: Facts,
  day: string,
): CompetenceShown | null {
  if (organisation.role === 'processor') return null;
  const found = competent({ organisation, facts });
  const told = toBeTold(organisation.authorities, found);
  return {
    ...found,
    told,
    differences: differencesFrom(organisation.authorities, found),
    stale: staleAmong(told, day),
  };
}
