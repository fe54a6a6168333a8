import { proxyActivities, sleep } from '@temporalio/workflow';

/** What the engine does without us: the baselines. */

const { act } = proxyActivities<{ act(): Promise<void> }>({ startToCloseTimeout: '20s' });

/** Takes what it is started with, and is done. */
export async function nothing(_given: string): Promise<void> {}

/** One timer and one activity: the least that any alarm must do. Answers how late it was when it acted, and when the activity was through. */
export async function alarm(dueAtMs: number): Promise<{ acted: number; through: number }> {
  await sleep(Math.max(1, dueAtMs - Date.now()));
  const acted = Date.now() - dueAtMs;
  await act();
  return { acted, through: Date.now() - dueAtMs };
}

/** So many activities, one after the other: a history of the same length as an incident's. */
export async function steps(count: number): Promise<void> {
  for (let n = 0; n < count; n++) await act();
}
