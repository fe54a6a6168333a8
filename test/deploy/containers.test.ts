import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { loadConfig } from '../../adapters/config.js';
import { loadWatchdogConfig } from '../../adapters/watchdog/config.js';

/** What can be seen of Dockerfile and docker-compose.yml without a container engine. */

const read = (path: string): string => readFileSync(fileURLToPath(new URL(`../../${path}`, import.meta.url)), 'utf8');

interface Service {
  readonly image: string;
  readonly build?: string;
  readonly command?: readonly string[];
  readonly entrypoint?: readonly string[];
  readonly user?: string;
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly secrets?: readonly string[];
  readonly volumes?: readonly string[];
  readonly networks?: readonly string[];
  readonly ports?: readonly string[];
  readonly profiles?: readonly string[];
  readonly healthcheck?: object;
  readonly privileged?: boolean;
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
}
interface Compose {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: Readonly<Record<string, unknown>>;
  readonly networks: Readonly<Record<string, { readonly internal?: boolean }>>;
  readonly secrets: Readonly<Record<string, { readonly file: string }>>;
}
const text = read('docker-compose.yml');
const compose = parse(text, { merge: true }) as Compose;
const services = Object.entries(compose.services);
const ours = services.filter(([, service]) => service.build !== undefined);

const folder = mkdtempSync(join(tmpdir(), 'seventytwo-compose-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('the processes are all there', () => {
  expect(ours.map(([, { command }]) => command?.join(' '))).toEqual(
    expect.arrayContaining(['serve', 'watchdog', 'worker incident', 'worker mail']),
  );
});

