import { createHash } from 'node:crypto';
import type { DataCategory, Segment } from '../domain/message/segments.js';
import { readPeopleCsv } from '../formats/people-csv.js';
import type { ImportedList, ImportReport, PeopleImports } from './ports.js';

type Places = Pick<ImportReport, 'problems' | 'problemsLeftOut' | 'ignoredColumns'>;
interface Frozen {
  readonly list: string;
  readonly count: number;
  readonly sha256: string;
  readonly rejected: number;
  readonly duplicates: number;
  readonly upload: string | null;
  readonly places: Places | null;
  readonly segments: readonly Segment[] | null;
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
          add(recipient: {
            email: string;
            language: string;
            country: string | null;
            data: readonly DataCategory[] | null;
          }): Promise<boolean>;
          amend(n: number, data: readonly DataCategory[]): void;
          freeze(
            imported: Places & {
              readonly rejected: number;
              readonly duplicates: number;
              readonly upload: string;
              readonly segments: readonly Segment[];
            },
          ): Promise<Frozen>;
          discard(): Promise<void>;
        };
      }
  >;
  frozenOf(incident: string): Promise<readonly Frozen[]>;
}

const NO_PLACES: Places = { problems: [], problemsLeftOut: 0, ignoredColumns: [] };
const described = ({ list, count, sha256, rejected, duplicates, segments }: Frozen): ImportedList => ({
  list,
  count,
  sha256,
  rejected,
  duplicates,
  segments,
});
const reportOf = (frozen: Frozen): ImportReport => ({ ...described(frozen), ...(frozen.places ?? NO_PLACES) });

/** From the wire into the store, row by row: at no time is the whole list in memory. */
export function createPeopleImports(store: ListStore): PeopleImports {
  return {
    async import({ incident, list, csv, defaultLanguage, requestSha256 }) {
      // The hash of the request, which holds its secret key, comes first: nobody can try addresses against what is kept.
      const hash = createHash('sha256').update(requestSha256);
      async function* hashed(): AsyncGenerator<Uint8Array> {
        for await (const bytes of csv) {
          hash.update(bytes);
          yield bytes;
        }
      }
      const begun = await store.begin(list, incident);
      if ('frozen' in begun) {
        for await (const _ of hashed()); // to its end, so that the caller gets to hear the answer
        const { frozen } = begun;
        return frozen.upload === null || frozen.upload === hash.digest('hex')
          ? { report: reportOf(frozen) }
          : { another: true };
      }
      const { writer } = begun;
      try {
        const rows = readPeopleCsv(hashed(), { defaultLanguage });
        for (;;) {
          const next = await rows.next();
          if (!next.done) {
            if ('email' in next.value) await writer.add(next.value);
            else writer.amend(next.value.n, next.value.data);
            continue;
          }
          const { broken, rejected, duplicates, segments, problems, moreProblems, ignoredColumns } = next.value;
          if (broken) {
            await writer.discard();
            return { broken };
          }
          const upload = hash.digest('hex');
          const places = { problems, problemsLeftOut: moreProblems, ignoredColumns };
          return { report: reportOf(await writer.freeze({ rejected, duplicates, upload, segments, ...places })) };
        }
      } catch (error) {
        await writer.discard();
        throw error;
      }
    },
    lists: async (incident) => (await store.frozenOf(incident)).map(described),
  };
}
