import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll } from '@jest/globals';
import type { Db } from 'mongodb';
import { type DataKeys, createDataKeys } from '../../../adapters/crypto/data-keys.js';
import { type Mongo, connectMongo } from '../../../adapters/mongo/connect.js';
import { createDataKeyStore } from '../../../adapters/mongo/data-key-store.js';
import { ensureIndexes } from '../../../adapters/mongo/indexes.js';
import { type MongoLedger, createLedger } from '../../../adapters/mongo/ledger.js';
import { type Engine, startMongo } from '../../../stack/engines.js';
import { ownEngines } from '../../stack/help.js';

export interface Store {
  readonly db: Db;
  readonly keys: DataKeys;
  readonly ledger: MongoLedger;
}

/** One real server for the file, a fresh database for each store. */
export function realMongo(): { store(): Promise<Store>; engine(): Engine; dataDir(): string } {
  let engine: Engine | undefined;
  const dataDir = mkdtempSync(join(tmpdir(), 'seventytwo-mongo-'));
  const open: Mongo[] = [];

  beforeAll(async () => {
    engine = await startMongo({ dataDir, env: ownEngines() }); // its files are read, and it is stopped
  });
  afterEach(async () => {
    await Promise.all(open.splice(0).map((mongo) => mongo.close()));
  });
  afterAll(async () => {
    await engine?.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  return {
    dataDir: () => dataDir,
    engine() {
      if (!engine) throw new Error('The server is started before the first test.');
      return engine;
    },
    async store() {
      const mongo = connectMongo(this.engine().url.replace(/\/(\?|$)/, `/t${randomBytes(6).toString('hex')}$1`));
      open.push(mongo);
      await ensureIndexes(mongo.db);
      const keys = createDataKeys({ masterKey: randomBytes(32), store: createDataKeyStore(mongo.db) });
      return { db: mongo.db, keys, ledger: createLedger({ db: mongo.db, keys }) };
    },
  };
}
