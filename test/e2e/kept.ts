import { Client, Connection } from '@temporalio/client';
import { temporal } from '@temporalio/proto';
import { BSON, MongoClient } from 'mongodb';

/** What the two stores keep, read past everything of ours: no codec, no key. */

/** Every document as it lies in the store, and every key of it. */
export async function documents(url: string): Promise<ReadonlyMap<string, Buffer>> {
  const client = await MongoClient.connect(url);
  try {
    const found = new Map<string, Buffer>();
    for (const { name } of (await client.db().admin().listDatabases()).databases) {
      if (['admin', 'config', 'local'].includes(name)) continue;
      for (const { collectionName } of await client.db(name).collections()) {
        const each = await client.db(name).collection(collectionName).find({}, { raw: true }).toArray();
        found.set(`${name}.${collectionName}`, Buffer.concat(each as unknown as Buffer[]));
      }
    }
    return found;
  } finally {
    await client.close();
  }
}

export interface Kept {
  readonly histories: ReadonlyMap<string, Buffer>;
  readonly payloads: readonly temporal.api.common.v1.IPayload[];
  readonly failures: readonly temporal.api.failure.v1.IFailure[];
}

/** Every history and what is shown of every run, as the server keeps it: no codec, no key. */
export async function histories(address: string, namespace: string): Promise<Kept> {
  const connection = await Connection.connect({ address });
  try {
    const { workflowService } = connection;
    const found = new Map<string, Buffer>();
    const payloads: temporal.api.common.v1.IPayload[] = [];
    const failures: temporal.api.failure.v1.IFailure[] = [];
    const { executions } = await workflowService.listWorkflowExecutions({ namespace, pageSize: 1_000 });
    for (const run of executions) {
      const name = `${run.execution?.workflowId ?? ''} ${run.execution?.runId ?? ''}`;
      const shown = Buffer.from(temporal.api.workflow.v1.WorkflowExecutionInfo.encode(run).finish());
      const described = await workflowService.describeWorkflowExecution({
        namespace,
        execution: run.execution ?? null,
      });
      const { history } = await workflowService.getWorkflowExecutionHistory({
        namespace,
        execution: run.execution ?? null,
        maximumPageSize: 10_000,
      });
      const whole = temporal.api.history.v1.History.create(history ?? {});
      const bytes = [
        shown,
        Buffer.from(JSON.stringify(described)),
        Buffer.from(temporal.api.history.v1.History.encode(whole).finish()),
      ];
      found.set(name, Buffer.concat(bytes));
      if (!name.startsWith('control')) walk(whole.events, payloads, failures);
    }
    return { histories: found, payloads, failures };
  } finally {
    await connection.close();
  }
}

/** Payloads and failures wherever they are, except in search attributes, which the server must be able to read. */
function walk(
  value: unknown,
  payloads: temporal.api.common.v1.IPayload[],
  failures: temporal.api.failure.v1.IFailure[],
): void {
  if (value === null || typeof value !== 'object' || value instanceof Uint8Array) return;
  if ('metadata' in value && 'data' in value && value.data instanceof Uint8Array)
    return void payloads.push(value as temporal.api.common.v1.IPayload);
  if ('message' in value && 'stackTrace' in value) failures.push(value as temporal.api.failure.v1.IFailure);
  for (const [key, inner] of Object.entries(value)) if (key !== 'searchAttributes') walk(inner, payloads, failures);
}

/** A text in clear in both stores: the search must find it there. */
export async function plant(text: string, url: string, address: string, namespace: string): Promise<void> {
  const mongo = await MongoClient.connect(url);
  await mongo
    .db('control')
    .collection('control')
    .insertOne({ text, bytes: new BSON.Binary(Buffer.from(text)) });
  await mongo.close();
  const connection = await Connection.connect({ address });
  await new Client({ connection, namespace }).workflow.start('control', {
    workflowId: 'control',
    taskQueue: 'nobody',
    args: [{ text }],
    memo: { text },
  });
  await connection.close();
}
