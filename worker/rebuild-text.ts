import type { Instant } from '../domain/clock/instant.js';
import type { Mended, Repaired, RepairReport } from './repair-ledger.js';
import type { Became, Rebuilt, RebuildReport } from './rebuild.js';

/** The report in words. Ids, instants and numbers only: it may be pasted into a chat. */

const shown = (instant: Instant): string => `${instant.slice(0, 10)} ${instant.slice(11, 16)} UTC`;
const names = (all: readonly { readonly milestone: string }[]): string => all.map((m) => m.milestone).join(', ');

const SAYS: Readonly<Record<Became, string>> = {
  started: 'started',
  'to-start': 'would be started',
  runs: 'runs already',
  rests: 'rests: nothing is owed, a command starts it',
  erased: 'was erased',
  broken: 'NOT STARTED: its ledger does not verify',
  'engine-behind': 'RUNS FROM AN EARLIER STATE than its ledger has',
};

const WHY = {
  missing: 'is missing',
  altered: 'was altered',
  'not-chained': 'does not follow the one before',
  'not-the-anchor': 'is not the one that the register names',
} as const;

function broken({ incident, broken: chain }: Rebuilt): string[] {
  if (!chain) return [];
  return [
    `Entry ${chain.firstBad} ${WHY[chain.why]}. Nothing was started from a record that cannot be trusted, so no clock of ours runs for it: watch its deadline by hand.`,
    `Where the engine still has the history: seventytwo rebuild --ledger --dry-run. Otherwise put the collection "ledger" back from a backup that has entry ${chain.firstBad}, then: seventytwo ledger ${incident} --verify, and rebuild again.`,
  ];
}

function behind({ incident, engineSeq, last }: Rebuilt): string[] {
  return [
    `The engine knows it as of ${engineSeq}, the ledger as of ${last?.seq}: the engine's database was set back. It must not go on like this: it would write a second history, and its entries are refused.`,
    `End that run (temporal workflow terminate --workflow-id incident/${incident}), then rebuild again: it starts from the ledger.`,
  ];
}

function later({ later: signs }: Rebuilt): string[] {
  return [
    ...signs.mailings.map(
      ({ mailing, ranges }) =>
        `Later than the record: mailing ${mailing} had begun (${ranges} ${ranges === 1 ? 'range' : 'ranges'} of recipients). Start it again with the same list: who is on record as told is not told twice.`,
    ),
    ...(signs.files > 0
      ? [
          `Later than the record: ${signs.files} files were rendered after it; a notice may have gone out. Ask the authority before you approve again.`,
        ]
      : []),
  ];
}

function aheadOf(each: Rebuilt): string[] {
  const o = each.outlook;
  if (!o || (each.is !== 'started' && each.is !== 'to-start')) return [];
  const owed = o.missed.filter((m) => m.owed);
  return [
    ...(owed.length > 0 ? [`Passed meanwhile: ${names(owed)}. Reached as past, with an alarm at once.`] : []),
    ...(o.next ? [`Next: ${o.next.milestone} at ${shown(o.next.dueAt)}.`] : []),
    ...o.notices.map(
      ({ phase, authority }) =>
        `Notice ${phase} to ${authority} is approved and not on record as sent. It goes out now; where no journal tells whether it went before, it is on record as possibly double.`,
    ),
    ...o.mailings.map(
      ({ mailing, state, count }) =>
        `Mailing ${mailing} to ${count} people (${state}) ${state === 'paused' ? 'stays paused' : 'goes on where its outcomes stand'}; a possible second copy is flagged.`,
    ),
  ];
}

function one(each: Rebuilt): string[] {
  const deadline = each.outlook?.deadline ? `, 72 h until ${shown(each.outlook.deadline)}` : '';
  const head = `${each.incident}  ${SAYS[each.is]}${each.outlook ? ` (${each.outlook.phase}${deadline})` : ''}`;
  const quiet = each.is === 'runs' || each.is === 'rests' || each.is === 'erased';
  const asOf =
    each.from === 'intake'
      ? 'From the declaration that was kept: nothing of it is on record yet.'
      : each.last && `State as of entry ${each.last.seq}, ${each.last.type}, ${shown(each.last.at)}.`;
  const details = [...(quiet || !asOf ? [] : [asOf]), ...aheadOf(each), ...later(each)];
  const trouble = each.is === 'broken' ? broken(each) : each.is === 'engine-behind' ? behind(each) : [];
  return [head, ...[...details, ...trouble].map((line) => `  ${line}`)];
}