for (const [name, service] of services) {
  test(`${name} runs as nobody in particular, without rights and without a way to get any`, () => {
    expect(service.user).toMatch(/^[1-9]\d*:[1-9]\d*$/);
    expect(service.cap_drop).toEqual(['ALL']);
    expect(service.security_opt).toContain('no-new-privileges:true');
    expect(service.privileged).toBeUndefined();
    expect((service.volumes ?? []).join()).not.toMatch(/docker\.sock|(^|,)\/(:|,|etc)/);
  });
  test(`${name} is pinned, and not to an image that sets itself up`, () => {
    expect(service.image).toMatch(/^[\w./-]+:v?\d+\.\d+\.\d+[\w.-]*$|^postgres:16\.6-bookworm$/);
    expect(service.image).not.toMatch(/latest|auto-setup/);
  });
  test(`${name} is reached from this machine alone, if from outside at all`, () => {
    expect((service.ports ?? []).filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([]);
  });
}

test('file systems are read-only; the one exception is a page for operators, and says why', () => {
  expect(services.filter(([, service]) => service.read_only !== true).map(([name]) => name)).toEqual(['temporal-ui']);
  expect(compose.services['temporal-ui']?.profiles).toEqual(['ui']);
});

test('no secret stands in the file: what holds one comes from a file of its own', () => {
  for (const [name, { environment = {} }] of services)
    for (const [variable, value] of Object.entries(environment)) {
      if (
        variable.startsWith('MP_SMTP_TLS') ||
        !/(_KEY|_SECRET|_TOKEN|PASSWORD|_PWD|SMTP\w*_URL|PAGER_URL)(_FILE)?$/.test(variable)
      )
        continue;
      expect([name, variable, String(value)]).toEqual([
        name,
        expect.stringMatching(/_FILE$/),
        expect.stringMatching(/^(\/run\/secrets\/\w+|\$\{\w+:-\})$/),
      ]);
    }
  expect(text).not.toMatch(/:\/\/[^/\s$]+:[^/\s$]+@/); // user:password@
  for (const [name, { file }] of Object.entries(compose.secrets)) expect(file).toBe(`./secrets/${name}`);
  for (const path of ['.gitignore', '.dockerignore'])
    expect(
      path === '.gitignore' ? read(path).includes('/secrets/') : read(path).startsWith('#') && /^\*$/m.test(read(path)),
    ).toBe(true);
});

test('every secret that is named is declared, made by the script, and given to whoever reads it', () => {
  const script = read('deploy/make-secrets.sh');
  for (const [name, { secrets = [], environment = {}, entrypoint = [] }] of services) {
    const used = [
      ...`${Object.values(environment).join(' ')} ${entrypoint.join(' ')}`.matchAll(/\/run\/secrets\/(\w+)/g),
    ].map(([, one = '']) => one);
    expect([name, used.filter((one) => !secrets.includes(one))]).toEqual([name, []]);
    expect([name, secrets.filter((one) => !used.includes(one))]).toEqual([name, []]);
  }
  for (const name of Object.keys(compose.secrets)) expect(script).toContain(name);
});

test('a journal of its own for each process, and a volume for the watchdog', () => {
  const journals = ours
    .filter(([, { environment = {} }]) => environment['SEVENTYTWO_JOURNAL_DIR'])
    .map(
      ([, service]) =>
        service.volumes?.find((volume) => volume.includes(':/var/lib/seventytwo/journal'))?.split(':')[0],
    );
  expect(journals.every((one) => one !== undefined && one in compose.volumes)).toBe(true);
  expect(new Set(journals).size).toBe(journals.length);
  expect('watchdog' in compose.volumes).toBe(true);
  for (const engine of ['mongo', 'postgres'])
    expect(compose.services[engine]?.volumes?.[0]).toMatch(new RegExp(`^${engine}-data:`));
});

/** What a setting may be called: the names that the readers of the configuration ask for. */
const KNOWN = new Set(
  [
    'adapters/config.ts',
    'adapters/config/reader.ts',
    'adapters/config/connections.ts',
    'adapters/watchdog/config.ts',
  ].flatMap((path) => read(path).match(/SEVENTYTWO_[A-Z_]+/g) ?? []),
);
const isKnown = (name: string): boolean => KNOWN.has(name) || KNOWN.has(name.replace(/_FILE$/, ''));

/** The environment of a service, with its secrets in files of this test. */
function settingsOf({ environment = {} }: Service, secrets: Readonly<Record<string, string>>): Record<string, string> {
  const key = Buffer.alloc(32, 1).toString('base64');
  const given: Record<string, string> = { master_key: key, smtp_url: 'smtps://u:p@relay.example:465', ...secrets };
  return Object.fromEntries(
    Object.entries(environment).map(([name, value]) => {
      const secret = /^\/run\/secrets\/(\w+)$/.exec(value)?.[1];
      if (secret === undefined)
        return [
          name,
          value.replace(/\$\{\w+:-([^}]*)\}/, '$1').replace(/\$\{\w+:\?[^}]*\}/, 'https://breach.hospital.example'),
        ];
      const path = join(folder, secret);
      writeFileSync(path, given[secret] ?? '', { mode: 0o600 });
      return [name, path];
    }),
  );
}

for (const [name, service] of ours)
  test(`${name} is given every setting that it needs and none that there is not`, () => {
    const unknown = Object.keys(service.environment ?? {}).filter(
      (variable) => variable.startsWith('SEVENTYTWO_') && !isKnown(variable),
    );
    expect(unknown).toEqual([]);
    const config = service.command?.[0] === 'watchdog' ? watching(service) : loadConfig(settingsOf(service, {}));
    const { temporal, mongoUrl } = config;
    const hosts = [temporal.address.split(':')[0] ?? '', new URL(mongoUrl.replace('mongodb:', 'http:')).hostname];
    expect(hosts.filter((host) => !Object.keys(compose.services).includes(host))).toEqual([]);
    if ('masterKey' in config)
      expect(config).toMatchObject({ side: 'live', smtpFallbackUrl: null, pager: null, healthListen: { port: 7280 } });
  });

