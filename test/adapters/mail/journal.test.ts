import { mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { SendOutcome } from '../../../activities/ports.js';
import { openJournal } from '../../../adapters/mail/journal.js';

const ACCEPTED: SendOutcome = {
  state: 'accepted',
  reply: '250 queued as Q1',
  at: '2026-03-02T09:00:00.000Z',
  relay: 'first',
};
const KEY = 'notice/BR-7K3M-9QXD/1/DE-BY';

let folder: string;
const file = (): string => join(folder, 'mail.journal');
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'journal-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('what was noted is there after a restart: nothing, handed, or the answer', () => {
  const before = openJournal({ folder });
  before.handed(KEY);
  before.handed('mailing/BR-7K3M-9QXD/1/0/17');
  before.answered(KEY, ACCEPTED);
  before.note(`${KEY}/head`, '41.a1b2');
  expect(() => before.note(KEY, 'dpo@hospital.example ')).toThrow('one word of ids');
  before.close();

  const after = openJournal({ folder });
  expect(after.state(KEY)).toEqual(ACCEPTED);
  expect(after.state('mailing/BR-7K3M-9QXD/1/0/17')).toBe('handed');
  expect(after.state('mailing/BR-7K3M-9QXD/1/0/18')).toBe('none');
  expect([after.noted(`${KEY}/head`), after.noted(KEY)]).toEqual(['41.a1b2', null]);
  after.close();
  const later = openJournal({ folder }); // written anew without what is forgotten at each start
  expect(later.noted(`${KEY}/head`)).toBe('41.a1b2');
  later.close();
});

test('a record is in the file before the call returns: a kill in the next instant finds it', () => {
  const journal = openJournal({ folder });
  journal.handed(KEY);
  expect(readFileSync(file(), 'utf8')).toBe(`H ${KEY}\n`);
  journal.close();
});

test('a later hand-over stands over an earlier answer', () => {
  const journal = openJournal({ folder });
  journal.handed(KEY);
  journal.answered(KEY, { state: 'deferred', code: 450 });
  journal.handed(KEY);
  journal.close();
  const after = openJournal({ folder });
  expect(after.state(KEY)).toBe('handed');
  after.close();
});

// what is left of the last record   state              why this row is here
const tails = [
  [(line: string) => line.length, ACCEPTED, 'all of it'],
  [(line: string) => line.length - 1, 'handed', 'the line end is missing: it was never finished'],
  [(line: string) => Math.floor(line.length / 2), 'handed', 'half of it'],
  [() => 0, 'handed', 'nothing'],
] as const;
for (const [left, state, why] of tails) {
  test(`a torn last record is as if it had never been begun: ${why}`, () => {
    const before = openJournal({ folder });
    before.handed(KEY);
    before.answered(KEY, ACCEPTED);
    before.close();
    const [first = '', last = ''] = readFileSync(file(), 'utf8').split(/(?<=\n)/);
    truncateSync(file(), first.length + left(last));

    const after = openJournal({ folder });
    expect(after.state(KEY)).toEqual(state);
    after.handed('notice/BR-7K3M-9QXD/2/DE-BY'); // and does not run into what is written next
    after.close();
    const third = openJournal({ folder });
    expect(third.state('notice/BR-7K3M-9QXD/2/DE-BY')).toBe('handed');
    third.close();
  });
}

test('a damaged line in the middle costs only itself', () => {
  writeFileSync(file(), `H ${KEY}\n\0\0\0\0\nA ${KEY} {"state":\nH mailing/BR-7K3M-9QXD/1/0/2\n`);
  const journal = openJournal({ folder });
  expect(journal.state(KEY)).toBe('handed'); // its answer is damaged: ambiguous is the safe side
  expect(journal.state('mailing/BR-7K3M-9QXD/1/0/2')).toBe('handed');
  journal.close();
});

test('what is forgotten leaves the file when it is written anew, the rest stays', () => {
  const journal = openJournal({ folder, compactAfterBytes: 4_000 });
  for (let n = 1; n <= 200; n++) journal.handed(`mailing/BR-7K3M-9QXD/1/0/${n}`);
  journal.handed(KEY);
  journal.forget('mailing/BR-7K3M-9QXD/1/0');
  expect(journal.state('mailing/BR-7K3M-9QXD/1/0/7')).toBe('none');
  journal.close();
  const after = openJournal({ folder });
  expect(statSync(file()).size).toBe(`H ${KEY}\n`.length);
  expect(after.state(KEY)).toBe('handed');
  after.close();
});

// key                              why this row is here
const badKeys = [
  ['ann@people.test', 'an address'],
  ['notice/ann@people.test', 'an address in a path'],
  ['notice/a b', 'a blank would end the key'],
  ['notice/a\nH x/y', 'a line of its own'],
  ['notice', 'no group'],
] as const;
for (const [key, why] of badKeys) {
  test(`a key is a path of ids and nothing else: ${why}`, () => {
    const journal = openJournal({ folder });
    expect(() => journal.handed(key)).toThrow('A journal key is a path of ids');
    expect(readFileSync(file(), 'utf8')).toBe('');
    journal.close();
  });
}

// left in the lock                why this row is here
const leftOver = [
  ['1 12', 'the number was given to another process since'],
  [`${process.pid} 0`, 'the same number again, as in a restarted container'],
  ['', 'torn'],
  ['999999999 5', 'no such process'],
] as const;
for (const [lock, why] of leftOver) {
  test(`a lock of a process that is gone does not keep the folder: ${why}`, () => {
    writeFileSync(join(folder, 'mail.journal.lock'), lock);
    const journal = openJournal({ folder });
    journal.handed(KEY);
    expect(journal.state(KEY)).toBe('handed');
    journal.close();
  });
}
