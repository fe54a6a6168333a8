import type { CommandOf } from '../commands.js';
import { ENGINE } from '../events.js';
import { type Decided, type Draft, happen } from './drafting.js';

/** The record is the ledger in the database. Where it lost entries that the engine had written, people must know until they are back. */

export function reportRecordGap({ state }: Draft, command: CommandOf<'ReportRecordGap'>): Decided {
  const { from, why } = command;
  return state.recordGap ? happen() : happen({ type: 'RecordGapFound', actor: ENGINE, data: { from, why } });
}

export function reportRecordWhole({ state }: Draft): Decided {
  const gap = state.recordGap;
  return gap ? happen({ type: 'RecordGapClosed', actor: ENGINE, data: { from: gap.from } }) : happen();
}