/** @param typed options that the same command needs again */
export function rebuildText(report: RebuildReport, typed = ''): string[] {
  const { incidents, dryRun, workers, otherSide } = report;
  const count = (is: Became): number => incidents.filter((each) => each.is === is).length;
  const starts = count('started') + count('to-start');
  const sums = [
    `${starts} ${dryRun ? 'would be started' : 'started'}`,
    `${count('runs')} ran already`,
    `${count('rests')} at rest`,
    ...(count('erased') > 0 ? [`${count('erased')} erased`] : []),
    ...(count('broken') > 0 ? [`${count('broken')} NOT STARTED`] : []),
    ...(count('engine-behind') > 0 ? [`${count('engine-behind')} BEHIND THEIR LEDGER`] : []),
  ];
  return [
    ...incidents.flatMap(one),
    ...(incidents.length > 0 ? [''] : []),
    `${incidents.length} incidents of the ${report.side} side: ${sums.join(', ')}.`,
    ...(otherSide > 0 ? [`${otherSide} streams of the other side lie in this database; they were left alone.`] : []),
    ...(starts > 0
      ? [
          'Commands that were answered after the entry named above are not on record: whoever was told a higher seq gives that command again. A command line that got no answer has kept its key: the same command again is safe.',
        ]
      : []),
    ...(starts > 0 && workers === 0
      ? ['No worker asks the engine for work: alarms and notices wait until one runs (seventytwo worker incident).']
      : []),
    ...(dryRun && starts > 0 ? [`Nothing was changed. To start them: seventytwo rebuild${typed}`] : []),
  ];
}

export const rebuildExit = ({ incidents }: RebuildReport): number =>
  incidents.some(({ is }) => is === 'broken' || is === 'engine-behind') ? 1 : 0;

const MENDED: Readonly<Record<Mended, string>> = {
  repaired: 'put back',
  'to-repair': 'would be put back',
  whole: 'nothing is missing',
  hole: 'CANNOT BE PUT BACK',
  forked: 'NOT TOUCHED: ledger and engine differ',
  broken: 'NOT TOUCHED: its ledger does not verify',
};

function mended(each: Repaired): string[] {
  const { from, to, firstBad, hashes } = each;
  if (each.is === 'whole') return [];
  const details: string[] = [];
  if (each.is === 'hole')
    details.push(
      `Entry ${firstBad} is neither in the ledger nor in the engine any more. Take it from an older or newer backup; the incident goes on, and records from there when it is back.`,
    );
  if (each.is === 'forked')
    details.push(
      `Entry ${from === null ? '' : from - 1} in the ledger is not the one that the engine wrote. Two engines have written this record: stop all but one, and do not repair by hand.`,
    );
  if (each.is === 'broken')
    details.push(
      `Entry ${firstBad} ${each.why === 'altered' ? WHY.altered : WHY['not-chained']}: it was not the backup alone.`,
    );
  if (hashes === 'other')
    details.push(
      'Declared after the backup: its data key is lost with it, so the entries are sealed under a new key. What they say is the same; the heads of the record that notices carry are not found in it. Write down why.',
    );
  for (const { mailing, told, onRecord } of each.mailings)
    details.push(
      `Mailing ${mailing}: ${told} people were told, of ${onRecord} of them the outcome is still in the database. The total and its hash are on record; who they were is not.`,
    );
  const entries = from === null || to === null ? '' : ` (entries ${from} to ${to})`;
  return [`${each.incident}  ${MENDED[each.is]}${entries}`, ...details.map((line) => `  ${line}`)];
}

export function repairText({ incidents, dryRun, side }: RepairReport, typed = ''): string[] {
  const count = (...which: Mended[]): number => incidents.filter((each) => which.includes(each.is)).length;
  const put = count('repaired', 'to-repair');
  return [
    ...incidents.flatMap(mended),
    ...(incidents.length > count('whole') ? [''] : []),
    `${incidents.length} incidents of the ${side} side in the engine: ${put} ${dryRun ? 'would be put back' : 'put back'}, ${count('whole')} whole, ${count('hole', 'forked', 'broken')} NOT PUT BACK.`,
    ...(put > 0
      ? [
          'Not in the engine, so not put back: logins, roles, mailboxes and authorisations of the organisation, lists and texts for people, rendered files, and incidents that ended before its retention. See docs/runbooks/restore-and-rebuild.md.',
        ]
      : []),
    ...(dryRun && put > 0 ? [`Nothing was changed. To put them back: seventytwo rebuild --ledger${typed}`] : []),
  ];
}

export const repairExit = ({ incidents }: RepairReport): number =>
  incidents.some(({ is }) => is === 'hole' || is === 'forked' || is === 'broken') ? 1 : 0;
