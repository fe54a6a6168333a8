import { type FactId, FACT_IDS, type FactInput, factSpec } from '../incident/facts.js';
import type { KnownContacts } from './personal-data.js';

type KindOf2 = 'email' | 'phone' | 'iban' | 'payment_card' | 'national_id';

/*
 * How incidents of policy 2 look for personal data. Frozen: what they accepted once is decided again when they replay, and a finding
 * that is new, or gone, would decide it otherwise. personal-data.ts is what everything newer uses.
 */

/** The form asks for the contacts of these: organisations, not affected people (rows 41 and 111). */
const ASKS_FOR_CONTACTS = /^(?:parties|authorities)\./;
const IS_CONTACT: ReadonlySet<KindOf2> = new Set(['email', 'phone']);

/** Free text of a notice names no affected person. Each fact and kind once, in the catalogue's order. */
export function personalDataInOf2(
  facts: Readonly<Partial<Record<FactId, Pick<FactInput, 'value'>>>>,
  known?: KnownContacts,
): { fact: FactId; kind: KindOf2 }[] {
  const own = known ? contactsOf(known) : [];
  return FACT_IDS.flatMap((fact) => {
    const value = facts[fact]?.value;
    const { type } = factSpec(fact);
    if ((type !== 'text' && type !== 'text_list') || value === undefined || value === null) return [];
    const text = typeof value === 'string' ? value : Array.isArray(value) ? value.join('\n') : '';
    return personalDataInText(text, own)
      .filter((kind) => !(IS_CONTACT.has(kind) && ASKS_FOR_CONTACTS.test(fact)))
      .map((kind) => ({ fact, kind }));
  });
}

function contactsOf({ organisation, authorities }: KnownContacts): string[] {
  const { contact, dpo, reportingPerson, representative, publicContact, senderAddress } = organisation;
  const people = [contact, dpo, reportingPerson, representative].flatMap((one) => [one?.email, one?.phone]);
  return [...people, publicContact, senderAddress, ...authorities.map(({ address }) => address)].filter(
    (one) => one !== undefined && one !== null,
  );
}

const DIGITS = /\D/g;
const digits = (text: string): number[] => text.replace(DIGITS, '').split('').map(Number);
const weighed = (numbers: readonly number[], weights: readonly number[]): number =>
  weights.reduce((sum, weight, place) => sum + weight * (numbers[place] ?? 0), 0);

/** ISO 7064 mod 97 over text of any length, letters as 10 to 35. */
function mod97(text: string): number {
  const numbers = text.replace(/[A-Z]/g, (letter) => String(letter.charCodeAt(0) - 55));
  return numbers.split('').reduce((rest, digit) => (rest * 10 + Number(digit)) % 97, 0);
}

function luhn(text: string): boolean {
  const sum = digits(text)
    .reverse()
    .map((digit, place) => (place % 2 === 0 ? digit : digit * 2 > 9 ? digit * 2 - 9 : digit * 2))
    .reduce((total, digit) => total + digit, 0);
  return sum % 10 === 0;
}

/** The account number at the start of what looks like one: words that follow it are cut off until the check digits hold. */
function ibanIn(found: string): string | undefined {
  const parts = found.split(' ');
  return parts
    .map((_, cut) => parts.slice(0, parts.length - cut).join(' '))
    .find((text) => {
      const compact = text.replace(/ /g, '').toUpperCase();
      return compact.length >= 15 && compact.length <= 34 && mod97(compact.slice(4) + compact.slice(0, 4)) === 1;
    });
}

/** Day and month that can be: most national numbers begin with a birthday. */
const isDayMonth = (day: number, month: number): boolean => day >= 1 && day <= 31 && month >= 1 && month <= 12;
const two = (text: string, from: number): number => Number(text.replace(DIGITS, '').slice(from, from + 2));

const SPANISH = 'TRWAGMYFPDXBNJZSQVHLCKE';

