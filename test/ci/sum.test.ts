import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from '@jest/globals';

const SUM = fileURLToPath(new URL('../../.ci/sum.mjs', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'seventytwo-sum-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const counted = (passed: number, failed = 0, pending = 0, todo = 0, broken = 0): object => ({
  numPassedTests: passed,
  numFailedTests: failed,
  numPendingTests: pending,
  numTodoTests: todo,
  numRuntimeErrorTestSuites: broken,
});

// report                    exit of the command  last line               exit  why this row is here
const sums = [
  [counted(3), 0, '3 passed, 0 failed', 0, 'everything ran and passed'],
  [counted(3, 1), 1, '3 passed, 1 failed', 1, 'a test failed'],
  [counted(3, 0, 1), 0, '3 passed, 1 failed', 1, 'a skipped test is no success'],
  [counted(3, 0, 0, 1), 0, '3 passed, 1 failed', 1, 'nor is one left to do'],
  [counted(3, 0, 0, 0, 2), 1, '3 passed, 2 failed', 1, 'a file that did not load counts'],
  [counted(0), 0, '0 passed, 1 failed', 1, 'no test is no success'],
  [null, 2, '0 passed, 1 failed', 1, 'types or lint ended it before the tests'],
  [counted(3), 1, '3 passed, 1 failed', 1, 'the command failed though every test passed'],
] as const;

for (const [report, status, last, exit, why] of sums) {
  test(`the sum of a run: ${why}`, () => {
    const file = join(folder, `${why.replaceAll(' ', '-')}.json`);
    if (report) writeFileSync(file, JSON.stringify(report));
    const { stdout, status: ended } = spawnSync(process.execPath, [SUM, file, String(status)], { encoding: 'utf8' });
    expect([stdout.trim().split('\n').at(-1), ended]).toEqual([last, exit]);
  });
}
