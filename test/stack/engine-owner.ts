// A process that owns an engine, to be killed. Arguments: temporal | mongo, folder. Prints the engine's process and port.
import { startMongo, startTemporal } from '../../stack/engines.js';

const [, , engine, dataDir = ''] = process.argv;
const started = engine === 'temporal' ? await startTemporal({ dataDir }) : await startMongo({ dataDir });
console.log(JSON.stringify({ pid: started.pid, url: started.url }));
process.stdin.resume(); // lives until it is killed
