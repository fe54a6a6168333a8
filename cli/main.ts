import { run } from './program.js';
import { openTerminal } from './terminal.js';

// A reader that has seen enough (`| head`) is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

process.exitCode = await run({
  terminal: openTerminal(),
  env: process.env,
  folder: process.cwd(),
  words: process.argv.slice(2),
});
