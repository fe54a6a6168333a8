import type { Collection, Db } from 'mongodb';
import type { Instant } from '../../domain/clock/instant.js';

/** What was done for an incident that its ledger does not tell: the ledger ends earlier. Counts and numbers only. */
export interface Traces {
  /** Mailings of which outcomes are on record, with how many ranges were begun. */
  mailings(incident: string): Promise<readonly { readonly mailing: number; readonly ranges: number }[]>;
  /** Rendered files (notices, packs) made after that instant. */
  filesSince(incident: string, since: Instant): Promise<number>;
}

interface Made {
  readonly _id: string;
  readonly incident: string;
  readonly createdAt: Date;
}

export function createTraces(db: Db): Traces {
  const outcomes: Collection<{ _id: string; mailing: string }> = db.collection('outcomes');
  const artifacts: Collection<Made> = db.collection('artifacts');

  return {
    async mailings(incident) {
      const found = new Map<number, number>();
      const own = outcomes.find(
        { mailing: { $gte: `${incident}/`, $lt: `${incident}0` } }, // 0 is the character after /
        { projection: { mailing: 1 } },
      );
      for await (const { mailing } of own) {
        const number = Number(mailing.slice(incident.length + 1));
        found.set(number, (found.get(number) ?? 0) + 1);
      }
      return [...found].sort(([a], [b]) => a - b).map(([mailing, ranges]) => ({ mailing, ranges }));
    },
    filesSince: (incident, instant) =>
      artifacts.countDocuments({ incident, createdAt: { $gt: new Date(instant) } }, { limit: 100 }),
  };
}
