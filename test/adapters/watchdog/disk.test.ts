import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { type Kept, openWatchDisk } from '../../../adapters/watchdog/disk.js';
import { EMPTY_COPY } from '../../../domain/watch/sight.js';

const root = mkdtempSync(join(tmpdir(), 'seventytwo-watch-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let folders = 0;
const aFolder = (): string => join(root, String(++folders));
const kept = (dueAt: string): Kept => ({
  copy: {
    incidents: { 'BR-7K3M-9QXD': { id: 'BR-7K3M-9QXD', phase: 'confirmed', dueTimes: [dueAt], deadline: dueAt } },
    doubts: {},
  },
  alarms: {},
});
const FIRST = kept('2026-03-04T09:00:00.000Z');
const SECOND = kept('2026-03-05T09:00:00.000Z');

test('what was written is there after a start without an end, and for its owner alone', () => {
  const folder = aFolder();
  expect(openWatchDisk(folder).read()).toEqual({ copy: EMPTY_COPY, alarms: {} });
  openWatchDisk(folder).write(FIRST); // the same process: a killed one leaves its lock as well
  expect(openWatchDisk(folder).read()).toEqual(FIRST);
  expect(statSync(join(folder, 'copy.json')).mode & 0o077).toBe(0);
});

const damages: readonly (readonly [string, (folder: string) => void])[] = [
  [
    'the newest torn half-way',
    (f) => writeFileSync(join(f, 'copy.json'), readFileSync(join(f, 'copy.json')).subarray(0, 150)),
  ],
  ['the newest empty', (f) => writeFileSync(join(f, 'copy.json'), '')],
  [
    'one byte of the newest changed',
    (f) => {
      const text = readFileSync(join(f, 'copy.json'), 'utf8');
      writeFileSync(join(f, 'copy.json'), text.replace('03-05', '03-06'));
    },
  ],
  ['the newest gone, as between two renames', (f) => rmSync(join(f, 'copy.json'))],
];
for (const [why, damage] of damages)
  test(`${why}: the one before counts`, () => {
    const folder = aFolder();
    const disk = openWatchDisk(folder);
    disk.write(FIRST);
    disk.write(SECOND);
    damage(folder);
    expect(openWatchDisk(folder).read()).toEqual(FIRST);
  });

test('a write that was killed before its rename is the newest when it is whole, and nothing when it is not', () => {
  const folder = aFolder();
  const disk = openWatchDisk(folder);
  disk.write(FIRST);
  const first = readFileSync(join(folder, 'copy.json'));
  disk.write(SECOND);
  const second = readFileSync(join(folder, 'copy.json'));
  writeFileSync(join(folder, 'copy.json'), first);
  writeFileSync(join(folder, 'copy.json.next'), second);
  expect(openWatchDisk(folder).read()).toEqual(SECOND);
  writeFileSync(join(folder, 'copy.json.next'), second.subarray(0, second.length - 5));
  expect(openWatchDisk(folder).read()).toEqual(FIRST);
  openWatchDisk(folder).write(SECOND);
  expect(openWatchDisk(folder).read()).toEqual(SECOND);
});

test('nothing is written when nothing changed', () => {
  const folder = aFolder();
  const disk = openWatchDisk(folder);
  disk.write(FIRST);
  const before = statSync(join(folder, 'copy.json')).ino;
  disk.write(FIRST);
  expect(statSync(join(folder, 'copy.json')).ino).toBe(before);
});

test('a folder that a living process holds is refused', () => {
  const folder = aFolder();
  openWatchDisk(folder);
  const parent = process.ppid;
  const stat = readFileSync(`/proc/${parent}/stat`, 'utf8');
  writeFileSync(join(folder, 'watchdog.lock'), `${parent} ${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]}`);
  expect(() => openWatchDisk(folder)).toThrow(`The watchdog's folder is in use by process ${parent}`);
});

test('an acknowledgement by file is taken once', () => {
  const folder = aFolder();
  const disk = openWatchDisk(folder);
  writeFileSync(join(folder, 'acknowledge'), '');
  writeFileSync(join(folder, 'acknowledge.no-worker'), '');
  expect(disk.takeAcknowledged()).toEqual([null, 'no-worker']);
  expect(disk.takeAcknowledged()).toEqual([]);
  expect(readdirSync(folder)).not.toContain('acknowledge');
});
