import { partIn } from '../duties/part.js';
import type { Facts } from '../incident/facts.js';
import type { Organisation } from '../incident/organisation.js';
import type { Basis, Provision } from '../law/basis.js';
import { basisOf, LAW } from '../law/provisions.js';
import type { AuthorityId } from './authority.js';
import { AUTHORITIES, authoritiesOf, findAuthority, isExerciseAuthority, isStale } from './directory.js';
import { type CompetenceInput, type Given, given as givenBy, isEea } from './given.js';

/** One authority that is to be told, and why it is this one. */
export interface Competent {
  readonly id: AuthorityId;
  readonly why: string;
  readonly basis: Basis;
  /** Outside the GDPR, beside the others: the United Kingdom, Switzerland (R-509). */
  readonly beside: boolean;
  /** Only if the law applies at all: nobody is established there, and what is done there decides (Art. 3(2), R-505, R-509). */
  readonly ifLawApplies?: true;
}

export interface Competence {
  readonly authorities: readonly Competent[];
  /** The authority that leads, where one does (Art. 56). */
  readonly lead?: AuthorityId;
  /** What would settle or change the answer, each with the fact or field that takes it. */
  readonly questions: readonly string[];
  /** Nothing that is still open could make another authority competent. Only then is one on record proposed to be left out. */
  readonly settled: boolean;
  /** Somebody is to be told whose authority cannot be named yet: no country of those concerned, no Land (R-505, 5.3). */
  readonly unnamed: boolean;
}

/** Own authorities that the directory does not hold (R-509). */
const ELSEWHERE: readonly string[] = ['GI', 'JE', 'GG', 'IM', 'MC', 'AD', 'SM'];

/**
 * Which supervisory authorities are told, by establishments, sector and facts (R-501 to R-510). Never throws; what is not known becomes a
 * question, and the answer the safe one meanwhile. Countries are ISO 3166 inside (R-510).
 */
export function competent({ organisation, facts }: CompetenceInput): Competence {
  const given = givenBy({ organisation, facts });
  const establishments = given.establishments.filter(({ country }) => isEea(country));
  const found: Found = {
    organisation,
    given,
    authorities: [],
    questions: [...given.clashes],
    settled: given.people !== null && !given.leadRejected,
    unnamed: false,
  };
  const countries = [...new Set(establishments.map(({ country }) => country))];
  const [only] = countries;
  const lead =
    only === undefined
      ? withoutEstablishment(found)
      : organisation.sector === 'PUBLIC'
        ? publicBody(found, given.main ?? only)
        : given.publicTask === true
          ? publicTask(found, countries)
          : countries.length === 1
            ? oneCountry(found, only)
            : severalCountries(found, countries, given.main);
  beside(found);
  return {
    authorities: found.authorities,
    ...(lead !== undefined && { lead }),
    questions: found.questions,
    settled: found.settled,
    unnamed: found.unnamed,
  };
}

interface Found {
  readonly organisation: CompetenceInput['organisation'];
  readonly given: Given;
  readonly authorities: Competent[];
  readonly questions: string[];
  settled: boolean;
  unnamed: boolean;
}

function publicBody(found: Found, country: string): undefined {
  tell(found, country, LAW.publicBodies, `a public body of ${country}: its own authority, and no lead authority`);
  if (country === 'ES')
    found.questions.push(
      'Is it a public body of Catalonia, the Basque Country or Andalusia? These have authorities of their own (APDCAT, AVPD, CTPDA).',
    );
}

