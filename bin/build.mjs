// Makes dist/ (or the folder that is named): what an image holds. The sources as JavaScript, the workflow bundle, and the data files that the code opens.
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const DIST = resolve(process.argv[2] ?? join(ROOT, 'dist'));
const CODE = ['activities', 'adapters', 'api', 'cli', 'domain', 'formats', 'stack', 'worker', 'workflows'];
const DATA = [
  'adapters/temporal/failure-converter.cjs',
  'bin/health.mjs',
  'docs/schemas',
  'package.json',
  'scenarios',
  'stack/requirements',
];
const ENTRY = 'bin/seventytwo.mjs';

// Only what a build makes: the folder may hold other things when it was named.
for (const folder of [...CODE, 'bin', 'docs', 'scenarios'])
  rmSync(join(DIST, folder), { recursive: true, force: true });
const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
const { status } = spawnSync(process.execPath, [tsc, '-p', 'tsconfig.build.json', '--outDir', DIST], {
  cwd: ROOT,
  stdio: 'inherit',
});
if (status !== 0) process.exit(status ?? 1);

for (const path of DATA) {
  mkdirSync(dirname(join(DIST, path)), { recursive: true });
  cpSync(join(ROOT, path), join(DIST, path), { recursive: true });
}
// The entry of a checkout looks for sources; here there are none.
mkdirSync(join(DIST, 'bin'), { recursive: true });
writeFileSync(join(DIST, ENTRY), "#!/usr/bin/env node\nimport '../cli/main.js';\n");
chmodSync(join(DIST, ENTRY), 0o755);

// From the built modules, as a worker of the image would make it: what was tested is what runs.
const { BUILT_BUNDLE, makeBundle } = await import(pathToFileURL(join(DIST, 'worker/bundle.js')).href);
const { code } = await makeBundle();
writeFileSync(BUILT_BUNDLE, code);

// A build that does not start is none.
const help = spawnSync(process.execPath, [join(DIST, ENTRY), '--help'], { stdio: ['ignore', 'ignore', 'inherit'] });
if (help.status !== 0) process.exit(help.status ?? 1);
