import { type FactId, FACT_IDS, type FactInput, factSpec } from '../incident/facts.js';
import type { Organisation } from '../incident/organisation.js';
import { digitsOf } from './check-digits.js';
import { namesSomebody } from './forms-of-address.js';
import { isFunctionMailbox, isMessageId } from './mailboxes.js';
import { accountNumbers, cardNumbers, deviceNumbers, isNamedOtherwise, nationalNumbers } from './person-numbers.js';

/** What was found, by kind. Never the text itself: the finding goes into logs and refusals. */
export type PersonalDataKind =
  | 'name'
  | 'email'
  | 'phone'
  | 'birth_date'
  | 'iban'
  | 'payment_card'
  | 'national_id'
  | 'device';

export const PERSONAL_DATA_IN_WORDS: Readonly<Record<PersonalDataKind, string>> = {
  name: 'the name of a person',
  email: 'an e-mail address',
  phone: 'a telephone number',
  birth_date: 'a date of birth',
  iban: 'an account number',
  payment_card: 'a card number',
  national_id: 'an identity number',
  device: 'the number of a device (IMEI)',
};

/** Contacts that a notice names on purpose: its own, and those of the authorities. */
export interface KnownContacts {
  readonly organisation: Organisation;
  readonly authorities: readonly { readonly address: string | null }[];
}

/** The form asks for the contacts of these: organisations, not affected people (rows 41 and 111); and advice names who to call. */
const MAY_NAME_CONTACTS = /^(?:parties\.|authorities\.|communication\.advice$)/;
const IS_CONTACT: ReadonlySet<PersonalDataKind> = new Set(['email', 'phone', 'name']);
/** Where a contact of somebody who is not affected belongs: an authority, a processor, a hotline. */
export const withoutContacts = (kinds: readonly PersonalDataKind[]): PersonalDataKind[] =>
  kinds.filter((kind) => !IS_CONTACT.has(kind));

/** Free text of a notice names no affected person. Each fact and kind once, in the catalogue's order. */
export function personalDataIn(
  facts: Readonly<Partial<Record<FactId, Pick<FactInput, 'value'>>>>,
  known?: KnownContacts,
): { fact: FactId; kind: PersonalDataKind }[] {
  const own = known ? contactsOf(known) : [];
  return FACT_IDS.flatMap((fact) => {
    const value = facts[fact]?.value;
    const { type } = factSpec(fact);
    if ((type !== 'text' && type !== 'text_list') || value === undefined || value === null) return [];
    const text = typeof value === 'string' ? value : Array.isArray(value) ? value.join('\n') : '';
    const kinds = personalDataInText(text, own);
    return (MAY_NAME_CONTACTS.test(fact) ? withoutContacts(kinds) : kinds).map((kind) => ({ fact, kind }));
  });
}

export function contactsOf({ organisation, authorities }: KnownContacts): string[] {
  const { contact, dpo, reportingPerson, representative, publicContact, senderAddress } = organisation;
  const people = [dpo, reportingPerson, representative].flatMap((one) => [one?.name, one?.email, one?.phone]);
  return [
    ...people,
    contact.email,
    contact.phone,
    publicContact,
    senderAddress,
    ...authorities.map(({ address }) => address),
  ].filter((one) => one !== undefined && one !== null);
}

