import type { Instant } from '../domain/clock/instant.js';
import { isZone, localText, parseTyped, withOffset } from '../formats/instants.js';
import { CommandEnd, EXIT } from './exit.js';

export interface Clock {
  readonly zone: string; // IANA
  readonly now: Instant;
}

/** A typed time; `echo` says how it was understood, and is empty when the text was a full instant and left no question. */
export function typedInstant(typed: string, option: string, clock: Clock): { at: Instant; echo: string } {
  const read = parseTyped(typed, clock.zone, clock.now);
  if (!read.ok) {
    throw new CommandEnd(
      EXIT.usage,
      [`${option} ${read.says}`],
      read.candidates.map((each) => `${option} ${withOffset(clock.zone, each)}`),
    );
  }
  const whole = /^\d{4}-\d{2}-\d{2}T.*(Z|[+-]\d{2}:?\d{2})$/i.test(typed.trim());
  return { at: read.instant, echo: whole ? '' : `${option}: read as ${bothTimes(read.instant, clock.zone)}` };
}

/** Short, for tables: `Sun 22 Nov 02:40 CET`; the offset stays where the zone has no common abbreviation. */
export function localTime(instant: Instant, zone: string): string {
  return localText(isZone(zone) ? zone : 'UTC', instant)
    .replace(/ \d{4} /, ' ')
    .replace(/( [A-Z]{2,5}) \([+-]\d{2}:\d{2}\)$/, '$1');
}

/** In the zone of the people and in UTC: `Sun 22 Nov 2026 02:40 CET (+01:00) = 01:40 UTC`. */
export function bothTimes(instant: Instant, zone: string): string {
  const local = localText(isZone(zone) ? zone : 'UTC', instant);
  if (local.endsWith('UTC (+00:00)')) return local.replace(' (+00:00)', '');
  return `${local} = ${instant.slice(0, 16).replace('T', ' ')} UTC`;
}

/** `71 h 42 min`, `42 min`; without a sign. Rounded down: nobody is shown a minute that is not there. */
export function duration(hours: number): string {
  const minutes = Math.floor(Math.abs(hours) * 60 + 1e-6);
  const [whole, rest] = [Math.floor(minutes / 60), minutes % 60];
  return whole === 0 ? `${rest} min` : `${whole} h ${String(rest).padStart(2, '0')} min`;
}
