import { readPeopleCsv } from '../formats/people-csv.js';
import type { ImportedList, ImportReport, PeopleImports } from './ports.js';

interface Frozen {
  readonly list: string;
  readonly count: number;
  readonly sha256: string;
  readonly rejected: number;
}
/** The writing side of the store, as adapters/mongo/lists.ts has it. */
export interface ListStore {
  begin(
    list: string,
    incident: string,
  ): Promise<
    | { readonly frozen: Frozen }
    | {
        readonly writer: {
          add(recipient: { email: string; language: string }): Promise<boolean>;
          freeze(rejected: number): Promise<Frozen>;
          discard(): Promise<void>;
        };
      }
  >;
  frozenOf(incident: string): Promise<readonly Frozen[]>;
}

const REMEMBERED = 200;

/** From the wire into the store, row by row: at no time is the whole list in memory. */
export function createPeopleImports(store: ListStore): PeopleImports {
  /** Reports of this process by list: counts and places only, no address. */
  const reports = new Map<string, ImportReport>();

  function remember(report: ImportReport): ImportReport {
    reports.set(report.list, report);
    const oldest = reports.keys().next().value;
    if (reports.size > REMEMBERED && oldest !== undefined) reports.delete(oldest);
    return report;
  }
  const described = ({ list, count, sha256, rejected }: Frozen): ImportedList => ({
    list,
    count,
    sha256,
    rejected,
    duplicates: reports.get(list)?.duplicates ?? null,
  });

  return {
    async import({ incident, list, csv, defaultLanguage }) {
      const begun = await store.begin(list, incident);
      if ('frozen' in begun) {
        for await (const _ of csv); // uploaded before: read on, so that the caller gets to hear the answer
        const { frozen } = begun;
        return {
          report: reports.get(list) ?? {
            ...described(frozen),
            duplicates: 0,
            problems: [],
            problemsLeftOut: 0,
            ignoredColumns: [],
          },
        };
      }
      const { writer } = begun;
      try {
        const rows = readPeopleCsv(csv, { defaultLanguage });
        for (;;) {
          const next = await rows.next();
          if (!next.done) {
            await writer.add(next.value);
            continue;
          }
          const { broken, rejected, duplicates, problems, moreProblems, ignoredColumns } = next.value;
          if (broken) {
            await writer.discard();
            return { broken };
          }
          const { count, sha256 } = await writer.freeze(rejected);
          return {
            report: remember({
              list,
              count,
              sha256,
              rejected,
              duplicates,
              problems,
              problemsLeftOut: moreProblems,
              ignoredColumns,
            }),
          };
        }
      } catch (error) {
        await writer.discard();
        throw error;
      }
    },
    lists: async (incident) => (await store.frozenOf(incident)).map(described),
  };
}
