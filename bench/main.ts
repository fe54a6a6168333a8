import { assessments } from './assess.js';

const BENCHES: Readonly<Record<string, () => string[]>> = { assess: assessments };

const [name = ''] = process.argv.slice(2);
const bench = BENCHES[name];
if (bench) {
  for (const line of bench()) process.stdout.write(`${line}\n`);
} else {
  process.stderr.write(`There is ${Object.keys(BENCHES).join(', ')}: npm run bench -- assess\n`);
  process.exitCode = 2;
}