function watching(service: Service) {
  return loadWatchdogConfig(
    settingsOf(service, {
      watchdog_webhook_url: 'https://other-pager.example/hook',
      watchdog_webhook_secret: `whsec_${Buffer.alloc(24, 2).toString('base64')}`,
    }),
  );
}

test('the watchdog waits for nobody, holds no master key, and does not start without a way to wake somebody', () => {
  const service = compose.services['watchdog'];
  if (!service) throw new Error('There is no watchdog.');
  expect(service.depends_on).toBeUndefined();
  expect(service.secrets?.filter((one) => !one.startsWith('watchdog_'))).toEqual([]);
  expect(service.volumes?.[0]).toBe('watchdog:/var/lib/seventytwo/watchdog');
  expect(() => loadWatchdogConfig(settingsOf(service, {}))).toThrow(/SEVENTYTWO_WATCHDOG_WEBHOOK_URL is missing/);
});

test('a second relay and a pager are used as soon as their files hold something', () => {
  const service = compose.services['worker-incident'];
  if (!service) throw new Error('There is no worker-incident.');
  const secret = `whsec_${Buffer.alloc(24, 1).toString('base64')}`;
  expect(
    loadConfig(
      settingsOf(service, {
        smtp_fallback_url: 'smtps://two.example',
        pager_url: 'https://pager.example/hook',
        pager_secret: secret,
      }),
    ),
  ).toMatchObject({
    smtpFallbackUrl: 'smtps://two.example',
    pager: { secret },
  });
});

test('who waits for whom is there and has a check of its own; stores and engine are not reached from outside', () => {
  for (const [name, { depends_on: waits = {} }] of services)
    for (const [other, { condition }] of Object.entries(waits)) {
      expect([name, other in compose.services]).toEqual([name, true]);
      if (condition === 'service_healthy')
        expect([other, compose.services[other]?.healthcheck !== undefined]).toEqual([other, true]);
    }
  expect(compose.networks['stores']?.internal).toBe(true);
  for (const name of ['mongo', 'postgres', 'temporal'])
    expect(compose.services[name]).toMatchObject({ networks: ['stores'] });
  for (const [, service] of ours) expect(service.healthcheck).toBeDefined();
});

const dockerfile = read('Dockerfile');
test('the image: glibc, pinned, two stages, not root, an init process, and a check that is about being alive', () => {
  expect(dockerfile).toMatch(/^ARG NODE_IMAGE=node:20\.\d+\.\d+-bookworm-slim$/m);
  expect(dockerfile.match(/^FROM /gm)).toHaveLength(2);
  expect(dockerfile).not.toMatch(/alpine|latest/i);
  const last = dockerfile.slice(dockerfile.lastIndexOf('FROM '));
  expect(last).toMatch(/^USER 10001:10001$/m);
  expect(last.indexOf('USER 10001')).toBeLessThan(last.indexOf('ENTRYPOINT'));
  expect(last).toContain('ENTRYPOINT ["tini", "--",');
  expect(last).toMatch(/HEALTHCHECK .*"bin\/health\.mjs", "alive"/);
  expect(dockerfile).toMatch(/npm ci --ignore-scripts/);
  expect(dockerfile).not.toMatch(/SECRET|PASSWORD|TOKEN|MASTER_KEY/);
});

test('what the build reads is let in, and nothing else', () => {
  const allowed = [...read('.dockerignore').matchAll(/^!(.+)$/gm)].map(([, one = '']) => one);
  const build = read('bin/build.mjs');
  const wanted = [...(/const CODE = \[([^\]]+)\]/.exec(build)?.[1]?.matchAll(/'([^']+)'/g) ?? [])].map(
    ([, one = '']) => one,
  );
  expect(wanted.length).toBeGreaterThan(5);
  for (const one of [...wanted, 'bin', 'scenarios', 'docs/schemas', 'package-lock.json'])
    expect(allowed).toContain(one);
  for (const one of ['test', 'secrets', '.seventytwo', '.git', 'node_modules', '.env'])
    expect(allowed).not.toContain(one);
});