const BIRTH =
  /(?:\b(?:born(?: on)?|date of birth|d\.?o\.?b\.?|geb(?:oren)?\.?(?: am)?|geburts(?:datum|tag)|née?(?: le)?|date de naissance)|\*)\s*[:(]?\s*(?:\d{1,2}[./-]\d{1,2}[./-](?:19|20)?\d{2}|(?:19|20)\d{2}-\d{2}-\d{2}|\d{1,2}(?:\.|st|nd|rd|th)? \p{L}{3,9}\.? (?:19|20)\d{2})\b/iu;

const EMAIL = /[^\s@<>,;:"()[\]]{1,64}@[^\s@<>,;:"()[\]]{1,255}\.[^\s@<>,;:"().[\]]{2,}/g;

const PHONE =
  /(?<![\w.])(?:\+|00)[1-9](?:[ ./()-]{0,2}\d){6,14}|(?<![\w.,/+-])\(?0[1-9]\d{0,4}\)?[ /-]{1,3}(?:[ /-]?\d){5,10}(?!\d|\.\d)|(?<![\w.,/+-])0[1-9](?:[. -]\d{2}){4}(?![\w.,/-]\d|\d)/g;
/** Digits without blanks are a telephone number only where the text says so: after a noun any, after a verb those that begin like one. */
const CALLED =
  /(?:\b(?:phone|telephone|tel|mobile|cell|fax|telefon(?:nummer)?|handy(?:nummer)?|mobil(?:nummer)?|rufnummer|durchwahl|téléphone|tél|portable)\b[^\d\n+]{0,24}|\b(?:called|texted|rang|angerufen|appelée?|joignable)\b[^\d\n+]{0,24}(?=\(?0))(\(?\d(?:[ ./()-]{0,2}\d){8,12})(?!\d|\.\d)/dgiu;
/** Directly behind a word for a telephone any digits that make a line, also the eight of a small country. */
const LABELLED =
  /(?<![\p{L}\p{N}_.-])(?:phone|telephone|tel|tlf|mobile|gsm|fax|telefon(?:o|e|as|s|szám\p{L}*|ní|nummer|nr)?|teléfono|telefoon|teléfon|telefón|téléphone|tél|puhelin\p{L}*|sími|móvil|telemóvel|cellulare|komórk\p{L}*|mobil(?:telefon|nummer|ní|ă)?|handy(?:nummer)?|matkapuhelin|τηλ(?:έφωνο)?|тел(?:ефон)?)(?:[\s.]{0,2}(?:nr|no|n°))?[\s.:=]{1,4}(\(?\d(?:[ /()-]{0,2}\d){6,12})(?![\p{L}\d]|[.,]\d)/dgiu;
/** Nine digits in threes are a mobile in Spain, Portugal, Poland and Czechia, and an amount everywhere: only somebody who calls makes them a line. */
const MOBILE_OF_THREES =
  /(?:\bllam\p{L}+|\bmarc(?:ó|ar|ado)|\blig(?:ou|ar)|\b(?:od|za)?dzwoni\p{L}*|\bvolal[aoi]?)[^\d\n.;]{0,32}?(?<![\p{L}\d])([5-9]\d{2} \d{3} \d{3})(?!\d| \d|[.,]\d)/dgiu;
/** Lines that are free to call are the public's, never a person's: 800 numbers, 116 of the Union, emergency. */
const PUBLIC_LINE =
  /^(?:(?:00)?800\d{6,}|0?800\d{4,}|1800\d{4,}|(?:\d{2,3}|00\d{2,3})800\d{4,}|116\d{3}|\d{2,3}116\d{3}|112)$/;
/** A number of some kind that is none to call: an inventory, a badge, a customer. */
const OTHER_NUMBER = /(?<!tel|telefon|handy|mobil|ruf|fax|service|durchwahl)[.-]*(?:nummer|nr)\b[\s.:#]*$/i;
/** A word for a number of any kind: with the shape of a mobile behind it, or "under", it is one to call. */
const PLAIN_NUMBER = /(?<![\p{L}-])(?:nummer|nr)\b[\s.:#]*$/iu;
const REACHED_UNDER = /\bunter\s+(?:der|folgender|ihrer|seiner)?\s*(?:nummer|nr)\b[\s.:#]*$/i;
const MOBILE = /^\(?0(?:1[5-7]|6[5-9]\d|7[5-9])/;
/** A sum in groups of three with a plus sign: an increase, no country. */
const INCREASE = /^\+\d{1,3}(?: \d{3}){1,2}$/;
/** Looks like a number of a person and is none: taken out before telephone numbers are looked for. */
const NO_PHONE = [
  /\b\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?:Z| ?[+-]\d{2}:?\d{2})?)?\b/g, // instants
  /\b\d{1,2}[./-]\d{1,2}[./-]\d{2,4}\b|\b\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?\b/g, // days and times
  /\b\d{1,3}(?:\.\d{1,3}){3}(?:[/:]\d{1,5})?\b|\b(?:[0-9a-f]{1,4}:){2,7}[0-9a-f:]{1,}\b/gi, // networks
  /\bCVE-\d{4}-\d{4,}\b|\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b|\b(?=[0-9a-f]*[a-f])(?=[0-9a-f]*\d)[0-9a-f]{12,}\b|\b[0-9a-f]{32,}\b/gi,
  /\bv?\d+(?:\.\d+){2,}(?:-[\w.]+)?\b|\bhttps?:\/\/\S+/gi, // versions, addresses of pages
];

const without = (text: string, parts: readonly string[]): string =>
  parts.reduce((left, part) => left.replace(part, ' '), text);

const FEWEST_DIGITS = 6;
/** The same line, written with its country or without: the digits of one end with those of the other. */
function isOwnLine(found: string, own: readonly string[]): boolean {
  const local = (text: string): string => digitsOf(text).replace(/^0+/, '');
  const line = local(found);
  return own
    .flatMap((text) => [text, ...(text.match(PHONE) ?? [])])
    .some((text) => {
      const known = local(text);
      return known.length >= FEWEST_DIGITS && (known.endsWith(line) || line.endsWith(known));
    });
}

function phones(text: string, own: readonly string[]): boolean {
  const left = NO_PHONE.reduce((rest, shape) => rest.replace(shape, ' '), text);
  const shaped = [...left.matchAll(PHONE)].filter(({ 0: found, index }) => {
    const before = left.slice(Math.max(0, index - 40), index);
    const toCall = REACHED_UNDER.test(before) || (PLAIN_NUMBER.test(before) && MOBILE.test(found));
    return !INCREASE.test(found) && !isNamedOtherwise(left, index) && (toCall || !OTHER_NUMBER.test(before));
  });
  const called = [CALLED, LABELLED, MOBILE_OF_THREES]
    .flatMap((shape) => [...left.matchAll(shape)])
    .filter(({ indices }) => !isNamedOtherwise(left, indices?.[1]?.[0] ?? 0))
    .map(([, found = '']) => found);
  return [...shaped.map(([found]) => found), ...called].some(
    (line) => !PUBLIC_LINE.test(digitsOf(line)) && !isOwnLine(line, own),
  );
}

/** An address that stands in a profile: alone, or within a text such as the public contact. */
const isOwnAddress = (found: string, own: readonly string[]): boolean => {
  const address = found.toLowerCase().replace(/\.+$/, '');
  return own.some((text) => (text.match(EMAIL) ?? []).some((known) => known.toLowerCase() === address));
};

/**
 * The kinds of personal data in one text, each once. `own`: contacts that may stand there. Errs on the side of passing: a refusal in the
 * night that is wrong costs more than a number that the approver still sees, so only what is one with near certainty counts. What it
 * finds and what it misses is measured in test/domain/notice/incident-prose.test.ts.
 *
 * Incidents of policy 3 are decided by this: what changes here for them later needs a policy of its own (personal-data-of-policy-2.ts).
 */
export function personalDataInText(text: string, own: readonly string[] = []): PersonalDataKind[] {
  const found = new Set<PersonalDataKind>();
  const addresses = [...text.matchAll(EMAIL)];
  if (
    addresses.some(
      ({ 0: address, index }) =>
        !isFunctionMailbox(address) && !isMessageId(text, address, index) && !isOwnAddress(address, own),
    )
  )
    found.add('email');
  if (namesSomebody(text, own)) found.add('name');
  if (BIRTH.test(text)) found.add('birth_date');
  let rest = without(
    text,
    addresses.map(([address]) => address),
  );
  for (const [kind, look] of [
    ['iban', accountNumbers],
    ['device', deviceNumbers],
    ['national_id', nationalNumbers],
    ['payment_card', cardNumbers],
  ] as const) {
    const numbers = look(rest);
    if (numbers.length > 0) found.add(kind);
    rest = without(rest, numbers);
  }
  if (phones(rest, own)) found.add('phone');
  return [...found];
}
