import { proxyActivities } from '@temporalio/workflow';

/** So many reminders, and so many notices asked for after all of them: which the queue hands out first is what the test looks at. */
export async function crowd(reminders: number, notices: number): Promise<void> {
  const options = { startToCloseTimeout: '1m', scheduleToStartTimeout: '5m' } as const;
  const { did: remind } = proxyActivities<{ did(what: string): Promise<void> }>({
    ...options,
    priority: { priorityKey: 5 },
  });
  const { did: file } = proxyActivities<{ did(what: string): Promise<void> }>({
    ...options,
    priority: { priorityKey: 1 },
  });
  const reminded = Array.from({ length: reminders }, () => remind('reminder'));
  const filed = Array.from({ length: notices }, () => file('notice'));
  await Promise.all([...reminded, ...filed]);
}
