import { REBUILD, REBUILD_RUNBOOK } from '../domain/watch/clockless.js';
import type { Board, IncidentAnswer } from './answers.js';
import type { Run } from './run.js';
import { isOver, type Look } from './summary-text.js';
import { wrap } from './terminal.js';

/** What a calm board must not hide: open incidents that nobody watches. First, in red, with the way out. */

const NOT_KNOWN =
  'Whether clocks run is not known: the workflow engine or the database did not say. Watch the deadlines by hand meanwhile.';

/** A server of before tells nothing of clocks: then nothing is claimed. */
export function boardAlarm(board: Pick<Board, 'incidents'> & Partial<Pick<Board, 'clocks'>>, run: Run, look: Look) {
  if (board.clocks) return board.clocks.says === null ? [] : lost(board.clocks.says, run, look);
  return board.clocks === null && board.incidents.some((one) => !isOver(one)) ? unknown(look) : [];
}

export function incidentAlarm(
  { id, phase, withoutClock }: Pick<IncidentAnswer, 'id' | 'phase'> & Partial<Pick<IncidentAnswer, 'withoutClock'>>,
  run: Run,
  look: Look,
): string[] {
  if (withoutClock === null) return isOver({ phase }) ? [] : unknown(look);
  if (withoutClock !== true) return [];
  const says = `No clock runs for ${id}: the workflow engine does not run it. Nothing will be filed or rung for it; what stands below is as of its last entry.`;
  return lost(says, run, look);
}

/** The same on a local stack, where the settings are found in the folder; elsewhere it is the operator's. */
export const rebuildCommand = (from: Run['door']['from'], side: Run['door']['side']): string =>
  from === 'local stack' && side === 'drill' ? `${REBUILD} --drill` : REBUILD;

/** What `up` says at its start. */
export const localAlarm = (says: string, side: Run['door']['side'], look: Pick<Look, 'paint' | 'width'>): string[] => [
  ...red(`${side === 'live' ? 'Live' : 'Drill'} side: ${says}`, look),
  look.paint.bold(`Next: in another terminal, in this folder (${REBUILD_RUNBOOK})`),
  `      ${rebuildCommand('local stack', side)}`,
];

function lost(says: string, { door }: Run, look: Look): string[] {
  const whose = door.from === 'local stack' ? '' : ", on a machine with a process's settings";
  return [
    ...red(says, look),
    ...wrap(`Next: start what is missing${whose} (${REBUILD_RUNBOOK})`, look.width).map(look.paint.bold),
    `      ${rebuildCommand(door.from, door.side)}`,
    '',
  ];
}

const unknown = (look: Look): string[] => [
  ...red(NOT_KNOWN, look),
  look.paint.bold('Next: see what is away'),
  '      seventytwo doctor',
  '',
];

const red = (text: string, look: Pick<Look, 'paint' | 'width'>): string[] =>
  wrap(text, look.width).map((line) => look.paint.bold(look.paint.red(line)));
