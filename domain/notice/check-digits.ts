/** Check digits of numbers that belong to a person. What does not pass is a ticket, an invoice or a slip, and no finding. */

const NO_DIGIT = /\D/g;
export const digitsOf = (text: string): string => text.replace(NO_DIGIT, '');
export const numbersOf = (text: string): number[] => digitsOf(text).split('').map(Number);
const weighed = (text: string, weights: readonly number[]): number =>
  numbersOf(text).reduce((sum, digit, place) => sum + digit * (weights[place] ?? 0), 0);
const at = (text: string, place: number): number => Number(digitsOf(text)[place]);

/** ISO 7064 mod 97 over text of any length, letters as 10 to 35. */
export function mod97(text: string): number {
  const numbers = text.replace(/[A-Z]/g, (letter) => String(letter.charCodeAt(0) - 55));
  return numbers.split('').reduce((rest, digit) => (rest * 10 + Number(digit)) % 97, 0);
}

export function luhn(text: string): boolean {
  const sum = numbersOf(text)
    .reverse()
    .map((digit, place) => (place % 2 === 0 ? digit : digit * 2 > 9 ? digit * 2 - 9 : digit * 2))
    .reduce((total, digit) => total + digit, 0);
  return sum % 10 === 0;
}

/** ISO 7064 mod 11,10: the German tax number and the Croatian OIB. */
const mod11With10 = (id: string): boolean => {
  const product = numbersOf(id)
    .slice(0, 10)
    .reduce((carry, digit) => (((carry + digit) % 10 || 10) * 2) % 11, 10);
  return (11 - product) % 10 === at(id, 10);
};

/** Day and month that can be: most national numbers have a birthday in them. `day`, `month`: where each begins. */
const isBirthday = (id: string, day: number, month: number, over: { day?: number; month?: number } = {}): boolean => {
  const two = (from: number): number => Number(digitsOf(id).slice(from, from + 2));
  const [d, m] = [two(day) % (over.day ?? 100), two(month) % (over.month ?? 100)];
  return d >= 1 && d <= 31 && m >= 1 && m <= 12;
};

const SPANISH = 'TRWAGMYFPDXBNJZSQVHLCKE';
export function isSpanish(id: string): boolean {
  const plain = id.replace(/[ -]/g, '').toUpperCase();
  const number = plain.slice(0, -1).replace('X', '0').replace('Y', '1').replace('Z', '2');
  return number.length === 8 && SPANISH[Number(number) % 23] === plain.at(-1);
}

const ODD: Readonly<Record<string, number>> = Object.fromEntries(
  [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23].flatMap(
    (value, place) => [
      [String.fromCharCode(65 + place), value],
      ...(place < 10 ? [[String(place), value] as const] : []),
    ],
  ),
);
const even = (sign: string): number => (/\d/.test(sign) ? Number(sign) : sign.charCodeAt(0) - 65);
export function isItalian(id: string): boolean {
  const plain = id.toUpperCase();
  const sum = plain
    .slice(0, 15)
    .split('')
    .reduce((all, sign, place) => all + (place % 2 === 0 ? (ODD[sign] ?? 0) : even(sign)), 0);
  return String.fromCharCode(65 + (sum % 26)) === plain[15];
}

export function isFrench(id: string): boolean {
  const plain = id.replace(/[ .]/g, '').toUpperCase().replace('2A', '19').replace('2B', '18');
  return 97 - mod97(plain.slice(0, 13)) === Number(plain.slice(13));
}

export function isBelgian(id: string): boolean {
  const plain = digitsOf(id);
  const body = Number(plain.slice(0, 9));
  return (
    plain.length === 11 &&
    isBirthday(plain, 4, 2) &&
    [body, 2_000_000_000 + body].some((number) => 97 - (number % 97) === Number(plain.slice(9)))
  );
}

export const isNorwegian = (id: string): boolean =>
  isBirthday(id, 0, 2, { day: 40 }) &&
  weighed(id, [3, 7, 6, 1, 8, 9, 4, 5, 2, 1]) % 11 === 0 &&
  weighed(id, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1]) % 11 === 0;

export const isSwedish = (id: string): boolean => {
  const ten = digitsOf(id).slice(-10);
  return luhn(ten) && isBirthday(ten, 4, 2, { day: 60 });
};

const FINNISH = '0123456789ABCDEFHJKLMNPRSTUVWXY';
export const isFinnish = (id: string): boolean =>
  isBirthday(id, 0, 2) && FINNISH[Number(id.slice(0, 6) + id.slice(7, 10)) % 31] === id.at(-1)?.toUpperCase();

