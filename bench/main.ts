import { parseArgs } from 'node:util';
import { assessments } from './assess.js';
import { declarations } from './declare.js';
import { machine, type Say } from './figures.js';
import { history } from './history.js';
import { lateness } from './lateness.js';
import { silence } from './silence.js';
import { starting } from './start.js';

interface Bench {
  readonly says: string;
  run(say: Say, options: Options): Promise<void> | void;
}
interface Options {
  readonly seconds: number;
  readonly sizes: readonly number[];
}

const BENCHES: Readonly<Record<string, Bench>> = {
  assess: {
    says: '10,000 assessments beside the severity score alone',
    run: (say) => assessments().forEach(say),
  },
  declare: { says: 'declaring beside a bare start in the engine', run: declarations },
  lateness: { says: 'alarms of one second, missed, late and double, beside bare timers', run: lateness },
  history: { says: 'a long incident kept, replayed and rebuilt, beside a bare history', run: history },
  start: { says: 'seventytwo up until its API answers, beside the engines alone', run: starting },
  silence: { says: 'frozen workers and a due time: until the watchdog calls', run: silence },
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seconds: { type: 'string', default: '30' }, sizes: { type: 'string', default: '100,1000,5000' } },
});
const say: Say = (line) => process.stdout.write(`${line}\n`);
const options: Options = { seconds: Number(values.seconds), sizes: values.sizes.split(',').map(Number) };
const bench = BENCHES[positionals[0] ?? ''];
if (bench && positionals.length === 1 && [options.seconds, ...options.sizes].every((n) => n > 0)) {
  say(`${positionals[0]}: ${bench.says}`);
  say(machine());
  await bench.run(say, options);
  say(machine());
} else {
  process.stderr.write(
    [
      'npm run bench -- NAME [--sizes 100,1000,5000] [--seconds 30]',
      ...Object.entries(BENCHES).map(([name, { says }]) => `  ${name.padEnd(10)} ${says}`),
      '',
    ].join('\n'),
  );
  process.exitCode = 2;
}
