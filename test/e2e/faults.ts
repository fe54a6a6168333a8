import { randomInt } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Door, startDoor } from '../fakes/door.js';
import { type Process, startWorld, until, type World } from '../helpers/processes.js';
import { check, checkSide } from './kills-check.js';
import { aDeclaration, aKey, FACTS, furnish, prepareMailing, startMailing, takeUpTo } from './kills-play.js';

/**
 * Faults drawn at random, two at a time, one beginning in the other: any part dies or hangs somewhere in the life of two incidents, and
 * is mended. Then every invariant must hold. The seed is in the name of each test; SEVENTYTWO_FAULTS_SEED draws the same ones again (not
 * the same instants: the processes run as they like).
 */

const PARTS = ['mongo', 'temporal', 'serve', 'incident', 'mail', 'relay'] as const;
type Part = (typeof PARTS)[number];
const HOWS = ['killed', 'frozen'] as const;

interface Fault {
  readonly part: Part;
  /** For the relay: gone, or silent. */
  readonly how: (typeof HOWS)[number];
  readonly lastsMs: number;
}
interface Round {
  readonly faults: readonly [Fault, Fault];
  /** So many answers and messages into the round comes the first one. */
  readonly after: number;
  /** So much later the second one. */
  readonly thenMs: number;
}

/** mulberry32: small, and the same everywhere. */
function drawer(seed: number): (below: number) => number {
  let a = seed;
  return (below) => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

/** Longer than a worker may be without a sign of life (10 s), and shorter. */
const LONGEST_MS = 16_000;
/** Answers and messages of one round, about. */
const MOMENTS = 45;

function draw(below: (n: number) => number): Round {
  const one = below(PARTS.length);
  const other = (one + 1 + below(PARTS.length - 1)) % PARTS.length;
  const fault = (at: number): Fault => ({
    part: PARTS[at] ?? 'mongo',
    how: HOWS[below(2)] ?? 'killed',
    lastsMs: 500 + below(LONGEST_MS),
  });
  return { faults: [fault(one), fault(other)], after: below(MOMENTS), thenMs: below(5_000) };
}
const inWords = ({ faults: [one, other], after, thenMs }: Round): string => {
  const say = ({ part, how, lastsMs }: Fault): string => `${part} ${how} for ${(lastsMs / 1_000).toFixed(1)} s`;
  return `after ${after} moments ${say(one)}, ${(thenMs / 1_000).toFixed(1)} s later ${say(other)}`;
};

export function playRounds(rounds: number): void {
  const seed = Number(process.env['SEVENTYTWO_FAULTS_SEED'] ?? randomInt(1_000_000));
  const below = drawer(seed);

  let world: World;
  let relay: Door;
  const processes = {} as Record<'serve' | 'incident' | 'mail', Process>;
  const figures = { rounds: 0, incidents: 0, notices: 0, people: 0, flaggedNotices: 0, flaggedPeople: 0 };

  /** As a supervisor does: one that cannot start, because something else is away, is started again. */
  async function start(kind: 'serve' | 'incident' | 'mail'): Promise<void> {
    const env = { SEVENTYTWO_SMTP_URL: `smtp://127.0.0.1:${relay.port}` };
    const again = await until(
      () => world.start(kind, { env }).catch(() => null),
      (running) => running !== null,
      `${kind} started again`,
    );
    if (again) processes[kind] = again;
  }

  async function strike({ part, how }: Fault): Promise<() => Promise<void>> {
    if (part === 'relay') {
      relay.shut(how === 'killed' ? 'gone' : 'silent');
      return async () => relay.open();
    }
    if (part === 'mongo' || part === 'temporal') {
      const engine = world.away(part, how);
      return () => engine.back();
    }
    const struck = processes[part];
    if (how === 'frozen') {
      struck.freeze();
      return async () => struck.thaw();
    }
    await struck.kill();
    return () => start(part);
  }

  beforeAll(async () => {
    world = await startWorld({ built: true });
    relay = await startDoor(Number(new URL(world.catcher.url).port));
    await Promise.all((['serve', 'incident', 'mail'] as const).map(start));
    await furnish(world);
  });
  afterAll(async () => {
    for (const each of Object.values(processes)) each.thaw();
    await world.stop();
    await relay.stop();
    process.stdout.write(`seed ${seed}: ${JSON.stringify(figures)}\n`);
  });

  for (let nth = 1; nth <= rounds; nth++) {
    const round = draw(below);
    test(`seed ${seed}, round ${nth}: ${inWords(round)}; everything holds afterwards`, async () => {
      const [whole, small] = [aKey(), aKey()];
      const moments = (): number => world.acknowledged.length + world.catcher.messages().length;
      const begun = moments();
      const playing = Promise.all([
        takeUpTo(world, 'end', whole).then(async () =>
          startMailing(world, whole.id, await prepareMailing(world, whole.id)),
        ),
        world
          .told('POST', '/v1/incidents', 'responder', aDeclaration(), small.key)
          .then(() => until(() => started(small.id), Boolean, `${small.id} with the engine`))
          .then(() => world.told('POST', `/v1/incidents/${small.id}/facts`, 'responder', { facts: FACTS })),
      ]);
      playing.catch(() => undefined); // looked at below

      let over = false;
      void playing.finally(() => (over = true)).catch(() => undefined);
      await until(async () => over || moments() - begun >= round.after, Boolean, `${round.after} moments`);
      const since = Date.now();
      const lasting = async (fault: Fault): Promise<void> => {
        const mend = await strike(fault);
        await delay(fault.lastsMs);
        await mend();
      };
      await Promise.all([lasting(round.faults[0]), delay(round.thenMs).then(() => lasting(round.faults[1]))]);
      const awayMs = Date.now() - since;
      await playing;

      for (const { id } of [whole, small]) {
        const found = await check(world, id, 2, { awayMs });
        figures.incidents += 1;
        for (const key of ['notices', 'people', 'flaggedNotices', 'flaggedPeople'] as const) figures[key] += found[key];
      }
      await checkSide(world);
      figures.rounds += 1;
      expect(await world.stores.intakes.kept()).toEqual([]);
    });
  }

  const started = (id: string): Promise<boolean> =>
    world.gateway.state(id).then(
      () => true,
      () => false,
    );
}