/** A private body acting under Art. 6(1)(c) or (e): the authority of the state whose law or task it is, and no lead authority (Art. 55(2)). */
function publicTask(found: Found, countries: readonly string[]): undefined {
  const { tookPlaceIn, main } = found.given;
  const there = tookPlaceIn.filter((country) => countries.includes(country));
  if (there.length === 0 && countries.length > 1) {
    found.settled = false;
    found.questions.push(
      'Under which state’s law is it processed, and where did the breach take place (crossBorder.tookPlaceIn)? The authority of that state is told (Art. 55(2)).',
    );
  }
  for (const country of there.length > 0 ? there : main === undefined ? countries : [main])
    tell(
      found,
      country,
      LAW.publicBodies,
      `a legal obligation or a public task in ${country}: its own authority, and no lead authority`,
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
      if (found.given.publicTask === null) {
        found.settled = false;
        found.questions.push(
          'Does the processing rest on a legal obligation or a public task (processing.publicTask, Art. 6(1)(c), (e))? Then no authority leads (Art. 55(2)).',
        );
      }
      return tell(found, main, LAW.leadAuthority, `cross-border processing, main establishment in ${main}`);
    }
    found.settled = false;
    found.questions.push(
      'Which establishment in the EEA decides about the processing (crossBorder.leadCountry, establishments.main)? As long as none does, no authority leads (R-504).',
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
  if (crossBorder === null || tookPlaceIn.length === 0) found.settled = false;
  if (crossBorder === null)
    found.questions.push(
      `Is it cross-border processing (crossBorder.processing, R-503)? If so ${main === undefined ? 'the authority of the main establishment leads: name it (crossBorder.leadCountry, establishments.main)' : `the authority of ${main} leads`}.`,
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
    found.unnamed = true;
    found.questions.push(
      'In which countries do the people live, and how many in each (people.countries)? Without an establishment in the EEA the authority of each is told (R-505).',
    );
    return;
  }
  for (const country of people.filter(isEea))
    tell(found, country, LAW.noEstablishment, `no establishment in the EEA, people concerned in ${country}`, true);
}

const askWhichStates = ({ given, questions }: Found): void => {
  if (given.people === null)
    questions.push(
      'Which Member States are affected, with how many people (people.countries)? The lead authority is told (R-507).',
    );
};

/** The United Kingdom and Switzerland know no one-stop-shop with the Union (R-509). */
function beside(found: Found): void {
  const { given, authorities, questions } = found;
  const established = (country: string) => given.establishments.some((one) => one.country === country);
  const concerned = (country: string) => established(country) || (given.people ?? []).includes(country);
  const add = (country: string, law: Provision, when: string): void => {
    if (!concerned(country)) return;
    const [authority] = authoritiesOf(country);
    if (!authority) return;
    const where = established(country) ? `established in ${country}` : `people concerned in ${country}`;
    authorities.push({
      id: authority.id,
      why: `${where}: ${when}`,
      basis: basisOf(law),
      beside: true,
      ...(!established(country) && { ifLawApplies: true }),
    });
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
function tell(
  found: Found,
  country: string,
  law: Provision,
  why: string,
  ifLawApplies = false,
): AuthorityId | undefined {
  const id = country === 'DE' ? inGermany(found, law) : authoritiesOf(country)[0]?.id;
  if (id !== undefined && !found.authorities.some((one) => one.id === id))
    found.authorities.push({ id, why, basis: basisOf(law), beside: false, ...(ifLawApplies && { ifLawApplies }) });
  return id;
}

function inGermany(found: Found, law: Provision): AuthorityId | undefined {
  const { organisation, given, questions } = found;
  const own = organisation.authorities.filter((id) => findAuthority(id)?.country === 'DE');
  const established = given.establishments.filter(({ country }) => country === 'DE');
  const regions = established.flatMap(({ region }) => (region === undefined ? [] : [region.replace(/^DE-/, '')]));
  const main = established.find(({ main: isMain }) => isMain)?.region?.replace(/^DE-/, '');
  // Where nobody is established in Germany it is the people there who make an authority competent.
  const byPeople = law === LAW.noEstablishment || (law === LAW.mainEstablishment && established.length === 0);
  const land = byPeople ? given.land : (main ?? (new Set(regions).size === 1 ? regions[0] : null));
  if (byPeople) {
    questions.push(
      land === null || land === undefined
        ? 'In which German Land do most of those in Germany live (people.mostAffectedLand)? Its authority is told (R-505).'
        : 'No written rule says which German authority serves people of several Länder: tell that of the Land with most of them, and ask it (R-505).',
    );
  }
  const byLand = land === null || land === undefined ? undefined : ofLand(land, organisation.sector);
  if (byLand !== undefined) return byLand;
  found.settled = false;
  if (!byPeople)
    questions.push(
      'In which German Land are you established (establishments.region, such as DE-BY)? Germany has an authority for each; federal bodies, telecommunications and post have the BfDI.',
    );
  if (own[0] === undefined) found.unnamed = true;
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

/** Without an establishment in the EEA and without a list of its own nobody knows before a breach who will be told (R-505). */
export const mayBeUnknown = ({
  establishments,
  authorities,
}: Pick<Organisation, 'establishments' | 'authorities'>): boolean =>
  authorities.length === 0 && establishments.length > 0 && !establishments.some(({ country }) => isEea(country));

/** Authorities of exercise stand for real ones in drills and tests: there the rules are not compared with the list. */
export const isReal = (id: AuthorityId): boolean => {
  const row = findAuthority(id);
  return row !== undefined && !isExerciseAuthority(row);
};

/** Competent by the rules, and not on a list of real authorities. */
export const unlisted = (list: readonly AuthorityId[], { authorities }: Competence): readonly Competent[] =>
  list.some(isReal) ? authorities.filter(({ id }) => !list.includes(id)) : [];

/** Where the organisation's list and the rules disagree, in sentences. A list of exercise authorities is left alone. */
export function differencesFrom(own: readonly AuthorityId[], found: Competence): string[] {
  const { authorities, lead } = found;
  const real = own.filter(isReal);
  const ids = authorities.map(({ id }) => id);
  return [
    ...unlisted(own, found).map(
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
  if (!partIn(organisation, facts).controller) return null;
  const found = competent({ organisation, facts });
  const told = toBeTold(organisation.authorities, found);
  return {
    ...found,
    told,
    differences: differencesFrom(organisation.authorities, found),
    stale: staleAmong(told, day),
  };
}
