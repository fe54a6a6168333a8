import { afterEach, expect, test } from '@jest/globals';
import { CommandEnd } from '../../cli/exit.js';
import { paintFor } from '../../cli/terminal.js';
import { main } from '../../cli/up.js';
import { aHome } from './desk.js';

const home = aHome();
afterEach(home.remove);

for (const side of ['live', 'drill'] as const) {
  test(`when the ${side} side ends by itself, "up" says which, names its log, stops the rest and ends with 1`, async () => {
    let stopped = 0;
    const sideOf = (name: string) => ({
      url: 'http://127.0.0.1:1',
      keys: { responder: '', dpo: '', approver: '', facilitator: '', auditor: '', admin: '' },
      dir: `/the/${name}`,
      mailDir: `/the/${name}/mail`,
      fresh: false,
    });
    const started = {
      root: '/the',
      engines: [],
      sides: { live: sideOf('live'), drill: sideOf('drill') },
      broke: Promise.resolve(side),
      stop: async () => void stopped++,
    };
    const quiet = (): void => undefined;
    const terminal = { out: quiet, err: quiet, interactive: false, width: 80, paint: paintFor(false) };
    const ended = await main({}, { terminal, env: {}, folder: home.path, words: ['up'] }, async () => ({
      startEverything: async () => started,
    })).catch((error: unknown) => error);
    expect(ended).toBeInstanceOf(CommandEnd);
    const { code, lines } = ended as CommandEnd;
    expect([code, lines.join(' '), stopped]).toEqual([1, expect.stringContaining(`${side} side ended`), 1]);
    expect(lines.join(' ')).toContain(`/the/${side}/processes.log`);
  });
}
