import { connect } from 'node:net';

/** OP_MSG `{ hello: 1, $db: 'admin' }` (MongoDB wire protocol, opcode 2013): asks the server whether it takes writes. */
const HELLO = ((): Buffer => {
  const body = Buffer.concat([
    Buffer.from([0x10]), // int32
    Buffer.from('hello\0'),
    Buffer.from([1, 0, 0, 0]),
    Buffer.from([0x02]), // string
    Buffer.from('$db\0'),
    Buffer.from([6, 0, 0, 0]),
    Buffer.from('admin\0'),
    Buffer.from([0]),
  ]);
  const message = Buffer.alloc(16 + 4 + 1 + 4 + body.length);
  message.writeInt32LE(message.length, 0);
  message.writeInt32LE(1, 4); // request id
  message.writeInt32LE(2013, 12);
  message.writeInt32LE(4 + body.length, 21); // after flags and section kind 0
  body.copy(message, 25);
  return message;
})();

const WRITABLE = Buffer.from('\x08isWritablePrimary\0\x01', 'latin1');

/** True when a MongoDB server on this address says that it takes writes. False while nobody answers. */
export async function takesWrites(host: string, port: number, withinMs = 2_000): Promise<boolean> {
  return await new Promise((resolve) => {
    let answer = Buffer.alloc(0);
    const socket = connect({ host, port });
    const finish = (value: boolean): void => {
      socket.destroy();
      resolve(value);
    };
    socket.setTimeout(withinMs, () => finish(false));
    socket.on('error', () => finish(false));
    socket.on('close', () => finish(false));
    socket.on('connect', () => socket.write(HELLO));
    socket.on('data', (chunk) => {
      answer = Buffer.concat([answer, chunk]);
      if (answer.length >= 4 && answer.length >= answer.readInt32LE(0)) finish(answer.includes(WRITABLE));
    });
  });
}
