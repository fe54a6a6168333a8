import { CommandEnd } from './exit.js';
import type { World } from './run.js';
import { findDoor } from './settings.js';

/** What `seventytwo` alone says: the three commands that matter at three in the morning, and where they go. */
export function greeting(world: World): string[] {
  const { bold, dim } = world.terminal.paint;
  return [
    `${bold('seventytwo')}  from the first alarm to the last receipt of a personal-data breach`,
    '',
    'Something leaked?',
    `  ${bold('seventytwo declare "WHAT HAPPENED, IN FIVE WORDS"')}`,
    '      needs only a title. Certain already? Add --aware 02:40: the 72 hours run.',
    'Already declared?',
    `  ${bold('seventytwo status')}`,
    '      what is open, how many hours are left, the one next thing to do',
    'Were you called?',
    `  ${bold('seventytwo ack ID')}`,
    '      "I have it": stops the alarm; the clock goes on',
    '',
    dim(where(world)),
    dim('Every command: seventytwo help'),
  ];
}

function where(world: World): string {
  try {
    const door = findDoor({}, [], world.env, world.folder);
    return `Server: ${door.url} (${door.from})`;
  } catch (error) {
    if (!(error instanceof CommandEnd)) throw error;
    return 'No server is named yet. To try it on this machine: seventytwo up';
  }
}
