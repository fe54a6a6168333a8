// What stands on PATH as `temporal` while the tests run: it takes the arguments that the local stack gives to `temporal server start-dev`,
// and lays out a production server instead, each data folder with databases of its own. Prints the path of the configuration; the shell
// that called it then becomes the server, so that `kill -9` of the engine is one of the server itself, and PostgreSQL lives on.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';

const { psql, port, user, password } = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8'));
const words = process.argv.slice(3);
const option = (name) => words[words.indexOf(name) + 1] ?? '';
const grpcPort = Number(option('--port'));
const folder = dirname(option('--db-filename'));
const name = `t_${createHash('sha256').update(folder).digest('hex').slice(0, 16)}`;

/** Below 32,768: with PostgreSQL the server keeps its members' ports in a `smallint`, and a higher one ends it as it starts. */
const freePort = () =>
  new Promise((resolve, reject) => {
    const tried = 20_000 + Math.floor(Math.random() * 12_000);
    const server = createServer();
    server.once('error', (error) => (error.code === 'EADDRINUSE' ? resolve(freePort()) : reject(error)));
    server.listen(tried, '127.0.0.1', () => server.close(() => resolve(tried)));
  });

mkdirSync(folder, { recursive: true });
const kept = join(folder, 'production.json');
let ports;
if (existsSync(kept)) ports = JSON.parse(readFileSync(kept, 'utf8'));
else {
  const sql = (database, statement) =>
    execFileSync(
      psql,
      ['-h', '127.0.0.1', '-p', String(port), '-U', user, '-d', database, '-v', 'ON_ERROR_STOP=1', '-qc', statement],
      { env: { ...process.env, PGPASSWORD: password } },
    );
  for (const kind of ['', '_visibility']) {
    sql('postgres', `drop database if exists ${name}${kind} with (force)`); // its folder is gone: lost on purpose
    sql('postgres', `create database ${name}${kind} template template_temporal${kind}`);
    sql(`${name}${kind}`, `update schema_version set db_name = '${name}${kind}'`); // the server asks by the database's own name
  }
  // The same after a kill: the others look for a member where it was.
  ports = [];
  for (let n = 0; n < 8; n++) ports.push(await freePort());
  writeFileSync(kept, JSON.stringify(ports));
}

const store = (databaseName, maxConns) => ({
  sql: {
    pluginName: 'postgres12',
    databaseName,
    connectAddr: `127.0.0.1:${port}`,
    connectProtocol: 'tcp',
    user,
    password,
    maxConns,
    maxIdleConns: maxConns,
    maxConnLifetime: '1h',
  },
});
const rpc = (grpc, membership) => ({ rpc: { grpcPort: grpc, membershipPort: membership, bindOnLocalHost: true } });
const [m1, g2, m2, g3, m3, g4, m4, http] = ports;
const config = {
  log: { stdout: true, level: 'error' },
  persistence: {
    defaultStore: 'main',
    visibilityStore: 'visibility',
    numHistoryShards: 4,
    datastores: { main: store(name, 15), visibility: store(`${name}_visibility`, 5) },
  },
  global: { membership: { maxJoinDuration: '30s', broadcastAddress: '127.0.0.1' } },
  services: {
    frontend: { rpc: { ...rpc(grpcPort, m1).rpc, httpPort: http } },
    matching: rpc(g2, m2),
    history: rpc(g3, m3),
    worker: rpc(g4, m4),
  },
  clusterMetadata: {
    enableGlobalNamespace: false,
    failoverVersionIncrement: 10,
    masterClusterName: 'active',
    currentClusterName: 'active',
    clusterInformation: {
      active: { enabled: true, initialFailoverVersion: 1, rpcName: 'frontend', rpcAddress: `localhost:${grpcPort}` },
    },
  },
  dcRedirectionPolicy: { policy: 'noop' },
  dynamicConfigClient: { filepath: join(folder, 'dynamic.yaml'), pollInterval: '10s' },
};
// Certificates that a test laid here: then clients, and the server's own parts, must show one.
const tls = join(folder, 'tls.json');
if (existsSync(tls)) {
  const { ca, cert, key } = JSON.parse(readFileSync(tls, 'utf8'));
  const client = { serverName: 'localhost', rootCaFiles: [ca] };
  const server = { certFile: cert, keyFile: key, clientCaFiles: [ca], requireClientAuth: true };
  config.global.tls = { frontend: { server, client }, systemWorker: { certFile: cert, keyFile: key, client } };
}
// The file of docker-compose.yml, and what the tests need besides: fast-forward.
const fastForward = ['frontend.WorkflowTimeSkippingEnabled', 'system.workflowTimeSkippingEnabled']
  .map((key) => `${key}:\n  - value: true\n`)
  .join('');
const settings = readFileSync(new URL('../../../deploy/temporal-dynamic-config.yaml', import.meta.url), 'utf8');
writeFileSync(join(folder, 'dynamic.yaml'), `${settings}\n${fastForward}`);
// YAML reads JSON.
const path = join(folder, 'production.yaml');
writeFileSync(path, JSON.stringify(config, null, 2), { mode: 0o600 });
process.stdout.write(path);
