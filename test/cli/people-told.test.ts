import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type Caller, type FakeApi, fakeApi, keyOf, serveFake } from '../fakes/api.js';
import { aHome, type Ended, seventytwo } from './desk.js';

/** People told by letter, typed by a person, on the API's own app and the real decisions of the domain. */
let api: FakeApi;
let door: Caller & { readonly url: string };
let home: ReturnType<typeof aHome>;
let id: string;

beforeEach(async () => {
  home = aHome();
  api = fakeApi();
  door = await serveFake(api);
  mkdirSync(join(home.path, '.seventytwo'));
  writeFileSync(
    join(home.path, '.seventytwo/cli.json'),
    JSON.stringify({ live: { url: door.url, keys: { dpo: keyOf('st_dpo') } } }),
  );
  const declared = await door.call('POST', '/v1/incidents', {
    body: { title: 'Records copied', awareness: { awareAt: { at: '2026-03-02T09:00:00Z' } } },
  });
  id = String((declared.json['incident'] as { id: string }).id);
  await door.call('POST', `/v1/incidents/${id}/facts`, { as: 'st_dpo', body: { facts: { 'people.count': 1200 } } });
  await door.call('POST', `/v1/incidents/${id}/decision`, {
    as: 'st_dpo',
    body: { level: 'HIGH_RISK', reasons: 'Health data.' },
  });
});
afterEach(async () => {
  await door.stop();
  home.remove();
});

const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ');
const type = (...words: string[]): Promise<Ended> => seventytwo(words, { home: home.path });
const tell = (number: string, ...more: string[]): Promise<Ended> =>
  type('task', id, taskId(), '--done', '--on', '2026-03-02', '--number', number, '--means', 'INDIVIDUAL', '--text', 'A letter.', ...more); // biome-ignore format: one command
const duty = (): string | undefined =>
  api.world.states.get(id)?.duties.find(({ kind }) => kind === 'people-message')?.state;
const taskId = (): string => api.world.states.get(id)?.tasks.find(({ kind }) => kind === 'tell-people')?.id ?? '';
const telling = () => api.world.states.get(id)?.tasks.find(({ kind }) => kind === 'tell-people')?.told;

test('letters to everybody, typed with day, number, means and text, end the duty and are kept as typed', async () => {
  expect((await tell('1200')).code).toBe(0);
  expect(duty()).toBe('discharged');
  expect(telling()?.telling).toEqual({ on: '2026-03-02', number: 1200, means: ['INDIVIDUAL'], text: 'A letter.' });
});

test('too few are refused with the figures and each way on; with a note they end the duty, and the note is kept', async () => {
  const { code, err } = await tell('10');
  expect(code).not.toBe(0);
  expect(oneLine(err)).toContain(
    'nobody was told so far, 10 by what you say now, and at least 1200 people are concerned: 1190 are missing. Mistyped: give the right number. Right: say in a note (--note "…") why',
  );
  expect(duty()).toBe('open');
  expect((await tell('10', '--note', 'only these are at a high risk (R-404)')).code).toBe(0);
  expect([duty(), telling()?.note]).toEqual(['discharged', 'only these are at a high risk (R-404)']);
});

test('a correction to too few is refused, one to the right number is taken', async () => {
  await tell('1200');
  const fewer = await tell('900');
  expect(oneLine(fewer.err)).toContain(
    'in place of the 1200 on record for task-2: nobody was told by anything else, 900 by what you say now, and at least 1200 people are concerned: 300 are missing',
  );
  expect(telling()?.telling?.number).toBe(1200);
  expect((await tell('900', '--note', 'the rest was told by the clinic')).code).toBe(0);
  const kept = '900 people told on 2026-03-02 INDIVIDUAL; note: the rest was told by the clinic';
  for (const words of [
    ['people', id, 'status'],
    ['task', id],
  ])
    expect(oneLine((await type(...words)).out)).toContain(kept);
  const { out } = await type('register');
  expect([out.includes('900 people'), out.includes('nobody')]).toEqual([true, false]);
  expect((await tell('1200')).code).toBe(0);
  expect(telling()?.telling?.number).toBe(1200);
});

test('more than are concerned are refused, and the count of those concerned is named as the other way on', async () => {
  const { code, err } = await tell('12000');
  expect(code).not.toBe(0);
  expect(oneLine(err)).toContain('12000 would be told; at most 1200 people are concerned, so 10800 too many');
  expect(oneLine(err)).toContain('Correct it, or people.count where more are concerned.');
});

test('a means that is none, and a day without a text, are refused before anything is sent', async () => {
  const means = await type('task', id, taskId(), '--on', '2026-03-02', '--means', 'LETTER', '--text', 'x');
  expect([means.code, oneLine(means.err)]).toEqual([2, expect.stringContaining('--means takes INDIVIDUAL, PUBLIC')]);
  const bare = await type('task', id, taskId(), '--done', '--on', '2026-03-02');
  expect([bare.code, oneLine(bare.err)]).toEqual([2, expect.stringContaining('--text')]);
  expect(duty()).toBe('open');
});
