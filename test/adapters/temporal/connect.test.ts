import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { expect, test } from '@jest/globals';
import { connectTemporal } from '../../../adapters/temporal/connect.js';

test('closed while a call is to be tried again: the call fails, and nothing else does', async () => {
  const hangsUp = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1');
  await once(hangsUp, 'listening');
  const { port } = hangsUp.address() as AddressInfo;
  const { client, close } = connectTemporal({ address: `127.0.0.1:${port}`, namespace: 'none', dataConverter: {} });

  const ended = client.workflow
    .getHandle('none')
    .describe()
    .then(
      () => 'answered',
      () => 'failed',
    );
  const [first] = (await once(hangsUp, 'connection')) as [Socket];
  if (!first.closed) await once(first, 'close');
  await close();
  expect(await ended).toBe('failed');
  hangsUp.close();
}, 20_000);
