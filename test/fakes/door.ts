import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export interface Door {
  readonly port: number;
  /** Connections that came so far, whatever became of them. */
  readonly knocks: () => number;
  /** `gone`: every connection ends at once, as when nobody is there. `silent`: it is taken, and nothing is said, as by a process that hangs. */
  shut(how: 'gone' | 'silent'): void;
  /** What was silent goes on where it stood. */
  open(): void;
  stop(): Promise<void>;
}

/** A way to a service on this machine that can be shut and opened again while the service itself stays as it is. */
export async function startDoor(target: number): Promise<Door> {
  let state: 'open' | 'gone' | 'silent' = 'open';
  let knocks = 0;
  const ways = new Set<{ near: Socket; far: Socket | null }>();

  const join = (way: { near: Socket; far: Socket | null }): void => {
    way.far ??= connect(target, '127.0.0.1');
    const { near, far } = way;
    far.on('error', () => near.destroy());
    far.on('close', () => near.destroy());
    near.pipe(far);
    far.pipe(near);
  };
  const server = createServer((near) => {
    knocks += 1;
    near.on('error', () => undefined);
    if (state === 'gone') return void near.destroy();
    const way = { near, far: null as Socket | null };
    ways.add(way);
    near.on('close', () => {
      ways.delete(way);
      way.far?.destroy();
    });
    if (state === 'open') join(way);
    else near.pause();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  return {
    port: (server.address() as AddressInfo).port,
    knocks: () => knocks,
    shut(how) {
      state = how;
      for (const { near, far } of ways) {
        if (how === 'gone') near.destroy();
        for (const side of [near, far]) {
          side?.unpipe();
          side?.pause();
        }
      }
    },
    open() {
      state = 'open';
      for (const way of ways) join(way);
    },
    async stop() {
      for (const { near } of ways) near.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
