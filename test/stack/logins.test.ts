import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import { createOrganisationStore } from '../../adapters/mongo/organisation.js';
import { createApi } from '../../api/app.js';
import { logins } from '../../stack/up.js';
import { realMongo } from '../adapters/mongo/real-mongo.js';
import { fakeApi } from '../fakes/api.js';

const mongo = realMongo();
const TOKEN = 'the-token-of-this-start';
const ROLES = ['responder', 'dpo', 'approver', 'facilitator', 'auditor', 'admin'];

const open: (() => void)[] = [];
afterEach(() => {
  for (const close of open.splice(0)) close();
});

/** The API of the drill side on a store with nothing in it, and a folder with nothing in it. */
async function nothingYet() {
  const organisation = createOrganisationStore(await mongo.store());
  const { app } = createApi({ ...fakeApi({ mode: 'drill' }).deps, organisation, bootstrapToken: TOKEN });
  const server = await new Promise<Server>((resolve) => {
    const listening: Server = app.listen(0, '127.0.0.1', () => resolve(listening));
  });
  const dir = mkdtempSync(join(tmpdir(), 'seventytwo-logins-'));
  open.push(() => {
    server.close();
    server.closeAllConnections();
    rmSync(dir, { recursive: true, force: true });
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { organisation, url, local: { dir, side: 'drill' } as const, file: join(dir, 'logins.json') };
}

/** The process is gone when the n-th request was done and its answer not yet read. */
async function cutAfter<T>(n: number, work: () => Promise<T>): Promise<T> {
  const real = globalThis.fetch;
  let count = 0;
  globalThis.fetch = async (...asked) => {
    const answer = await real(...asked);
    if (++count === n) throw new Error('killed');
    return answer;
  };
  try {
    return await work();
  } finally {
    globalThis.fetch = real;
  }
}

async function opens(url: string, keys: Readonly<Record<string, string>>): Promise<string[]> {
  const roles = await Promise.all(
    Object.values(keys).map(async (key) => {
      const me = await fetch(`${url}/v1/me`, { headers: { authorization: `Bearer ${key}` } });
      return ((await me.json()) as { roles: string[] }).roles;
    }),
  );
  return roles.flat().sort();
}

test('a first start makes a login for each role, for nobody else to read; the next one finds them', async () => {
  const { url, local, file } = await nothingYet();
  const first = await logins(local, url, TOKEN);
  expect([first.fresh, await opens(url, first.keys)]).toEqual([true, [...ROLES].sort()]);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(await logins(local, url, 'another token')).toEqual({ keys: first.keys, fresh: false });
});

test('a start that was cut short at any request is finished by the next one, and nobody is there twice', async () => {
  for (let n = 1, cut = true; cut; n++) {
    const { url, local, organisation } = await nothingYet();
    cut = await cutAfter(n, () => logins(local, url, TOKEN)).then(
      () => false,
      () => true,
    );
    if (!cut) expect(n).toBeGreaterThan(10); // as many requests as a start has
    const { keys, fresh } = await logins(local, url, TOKEN);
    expect({ n, fresh, roles: await opens(url, keys) }).toEqual({ n, fresh: cut, roles: [...ROLES].sort() });
    expect((await organisation.staff()).map(({ email }) => email ?? '').sort()).toEqual(
      ROLES.map((role) => `${role}@drill.example`).sort(),
    );
    expect(await organisation.mailboxes()).toHaveLength(1);
  }
});

test('a folder that has lost its logins says what to remove', async () => {
  const { url, local, file } = await nothingYet();
  await logins(local, url, TOKEN);
  expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ complete: true });
  rmSync(file);
  await expect(logins(local, url, TOKEN)).rejects.toThrow(/has an administrator.*Remove/);
});
