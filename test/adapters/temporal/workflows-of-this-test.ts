import {
  ApplicationFailure,
  condition,
  defineQuery,
  defineSignal,
  defineUpdate,
  proxyActivities,
  setHandler,
  sleep,
} from '@temporalio/workflow';

/** Stands in for the incident under its real name: just enough to see what the gateway makes of each answer. */
export const command = defineUpdate<
  { seq: number; repeated: boolean },
  [{ command: { type: string; reason?: string } }]
>('command');
export const stateQuery = defineQuery<{ seq: number; title: string }>('state');

interface Input {
  declaration?: { title: string };
  fromSeq?: number;
}

export async function incident(input: Input): Promise<void> {
  let seq = input.fromSeq ?? 1;
  let closed = false;
  let looks = 3; // so many times it is still reading, or handing over
  setHandler(stateQuery, () => {
    if (input.declaration?.title === 'slow' && looks-- > 0)
      throw ApplicationFailure.nonRetryable('still being read', 'Loading');
    return { seq, title: input.declaration?.title ?? 'from the ledger' };
  });
  setHandler(
    command,
    ({ command: { type } }) => {
      seq++;
      if (type === 'Close') closed = true;
      return { seq, repeated: false };
    },
    {
      validator: ({ command: { type, reason } }) => {
        const leaving = type === 'Reopen' || (type === 'Acknowledge' && looks-- > 0);
        if (leaving) throw ApplicationFailure.nonRetryable('This run is ending; ask again.', 'Retiring');
        if (type !== 'Withdraw') return;
        throw ApplicationFailure.create({
          message: `Refused: ${reason}`,
          type: 'Refused',
          nonRetryable: true,
          details: [[{ code: 'wrong-state', action: 'withdraw', phase: 'closed', allowed: [] }]],
        });
      },
    },
  );
  await condition(() => closed);
}

const { failWith } = proxyActivities<{ failWith(message: string): Promise<void> }>({
  startToCloseTimeout: '10s',
  retry: { maximumAttempts: 1 },
});

/** Fails with the text it was given, by way of an activity that failed with it. */
export async function failing(message: string): Promise<void> {
  await failWith(message).catch((error: unknown) => {
    throw ApplicationFailure.nonRetryable(`it failed: ${message}`, 'ForTheTest', String(error));
  });
}

export const moved = defineSignal<[number]>('moved');
export const clock = defineQuery<{ now: number; fired: number[] }>('clock');

/** Sleeps three times a day long, and notes when it woke. */
export async function ladder(): Promise<void> {
  const fired: number[] = [];
  setHandler(clock, () => ({ now: Date.now(), fired }));
  for (let i = 0; i < 3; i++) {
    await sleep('24h');
    fired.push(Date.now());
  }
  await condition(() => false);
}