/** A number counts only when its check digits are right, so that invoice and ticket numbers pass. */
const NATIONAL_IDS: readonly {
  readonly where: string;
  readonly shape: RegExp;
  readonly holds: (found: string) => boolean;
  /** Plain digits of which one in ten passes the check: they count only where the text calls them an identity number. */
  readonly labelled?: true;
}[] = [
  {
    where: 'ES',
    shape: /\b[XYZ]?\d{7,8}[A-Z]\b/g,
    holds: (id) => {
      const number = id.slice(0, -1).replace('X', '0').replace('Y', '1').replace('Z', '2');
      return number.length === 8 && SPANISH[Number(number) % 23] === id.at(-1);
    },
  },
  { where: 'IT', shape: /\b[A-Z]{6}\d{2}[A-EHLMPRST]\d{2}[A-Z]\d{3}[A-Z]\b/g, holds: () => true },
  { where: 'GB', shape: /\b[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d{2} ?\d{2} ?\d{2} ?[A-D]\b/g, holds: () => true },
  {
    where: 'FR',
    shape: /\b[12] ?\d{2} ?(?:0[1-9]|1[0-2]|[2-9]\d) ?(?:\d{2}|2[AB]) ?\d{3} ?\d{3} ?\d{2}\b/g,
    holds: (id) => {
      const plain = id.replace(/ /g, '').replace('2A', '19').replace('2B', '18');
      return 97 - mod97(plain.slice(0, 13)) === Number(plain.slice(13));
    },
  },
  {
    where: 'PL',
    labelled: true,
    shape: /\b\d{11}\b/g,
    holds: (id) => {
      const month = two(id, 2) % 20;
      return isDayMonth(two(id, 4), month) && weighed(digits(id), [1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1]) % 10 === 0;
    },
  },
  {
    where: 'DE',
    labelled: true,
    shape: /\b[1-9]\d{10}\b/g,
    holds: (id) => {
      const numbers = digits(id);
      const product = numbers.slice(0, 10).reduce((carry, digit) => (((carry + digit) % 10 || 10) * 2) % 11, 10);
      return (11 - product) % 10 === numbers[10] && new Set(numbers.slice(0, 10)).size <= 9;
    },
  },
  {
    where: 'BE',
    shape: /\b\d{2}[. ]?\d{2}[. ]?\d{2}[- ]?\d{3}[. ]?\d{2}\b/g,
    holds: (id) => {
      const plain = id.replace(DIGITS, '');
      const body = Number(plain.slice(0, 9));
      return (
        isDayMonth(two(id, 4), two(id, 2)) &&
        [body, 2_000_000_000 + body].some((number) => 97 - (number % 97) === Number(plain.slice(9)))
      );
    },
  },
  {
    where: 'NO',
    shape: /\b\d{6} ?\d{5}\b/g,
    holds: (id) => {
      const numbers = digits(id);
      return (
        isDayMonth(two(id, 0), two(id, 2)) &&
        weighed(numbers, [3, 7, 6, 1, 8, 9, 4, 5, 2, 1]) % 11 === 0 &&
        weighed(numbers, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1]) % 11 === 0
      );
    },
  },
  { where: 'DK', labelled: true, shape: /\b\d{6}-\d{4}\b/g, holds: (id) => isDayMonth(two(id, 0), two(id, 2)) },
  {
    where: 'SE',
    shape: /\b(?:19|20)?\d{6}[-+]\d{4}\b/g,
    holds: (id) =>
      luhn(id.replace(DIGITS, '').slice(-10)) &&
      isDayMonth(two(id.replace(DIGITS, '').slice(-10), 4), two(id.replace(DIGITS, '').slice(-10), 2)),
  },
  {
    where: 'FI',
    shape: /\b\d{6}[-+A-FU-Y]\d{3}[0-9A-FHJ-NPR-Y]\b/g,
    holds: (id) => '0123456789ABCDEFHJKLMNPRSTUVWXY'[Number(id.slice(0, 6) + id.slice(7, 10)) % 31] === id.at(-1),
  },
  {
    where: 'CZ, SK',
    labelled: true,
    shape: /\b\d{6}\/\d{4}\b/g,
    holds: (id) => Number(id.replace('/', '')) % 11 === 0,
  },
  {
    where: 'BG',
    labelled: true,
    shape: /\b\d{10}\b/g,
    holds: (id) =>
      isDayMonth(two(id, 4), two(id, 2) % 20) &&
      (weighed(digits(id), [2, 4, 8, 5, 10, 9, 7, 3, 6]) % 11) % 10 === digits(id)[9],
  },
  {
    where: 'RO',
    labelled: true,
    shape: /\b[1-8]\d{12}\b/g,
    holds: (id) => {
      const check = weighed(digits(id), [2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9]) % 11;
      return isDayMonth(two(id, 5), two(id, 3)) && (check === 10 ? 1 : check) === digits(id)[12];
    },
  },
  {
    where: 'IE',
    shape: /\b\d{7}[A-W][A-IW]?\b/g,
    holds: (id) => {
      const second = id.length === 9 ? (id.charCodeAt(8) - 64) * 9 : 0;
      return (
        'WABCDEFGHIJKLMNOPQRSTUV'[(weighed(digits(id.slice(0, 7)), [8, 7, 6, 5, 4, 3, 2]) + second) % 23] === id[7]
      );
    },
  },
];

const LABEL =
  /(?:PESEL|EGN|ЕГН|CPR|CNP|NRN|NIN|TIN|SSN|Steuer-?ID|IdNr|rodn|személyi|national|identity|identification|personal|personnummer|passport|social[- ]security|insurance)[^\n]{0,24}$/iu;

