import type { Command } from 'commander';
import { readIncidentId } from '../domain/incident/ids.js';
import { registerAssessOnline } from './commands/assess.js';
import { registerNotice } from './commands/notice.js';
import type { World } from './run.js';

/**
 * The commands that need no server. They are loaded when their word was typed; for `help` their names suffice.
 * `assess` and `notice` exist twice: on an incident they speak to the server, on a file they do not.
 */
export const isOffline = (words: readonly string[]): boolean =>
  ['clock', 'schema'].includes(words[0] ?? '') ||
  (words[0] === 'assess' && !namesIncident(words)) ||
  (words[0] === 'notice' && words[1] === 'build');

const namesIncident = (words: readonly string[]): boolean =>
  words.slice(1).some((word) => readIncidentId(word) !== undefined);

export function registerAssess(program: Command, world: World): void {
  if (namesIncident(world.words)) registerAssessOnline(program, world);
  else if (world.words[0] !== 'assess')
    program
      .command('assess')
      .argument('<id|file>')
      .summary('what the rules propose: level, arithmetic, reasons, duties');
}

export function registerNoticeOnline(program: Command, world: World): void {
  if (!(world.words[0] === 'notice' && world.words[1] === 'build')) registerNotice(program, world);
}

/** The real commands when one of them was typed, their names otherwise. */
export async function registerOffline(program: Command, words: readonly string[]): Promise<void> {
  switch (isOffline(words) ? words[0] : undefined) {
    case 'clock':
      return (await import('./offline/clock.js')).registerClock(program);
    case 'schema':
      return (await import('./offline/schema.js')).registerSchema(program);
    case 'assess':
      return (await import('./offline/assess.js')).registerAssess(program);
    case 'notice':
      return (await import('./offline/notice.js')).registerNoticeBuild(program);
    default:
      program.command('clock').summary('deadlines and ladder of an awareness');
      program.command('schema').argument('<which>').summary('JSON Schemas of facts and organisation files');
  }
}
