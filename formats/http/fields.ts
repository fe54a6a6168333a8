import { z } from 'zod';
import { type Instant, isInstant } from '../../domain/clock/instant.js';
import { parseInstant } from '../instants.js';

/** Small parts that requests and responses share. What refuses says what to write instead; it never repeats what was sent. */

/** In requests: any RFC 3339 instant with its zone; comes out as an Instant. */
export const instantIn = z
  .string()
  .transform((text, context): Instant => {
    const read = parseInstant(text);
    if (read.ok) return read.instant;
    context.addIssue({ code: 'custom', message: read.says, params: { code: 'instant' } });
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
