import { expect, test } from '@jest/globals';
import { type Client, ServiceError } from '@temporalio/client';
import { createIncidentGateway, UnknownOutcome } from '../../../adapters/temporal/gateway.js';
import { RESPONDER, aCause, aDeclaration, request } from '../../build.js';

/** None of these says whether the engine did what it was asked; https://grpc.io/docs/guides/status-codes/ */
const said = [
  [1, 'CANCELLED'],
  [2, 'UNKNOWN'],
  [4, 'DEADLINE_EXCEEDED'],
  [9, 'FAILED_PRECONDITION'],
  [10, 'ABORTED'],
  [13, 'INTERNAL'],
  [14, 'UNAVAILABLE'],
] as const;

const failing = (code: number): Client => {
  const cause = Object.assign(new Error('said on the wire'), { code, details: '', metadata: {} });
  const fail = (): Promise<never> => Promise.reject(new ServiceError('failed', { cause }));
  const client: unknown = {
    withDeadline: (_until: number, call: () => Promise<unknown>) => call(),
    connection: { ensureConnected: () => Promise.resolve() },
    workflow: { start: fail, getHandle: () => ({ executeUpdate: fail }) },
  };
  return client as Client;
};

for (const [code, why] of said)
  test(`nobody is told that nothing was done when the engine says ${why}`, async () => {
    const gateway = createIncidentGateway({ client: failing(code), answerWithinMs: 10 });
    const declaration = aDeclaration();
    await expect(gateway.declare({ declaration, actor: RESPONDER, cause: aCause('k') })).rejects.toBeInstanceOf(
      UnknownOutcome,
    );
    const command = request({ type: 'Reopen', reason: 'it went on' });
    await expect(gateway.send(declaration.incidentId, command)).rejects.toBeInstanceOf(UnknownOutcome);
  });

for (const [code, why] of said.filter(([, name]) => name === 'FAILED_PRECONDITION'))
  test(`a read in the moment of a hand-over is asked again when the engine says ${why}`, async () => {
    let asked = 0;
    const client = failing(code);
    const query = (): Promise<unknown> => {
      asked += 1;
      if (asked > 1) return Promise.resolve({ id: 'BR-7K3M-9QXD' });
      return Promise.reject(
        new ServiceError('failed', { cause: Object.assign(new Error('said'), { code, details: '', metadata: {} }) }),
      );
    };
    Object.assign(client.workflow, { getHandle: () => ({ query }) });
    await expect(createIncidentGateway({ client }).state('BR-7K3M-9QXD')).resolves.toMatchObject({
      id: 'BR-7K3M-9QXD',
    });
  });

test('a no of the engine stays one', async () => {
  const NOT_ALLOWED = 7;
  const gateway = createIncidentGateway({ client: failing(NOT_ALLOWED), answerWithinMs: 10 });
  await expect(
    gateway.declare({ declaration: aDeclaration(), actor: RESPONDER, cause: aCause('k') }),
  ).rejects.toBeInstanceOf(ServiceError);
});