const IRISH = 'WABCDEFGHIJKLMNOPQRSTUV';
export const isIrish = (given: string): boolean => {
  const id = given.toUpperCase();
  const second = id.length === 9 && id[8] !== 'W' ? (id.charCodeAt(8) - 64) * 9 : 0;
  return IRISH[(weighed(id.slice(0, 7), [8, 7, 6, 5, 4, 3, 2]) + second) % 23] === id[7];
};

/** German pension insurance: two digits of the office, a birthday, a letter, two digits, the check digit. */
export function isGermanPension(id: string): boolean {
  const plain = id.replace(/[ /-]/g, '').toUpperCase();
  const letter = plain.charCodeAt(8) - 64;
  const all = plain.slice(0, 8) + String(letter).padStart(2, '0') + plain.slice(9, 11);
  const sum = [2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1].reduce((total, weight, place) => {
    const product = Number(all[place]) * weight;
    return total + Math.floor(product / 10) + (product % 10);
  }, 0);
  return isBirthday(plain.slice(0, 8), 2, 4, { day: 50 }) && sum % 10 === Number(plain[11]);
}

/** Swiss AHV/AVS number: EAN-13 that begins with 756. */
export const isSwiss = (id: string): boolean => weighed(id, [1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1]) % 10 === 0;

const baltic = (id: string): boolean => {
  const first = weighed(id, [1, 2, 3, 4, 5, 6, 7, 8, 9, 1]) % 11;
  const check = first < 10 ? first : (weighed(id, [3, 4, 5, 6, 7, 8, 9, 1, 2, 3]) % 11) % 10;
  return isBirthday(id, 5, 3) && check === at(id, 10);
};

/**
 * Plain digits by their number: of each, one in about ten passes by chance. They count only where the text calls them an identity
 * number, and then whichever country's rule they fit.
 */
export const PLAIN_NUMBERS: Readonly<Record<number, readonly ((id: string) => boolean)[]>> = {
  9: [
    (id) => weighed(id, [9, 8, 7, 6, 5, 4, 3, 2, -1]) % 11 === 0, // NL, burgerservicenummer
    (id) => /^[123]/.test(id) && ((11 - (weighed(id, [9, 8, 7, 6, 5, 4, 3, 2]) % 11)) % 11) % 10 === at(id, 8), // PT, number of a person
    (id) => weighed(id, [3, 7, 3, 7, 3, 7, 3, 7]) % 10 === at(id, 8), // HU, social security
  ],
  10: [
    (id) => isBirthday(id, 4, 2, { month: 20 }) && (weighed(id, [2, 4, 8, 5, 10, 9, 7, 3, 6]) % 11) % 10 === at(id, 9), // BG
    (id) => isBirthday(id, 4, 6) && weighed(id, [3, 7, 9, 0, 5, 8, 4, 2, 1, 6]) % 11 === at(id, 3), // AT, social insurance
    (id) => (11 - (weighed(id, [10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11)) % 11 === at(id, 9), // GB, health service
    (id) => isBirthday(id, 0, 2), // DK and IS: no check digit any more
    (id) => Number(id) % 11 === 0 && isBirthday(id, 4, 2, { month: 50 }), // CZ, SK
    isSwedish,
  ],
  11: [
    (id) => isBirthday(id, 4, 2, { month: 20 }) && weighed(id, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1]) % 10 === 0, // PL
    (id) => /^[1-9]/.test(id) && new Set(id.slice(0, 10)).size <= 9 && mod11With10(id), // DE, tax
    mod11With10, // HR
    baltic, // EE, LT
    (id) => isBirthday(id, 0, 2) && luhn(id), // GR, AMKA
    isNorwegian,
    isBelgian,
  ],
  12: [isSwedish],
  13: [
    (id) => {
      const check = weighed(id, [2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9]) % 11;
      return isBirthday(id, 5, 3) && (check === 10 ? 1 : check) === at(id, 12); // RO
    },
    (id) =>
      isBirthday(id, 0, 2) &&
      ((11 - (weighed(id, [7, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11)) % 11) % 10 === at(id, 12), // SI
    (id) => /^(?:19|20)/.test(id) && isBirthday(id, 6, 4), // LU
    (id) => /^[12]/.test(id) && Number(id.slice(3, 5)) >= 1, // FR without its key
    (id) => Number(id.slice(0, 10)) % 511 === Number(id.slice(10)), // FR, tax
  ],
  15: [isFrench],
};
