import {
  digitsOf,
  isBelgian,
  isFinnish,
  isFrench,
  isGermanPension,
  isIrish,
  isItalian,
  isNorwegian,
  isSpanish,
  isSwedish,
  isSwiss,
  luhn,
  mod97,
  PLAIN_NUMBERS,
} from './check-digits.js';

/** Numbers of people in running text: by their shape, their check digits and the words before them. Each finds the parts that are some. */

/** Directly before a number, these say what it is: no number of a person. English, German, French. */
const NAMED_OTHERWISE =
  /(?:\b(?:ticket|tracker|case|file|order|purchase|invoice|credit[- ]note|incident|event|job|batch|build|version|release|commit|patch|change|request|ref(?:erence)?|tracking|shipment|parcel|serial|article|item|part|asset|contract|policy|transaction|log|message|record|row|port|device|model|vehicle|vorgang|fall|akten?zeichen|az|gesch(?:ä|ae)ftszeichen|gz|rechnung|auftrag|bestell(?:ung)?|liefer(?:schein|ung)?|sendung|paket|artikel|serien|vertrag|inventar|dossier|affaire|facture|commande|demande|r(?:é|e)f(?:(?:é|e)rence)?|suivi|colis|lot|s(?:é|e)rie|contrat)s?|(?:vorgangs|fall|rechnungs|auftrags|bestell|lieferschein|sendungs|paket|artikel|serien|vertrags|inventar|geräte|kunden)-?(?:nummer|nr|id)|\b(?:SR|INC|CHG|RITM|PO|RMA|EAN|ISBN|SKU|GTIN))[\s.:#°_-]*(?:(?:n°|(?:number|num|no|nr|nummer|id|num(?:é|e)ro)\b)[\s.:#°-]*)?(?:(?:of|from|des?|von|vom|la|der)\s+(?:the\s+)?(?:authority|aufsicht|autorité)\s*:?\s*)?$/iu;
const SO_MUCH_BEFORE = 60;
const before = (text: string, index: number): string => text.slice(Math.max(0, index - SO_MUCH_BEFORE), index);
export const isNamedOtherwise = (text: string, index: number): boolean => NAMED_OTHERWISE.test(before(text, index));

/** Says that what follows is the number of a person. */
const LABEL =
  /(?:\b(?:PESEL|EGN|CPR|CNP|NRN|NIN|NINO|TIN|SSN|BSN|NIF|NISS|INSZ|OIB|AMKA|EMŠO|TAJ|SVNR|NIR|PPSN?|DNI|NIE|HETU|NHS|AHV|AVS|IdNr)|ЕГН|sofinummer|burgerservicenummer|rijksregister\w*|registre national|contribuinte|codice fiscale|(?:steuer|sozialversicherungs|rentenversicherungs|versicherten|ausweis|personal(?:ausweis)?|pass|identifikations)-?(?:id(?:entifikations)?-?)?(?:nummer|nr|id)|SV-Nummer|numéro (?:fiscal|de sécu(?:rité sociale)?|national|d['’]identité)|sécurité sociale|rodné číslo|rodn\w*|személyi\w*|isikukood|asmens kodas|personas kods|kennitala|personnummer|henkilötunnus|(?:national|identity|identification|personal|social[- ]security|insurance|tax|fiscal|citizen service)[- ](?:id|card|code|insurance|identification)?\s?(?:number|no|nr|code|id)?)[\s.:#°-]*(?:(?:number|no|nr|nummer|is|war|lautet|est)\b[\s.:#°-]*)*$/iu;
const PLAIN = /(?<![\w.,/-])\d(?:[ ./-]?\d){8,14}(?![\w/-]|[.,]\d)/g;

/** How states print theirs. A slip in the digits does not make it another thing when the text says what it is. */
const PRINTED =
  /(?<![\w.,/-])(?:\d{2}\.\d{2}\.\d{2}-\d{3}\.\d{2}|\d{6}\/\d{3,4}|(?:19|20)?\d{6}[-+]\d{4}|\d{3}-\d{2}-\d{4})(?![\w/-]|[.,]\d)/g;

/** A passport, identity card or driving licence: no check that all states share, so the word before it decides. */
const DOCUMENT =
  /\b(?:passport|identity card|id card|driving licen[cs]e|residence permit|reisepass|personalausweis|führerschein|aufenthaltstitel|passeport|carte (?:nationale )?d['’]identité|permis de conduire|titre de séjour|health (?:insurance )?card|kranken(?:versicherten|versicherungs|kassen)nummer|KVNR|EHIC)(?:[- ]?(?:number|no|nr|nummer|n°|numéro))?[\s.:#°]*(?:(?:is|with|mit|war|est|du)\s+)?((?=[A-Z0-9]*\d[A-Z0-9]*\d[A-Z0-9]*\d)[A-Z0-9]{6,16})\b/giu;

interface Shape {
  readonly where: string;
  readonly shape: RegExp;
  readonly holds: (found: string) => boolean;
}
/** A letter, a place for it, or two check digits: hardly anything else looks like these. */
const TELLING: readonly Shape[] = [
  { where: 'ES', shape: /\b(?:[XYZ]-?\d{7}|\d{8})-?[A-Z]\b/g, holds: isSpanish },
  {
    where: 'IT',
    shape: /\b[A-Z]{6}[\dLMNP-V]{2}[A-EHLMPRST][\dLMNP-V]{2}[A-Z][\dLMNP-V]{3}[A-Z]\b/gi,
    holds: isItalian,
  },
  {
    where: 'GB',
    shape: /\b(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d{2} ?\d{2} ?\d{2} ?[A-D]\b/g,
    holds: () => true,
  },
  {
    where: 'FR',
    shape: /\b[12] ?\d{2} ?(?:0[1-9]|1[0-2]|[2-9]\d) ?(?:\d{2}|2[AB]) ?\d{3} ?\d{3} ?\d{2}\b/g,
    holds: isFrench,
  },
  { where: 'BE', shape: /\b\d{2}[. ]?\d{2}[. ]?\d{2}[- ]?\d{3}[. ]?\d{2}\b/g, holds: isBelgian },
  { where: 'NO', shape: /\b\d{6} ?\d{5}\b/g, holds: isNorwegian },
  { where: 'SE', shape: /\b(?:19|20)?\d{6}[-+]\d{4}\b/g, holds: isSwedish },
  { where: 'FI', shape: /\b\d{6}[-+A-FU-Y]\d{3}[0-9A-FHJ-NPR-Y]\b/g, holds: isFinnish },
  { where: 'IE', shape: /\b\d{7}[A-W][A-IW]?\b/g, holds: isIrish },
  { where: 'DE', shape: /\b\d{2} ?\d{6} ?[A-Z] ?\d{3}\b/g, holds: isGermanPension },
  { where: 'CH', shape: /\b756(?:\.\d{4}\.\d{4}\.\d{2}|\d{10})\b/g, holds: isSwiss },
];

export function nationalNumbers(text: string): string[] {
  const telling = TELLING.flatMap(({ shape, holds }) =>
    [...text.matchAll(shape)].filter(({ 0: id, index }) => holds(id) && !isNamedOtherwise(text, index)),
  );
  const labelled = [...text.matchAll(PLAIN)].filter(({ 0: found, index }) => {
    const id = digitsOf(found);
    return LABEL.test(before(text, index)) && (PLAIN_NUMBERS[id.length] ?? []).some((holds) => holds(id));
  });
  const printed = [...text.matchAll(PRINTED)].filter(({ index }) => LABEL.test(before(text, index)));
  const documents = [...text.matchAll(DOCUMENT)];
  return [...telling, ...labelled, ...printed, ...documents].map(([id]) => id);
}

/** A telephone, not a person; but who has the number finds its owner. Only where the text says what it is: the check digit alone is one of ten. */
const DEVICE = /\b(?:IMEI|IMSI|MEID)\b[^\d\n]{0,16}(\d(?:[ -]?\d){13,15})\b/giu;
export const deviceNumbers = (text: string): string[] =>
  [...text.matchAll(DEVICE)].flatMap(([, found = '']) => {
    const id = digitsOf(found);
    return id.length !== 15 || luhn(id) ? [found] : [];
  });

const CARD = /(?<![\w.,/-])\d(?:[ -]?\d){12,18}(?![\w/-]|[.,]\d)/g;
/** How cards begin, with their lengths: other numbers of that many digits are orders, parcels and instants. */
const ISSUERS: readonly (readonly [RegExp, readonly number[]])[] = [
  [/^4/, [13, 16, 19]],
  [/^(?:5[1-5]|2(?:22[1-9]|2[3-9]|[3-6]|7[01]|720))/, [16]],
  [/^3[47]/, [15]],
  [/^(?:6011|64[4-9]|65)/, [16]],
  [/^(?:30[0-5]|36|38)/, [14]],
  [/^35(?:2[89]|[3-8])/, [16]],
  [/^(?:5018|5020|5038|5893|6304|6759|676[1-3])/, [16, 18, 19]],
  [/^62/, [16, 17, 18, 19]],
];
export const cardNumbers = (text: string): string[] =>
  [...text.matchAll(CARD)]
    .filter(({ 0: found, index }) => {
      const id = digitsOf(found);
      return (
        luhn(id) &&
        ISSUERS.some(([begins, lengths]) => begins.test(id) && lengths.includes(id.length)) &&
        !isNamedOtherwise(text, index)
      );
    })
    .map(([id]) => id);

const IBAN = /\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{1,4}){3,8}\b/gi;
/** How long an account number is where there are some; another two letters with right check digits are a reference of a payment. */
const IBAN_LENGTH: Readonly<Record<string, number>> = Object.fromEntries(
  'AT20 BE16 BG22 CH21 CY28 CZ24 DE22 DK18 EE20 ES24 FI18 FR27 GB22 GR27 HR21 HU28 IE22 IS26 IT27 LI21 LT20 LU20 LV21 MC27 MT31 NL18 NO15 PL28 PT25 RO24 SE24 SI19 SK24 SM27 AD24 AE23 AL28 AZ28 BA20 BH22 BR29 BY28 CR22 DO28 EG29 FO18 GE22 GI23 GL18 GT28 IL23 IQ23 JO30 KW30 KZ20 LB28 LC32 LY25 MD24 ME22 MK19 MR27 MU30 PK24 PS29 QA29 RS22 SA24 SC31 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20'
    .split(' ')
    .map((entry) => [entry.slice(0, 2), Number(entry.slice(2))]),
);
/** Words that follow an account number are cut off until its check digits and its length hold. */
export const accountNumbers = (text: string): string[] =>
  [...text.matchAll(IBAN)].flatMap(([found]) => {
    const parts = found.split(' ');
    const held = parts
      .map((_, cut) => parts.slice(0, parts.length - cut).join(' '))
      .find((candidate) => {
        const plain = candidate.replace(/ /g, '').toUpperCase();
        const length = IBAN_LENGTH[plain.slice(0, 2)];
        return plain.length === length && mod97(plain.slice(4) + plain.slice(0, 4)) === 1;
      });
    return held === undefined ? [] : [held];
  });
