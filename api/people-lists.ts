import type { Command } from '../domain/incident/commands.js';
import { type Call, causeOf, type Handlers } from './call.js';
import type { Parts } from './parts.js';
import { keyReused, problem, Refused, refuse } from './errors.js';

/** The key of the upload names the list, so that an upload that is tried again is the same list. */
const listId = (keyHash: string): string => `list-${keyHash.slice(0, 10)}`;

const BROKEN: Readonly<Record<string, string>> = {
  empty: 'The file is empty. It needs a header row with a column email, and a row for each person.',
  'not-utf-8': 'The file is not UTF-8. Save it as "CSV UTF-8" and upload it again.',
  'no-email-column':
    'The first row names no column email. Columns: email (needed), language, country, data (what leaked of this person, such as CONTACT+HEALTH); a name may be there and is not kept.',
  'column-twice': 'The first row names a column twice. Name each once.',
  'quote-not-closed': 'A quotation mark is opened and never closed. Close it or take it out.',
  'too-many-segments':
    'There are more than 5,000 combinations of country, language and data: a column does not hold what its name says. Mend it.',
  'row-too-long': 'A row is too long; a quotation mark before it may not be closed.',
};
const broken = (row: number, why: string) =>
  refuse(
    'import-refused',
    `Row ${row}: ${BROKEN[why] ?? 'The file is damaged as CSV.'} Nothing was kept.`,
    `row ${row}`,
    { row, reason: why },
  );

/** Accepting a list puts its figures on record: those that were stored with it. What the body repeats of them must be the same. */
export async function listCommand(call: Call<'acceptPeople'>, { deps, reads }: Parts): Promise<Command> {
  const incident = call.parameters['id'] ?? '';
  const list = call.parameters['list'] ?? '';
  await reads.stateFor(call);
  const uploaded = await deps.people.lists(incident);
  const found = uploaded.find((l) => l.list === list);
  if (!found) {
    throw refuse(
      'not-found',
      `This incident has no uploaded list ${list}. Upload it: seventytwo people ${incident} import FILE.csv`,
      'list',
      { known: uploaded.map((l) => l.list) },
    );
  }
  const { count, rejected, duplicates } = found;
  const wrong = (['sha256', 'duplicates'] as const).flatMap((field) =>
    call.body[field] === undefined || call.body[field] === found[field]
      ? []
      : [problem('field', `${field} is not that of the list: it is ${found[field]}. Look at the list again.`, field)],
  );
  if (wrong.length > 0) throw new Refused(wrong);
  return { type: 'FreezePeopleList', list, count, sha256: found.sha256, rejected, duplicates };
}

type Ids = 'people' | 'uploadPeople' | 'mailings' | 'mailing';

export function peopleHandlers({ deps, reads }: Parts): Handlers<Ids> {
  async function mailingsOf(call: Call) {
    const state = await reads.stateFor(call);
    const mailings = state.mailings.map(async ({ mailing, message, list, count, state: now, totals, completedAt }) => {
      const progress = await deps.outcomes.totals(`${state.id}/${mailing}`).catch(() => null);
      return { mailing, message, list, count, state: now, totals, progress, completedAt };
    });
    return { state, mailings: await Promise.all(mailings) };
  }

  return {
    async people(call) {
      const state = await reads.stateFor(call);
      const uploaded = await deps.people.lists(state.id).catch(() => []);
      const accepted = state.lists.map(({ id, count, sha256 }) => ({
        rejected: null,
        duplicates: null,
        segments: null,
        ...uploaded.find((u) => u.list === id),
        list: id,
        count,
        sha256,
        accepted: true,
      }));
      const waiting = uploaded
        .filter((u) => !state.lists.some(({ id }) => id === u.list))
        .map((u) => ({ ...u, accepted: false }));
      return { json: { seq: state.seq, lists: [...accepted, ...waiting] } };
    },

    async uploadPeople(call) {
      const state = await reads.stateFor(call);
      const list = listId(causeOf(call).keyHash);
      const done = await deps.people
        .import({
          incident: state.id,
          list,
          csv: call.request,
          defaultLanguage: state.setting.organisation.languages[0] ?? 'en',
          requestSha256: causeOf(call).bodyHash,
        })
        .catch((error: unknown) => {
          if (!(error instanceof Error && error.name === 'ImportSuperseded')) throw error;
          throw keyReused(
            `Another upload has this Idempotency-Key. See what was uploaded, or upload this file with a new key: seventytwo people ${state.id}`,
          );
        });
      if ('another' in done)
        throw keyReused(
          'This Idempotency-Key was used for the upload of another file. Upload this one with a new key.',
        );
      if ('broken' in done) throw broken(done.broken.row, done.broken.problem);
      const { report } = done;
      return {
        json: {
          ...report,
          next:
            report.count === 0
              ? 'No row has a valid address: mend the file and upload it again under a new Idempotency-Key.'
              : `Accept it, or mend the file and upload it again: seventytwo people ${state.id} accept ${list}`,
        },
      };
    },

    async mailings(call) {
      const { state, mailings } = await mailingsOf(call);
      return { json: { seq: state.seq, mailings } };
    },
    async mailing(call) {
      const { mailings } = await mailingsOf(call);
      const found = mailings.find((m) => String(m.mailing) === call.parameters['mailing']);
      if (!found)
        throw refuse(
          'not-found',
          `This incident has no such mailing. Mailings: ${mailings.map((m) => m.mailing).join(', ') || 'none'}.`,
          'mailing',
        );
      return { json: found };
    },
  };
}
