import { pathOf } from '../../formats/http/routes.js';
import type { Board, Readiness } from '../answers.js';
import { rebuildCommand } from '../clockless-text.js';
import { CommandEnd } from '../exit.js';
import type { Run } from '../run.js';

interface Check {
  readonly name: string;
  readonly ok: boolean | null;
  readonly says: string;
  readonly next?: string;
}

/** Whether the engine runs every open incident. Figures need no login; which ones they are, one that may read. */
export async function clockChecks(run: Run, ready: Partial<Readiness>): Promise<Check[]> {
  const { clocks } = ready;
  if (clocks === undefined) return []; // a server of before
  if (clocks === null)
    return [{ name: 'Clocks', ok: null, says: 'not known: the workflow engine or the database did not say' }];
  const { open, without } = clocks;
  if (without === 0) return [{ name: 'Clocks', ok: true, says: `${open} open, each with its clock` }];
  return [
    {
      name: 'Clocks',
      ok: false,
      says: (await named(run)) ?? ready.alarms?.join(' ') ?? `${without} of ${open} open incidents have none`,
      next: rebuildCommand(run.door.from, run.door.side),
    },
  ];
}

async function named(run: Run): Promise<string | null> {
  try {
    return (await run.api.get<Board>(pathOf('board'))).clocks?.says ?? null;
  } catch (error) {
    if (!(error instanceof CommandEnd)) throw error;
    return null; // the login is another check
  }
}
