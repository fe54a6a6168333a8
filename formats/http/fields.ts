import { z } from 'zod';
import { type Instant, isInstant, toInstant } from '../../domain/clock/instant.js';

/** Small parts that requests and responses share. What refuses says what to write instead; it never repeats what was sent. */

const OFFSET = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?(Z|[+-]\d{2}:\d{2})$/i;
export const INSTANT_ADVICE =
  'must be an instant with its zone, such as 2026-03-02T09:00:00Z or 2026-03-02T10:00:00+01:00';

/** RFC 3339 with an offset, normalised to UTC with milliseconds; a text without a zone or a day that does not exist gives a sentence. */
export function readInstant(text: string): { instant: Instant } | { problem: string } {
  const parts = OFFSET.exec(text.trim());
  if (!parts) {
    const zoneless = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/.test(text.trim());
    const dateOnly = /^\d{4}-\d{2}-\d{2}$/.test(text.trim());
    const why = zoneless ? '; this one has no zone' : dateOnly ? '; this one has no time of day' : '';
    return { problem: `${INSTANT_ADVICE}${why}.` };
  }
  const [, year, month, day, hour, minute, second] = parts.map(Number);
  const days = new Date(Date.UTC(year ?? 0, month ?? 0, 0)).getUTCDate();
  const real =
    (month ?? 0) >= 1 &&
    (month ?? 0) <= 12 &&
    (day ?? 0) >= 1 &&
    (day ?? 0) <= days &&
    (hour ?? 0) < 24 &&
    (minute ?? 0) < 60;
  const ms = Date.parse(text.trim().toUpperCase());
  if (!real || (second !== undefined && second > 59) || !Number.isFinite(ms)) {
    return { problem: `${INSTANT_ADVICE}; this day or time of day does not exist.` };
  }
  return { instant: toInstant(ms) };
}

/** In requests: any RFC 3339 instant with its zone; comes out as an Instant. */
export const instantIn = z
  .string()
  .transform((text, context): Instant => {
    const read = readInstant(text);
    if ('instant' in read) return read.instant;
    context.addIssue({ code: 'custom', message: read.problem, params: { code: 'instant' } });
    return z.NEVER;
  })
  .meta({
    format: 'date-time',
    description: 'RFC 3339 with its zone (Z or an offset).',
    example: '2026-03-02T09:00:00Z',
  });

/** In responses: ISO 8601, UTC, milliseconds. */
export const instant = z
  .string()
  .refine(isInstant)
  .meta({ format: 'date-time', description: 'UTC with milliseconds.', example: '2026-03-02T09:00:00.000Z' });

export const sha256 = z
  .string()
  .regex(/^[0-9a-f]{64}$/, 'must be a SHA-256: 64 digits 0-9 a-f')
  .meta({ description: 'SHA-256, hexadecimal.' });

/** Free text that a person writes: not empty, and short enough to be read by the next person. */
export const words = (longest: number) =>
  z.string().trim().min(1, 'must not be empty').max(longest, `must be at most ${longest} characters long`);

export const reason = words(4_000).meta({ description: 'Why, in a sentence that an authority may read.' });

/** Ids of ours: lower-case words, digits and the separators `/ - : + # _ .` */
export const anId = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9/:+#_.-]{0,119}$/, 'must be an id as an earlier answer gave it');

export const country = z.string().regex(/^[A-Z]{2}$/, 'must be two letters of ISO 3166, such as IE');

export const zone = z
  .string()
  .max(64)
  .regex(/^(UTC|[A-Za-z_]+(\/[A-Za-z0-9_+-]+)+)$/, 'must be an IANA zone, such as Europe/Berlin');

export const email = z
  .string()
  .max(254)
  .regex(
    /^[^\s@<>,;:"()[\]\\]+@[^\s@<>,;:"()[\]\\]+\.[^\s@<>,;:"()[\]\\.]+$/,
    'must be one e-mail address, such as dpo@hospital.example',
  );

export const breakGlass = z.strictObject({ reason }).meta({
  description:
    'Instead of the second person: a written reason. Everybody is alarmed and a review is owed within 24 hours.',
});
