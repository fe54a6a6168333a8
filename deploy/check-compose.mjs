// `npm run check:compose`: the compose client's own judgement of docker-compose.yml. No daemon is needed. What the tests can see they check
// by themselves (test/deploy); this is for the client's schema, which they do not have.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const CLIENTS = [
  ['docker', 'compose'],
  ['docker-compose'], // the standalone one, version 2 or newer
];
const env = { SEVENTYTWO_PUBLIC_URL: 'https://breach.hospital.example', ...process.env };

for (const [program, ...words] of CLIENTS) {
  const version = spawnSync(program, [...words, 'version', '--short'], { encoding: 'utf8' });
  if (version.status !== 0 || !/^v?[2-9]/.test(version.stdout.trim())) continue;
  const profiles = ['--profile', 'ui', '--profile', 'catcher'];
  const checked = spawnSync(program, [...words, '-f', 'docker-compose.yml', ...profiles, 'config', '--quiet'], {
    cwd: ROOT,
    env,
    stdio: 'inherit',
  });
  if (checked.status === 0)
    process.stdout.write(`docker-compose.yml is in order for compose ${version.stdout.trim()}\n`);
  process.exit(checked.status ?? 1);
}
process.stderr.write(
  'Neither `docker compose` (version 2 or newer) nor `docker-compose` is on this machine, so nothing was checked. Install Docker with its compose plugin and try again.\n',
);
process.exit(2);