const EMAIL = /[^\s@<>,;:"()]+@[^\s@<>,;:"()]+\.[^\s@<>,;:"().]{2,}/g;
/** Mailboxes of a function, not of a person (RFC 2142 and what is usual beside it). */
const FUNCTION_MAILBOX =
  /^(?:abuse|admin|breach|cert|compliance|contact|csirt|datenschutz|datenpanne|dataprotection|data-protection|dpo|dsb|help|helpdesk|hotline|incident|info|it|kontakt|legal|mail|no-?reply|office|poststelle|postmaster|press|presse|privacy|rgpd|gdpr|security|service|soc|support|webmaster)@/i;
const IBAN = /\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{1,4}){3,8}\b/gi;
const CARD = /\b\d(?:[ -]?\d){12,18}\b/g;
const PHONE =
  /(?:\+|\b00)[1-9](?:[ ./()-]{0,2}\d){6,14}|(?<![\d.,/-])\(?0[1-9]\d{0,4}\)?[ /-]{1,3}(?:[ /-]?\d){5,10}(?![\d.])/g;
/** Lines that are free to call are the public's, never a person's: 800 numbers, 116 of the Union, emergency. */
const PUBLIC_LINE = /^(?:(?:00)?800\d{6,}|0?800\d{4,}|1800\d{4,}|(?:\d{2,3}|00\d{2,3})800\d{4,}|116\d{3}|112)$/;
/** Looks like a number of a person and is none: taken out before telephone numbers are looked for. */
const INSTANTS =
  /\b\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?\b|\b\d{1,2}[./-]\d{1,2}[./-]\d{2,4}\b|\b\d{1,2}:\d{2}(?::\d{2})?\b/g;
const NETWORK = /\b\d{1,3}(?:\.\d{1,3}){3}(?:\/\d{1,2})?\b|\bCVE-\d{4}-\d{4,}\b|\b[0-9a-f]{32,}\b/gi;

const matches = (text: string, shape: RegExp): string[] => [...text.matchAll(shape)].map((match) => match[0]);

const without = (text: string, parts: readonly string[]): string =>
  parts.reduce((left, part) => left.replace(part, ' '), text);

const FEWEST_DIGITS = 6;
/** The same line, written with its country or without: the digits of one end with those of the other. */
function isOwnLine(found: string, own: readonly string[]): boolean {
  const local = (text: string): string => text.replace(DIGITS, '').replace(/^0+/, '');
  const line = local(found);
  return own
    .flatMap((text) => [text, ...matches(text, PHONE)])
    .some((text) => {
      const known = local(text);
      return known.length >= FEWEST_DIGITS && (known.endsWith(line) || line.endsWith(known));
    });
}

/** An address that stands in a profile: alone, or within a text such as the public contact. */
const isOwnAddress = (found: string, own: readonly string[]): boolean => {
  const address = found.toLowerCase().replace(/\.+$/, '');
  return own.some((text) => matches(text, EMAIL).some((known) => known.toLowerCase() === address));
};

/**
 * The kinds of personal data in one text, each once. `own`: contacts that may stand there. Errs on the side of passing: a refusal in the
 * night that is wrong costs more than a number that the approver still sees, so only what is one with near certainty counts.
 */
function personalDataInText(text: string, own: readonly string[] = []): KindOf2[] {
  const found = new Set<KindOf2>();
  const addresses = matches(text, EMAIL);
  if (addresses.some((address) => !FUNCTION_MAILBOX.test(address) && !isOwnAddress(address, own))) found.add('email');
  const ibans = matches(text, IBAN).flatMap((candidate) => ibanIn(candidate) ?? []);
  if (ibans.length > 0) found.add('iban');
  const rest = without(without(text, addresses), ibans);
  const ids = NATIONAL_IDS.flatMap(({ shape, holds, labelled }) =>
    [...rest.matchAll(shape)]
      .filter(({ 0: id, index }) => holds(id) && (labelled !== true || LABEL.test(rest.slice(0, index))))
      .map(([id]) => id),
  );
  if (ids.length > 0) found.add('national_id');
  const cards = matches(without(rest, ids), CARD).filter(
    (card) => luhn(card) && !/^0+$/.test(card.replace(DIGITS, '')),
  );
  if (cards.length > 0) found.add('payment_card');
  const lines = matches(without(without(rest, ids), cards).replace(INSTANTS, ' ').replace(NETWORK, ' '), PHONE);
  if (lines.some((line) => !PUBLIC_LINE.test(line.replace(DIGITS, '')) && !isOwnLine(line, own))) found.add('phone');
  return [...found];
}
