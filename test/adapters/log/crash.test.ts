import { spawnSync } from 'node:child_process';
import { expect, test } from '@jest/globals';

const CANARY = 'canary 7f3a91c2 dpo@hospital.example';

// what happens                                                             why this row is here
const CRASHES = [
  [`setTimeout(() => { throw new RangeError('${CANARY}'); });`, 'thrown in a timer'],
  [`void Promise.reject(new RangeError('${CANARY}'));`, 'a promise that nobody waits for'],
  [`setTimeout(() => { throw '${CANARY}'; });`, 'something thrown that is no error'],
] as const;

for (const [crash, why] of CRASHES) {
  test(`a crash ends the process with 1 and one line of the log, which quotes nothing: ${why}`, () => {
    const code = `import { createLog, logCrashes } from './adapters/log.ts'; logCrashes(createLog()); logCrashes(createLog()); ${crash}`;
    const ended = spawnSync(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', code], {
      encoding: 'utf8',
    });
    expect(ended.status).toBe(1);
    expect(ended.stderr).toBe('');
    expect(ended.stdout).not.toContain('7f3a91c2');
    expect(ended.stdout.trim().split('\n')).toHaveLength(1);
    expect(JSON.parse(ended.stdout)).toMatchObject({ level: 'error', event: 'process.crashed' });
  });
}
