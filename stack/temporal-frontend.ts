import { connect } from 'node:http2';
import { setTimeout as delay } from 'node:timers/promises';
import { bytesField, numberField, readBytes, readNumber } from './protobuf.js';

/**
 * The few questions the local stack has for a Temporal server, as gRPC over node's own HTTP/2. The SDK's connection
 * belongs to adapters/temporal, and the CLI is not there when the server is somebody else's. Field numbers are those of
 * temporal.api.workflowservice.v1 and operatorservice.v1; a test reads their effect back through the SDK.
 */
const WORKFLOWS = 'temporal.api.workflowservice.v1.WorkflowService';
const OPERATOR = 'temporal.api.operatorservice.v1.OperatorService';

// https://grpc.io/docs/guides/status-codes/
const OK = 0;
const NOT_FOUND = 5;
const ALREADY_EXISTS = 6;
const NOT_REACHED = -1;

const CALL_WITHIN_MS = 5_000;
const SEEN_WITHIN_MS = 30_000;
const DAY_S = 86_400;

/** temporal.api.enums.v1.IndexedValueType */
export const ATTRIBUTE_TYPES = { Keyword: 2, Datetime: 6 } as const;
export type AttributeType = keyof typeof ATTRIBUTE_TYPES;

interface Reply {
  readonly status: number;
  readonly detail: string;
  readonly body: Buffer;
}

/** For example `1.32.0`; undefined while nobody answers. */
export async function serverVersion(address: string): Promise<string | undefined> {
  const { status, body } = await call(address, WORKFLOWS, 'GetSystemInfo', Buffer.alloc(0));
  return status === OK ? readBytes(body, 1)?.toString() : undefined;
}

/** Registers the namespace if it is missing, raises how long closed runs are kept, and waits until it can be used. */
export async function ensureNamespace(address: string, namespace: string, retentionDays: number): Promise<void> {
  const retention = numberField(1, retentionDays * DAY_S); // google.protobuf.Duration { seconds }
  const described = await call(address, WORKFLOWS, 'DescribeNamespace', bytesField(1, namespace));
  if (described.status === NOT_FOUND) {
    const request = Buffer.concat([bytesField(1, namespace), bytesField(4, retention)]);
    must('RegisterNamespace', await call(address, WORKFLOWS, 'RegisterNamespace', request), [OK, ALREADY_EXISTS]);
  } else {
    must('DescribeNamespace', described, [OK]);
    const config = readBytes(described.body, 2) ?? Buffer.alloc(0);
    const current = readNumber(readBytes(config, 1) ?? Buffer.alloc(0), 1) ?? 0;
    if (current < retentionDays * DAY_S) {
      const request = Buffer.concat([bytesField(1, namespace), bytesField(3, bytesField(1, retention))]);
      must('UpdateNamespace', await call(address, WORKFLOWS, 'UpdateNamespace', request), [OK]);
    }
  }
  await waitUntilSeen(address, namespace);
}

/** Adds search attributes that are missing; those that are there stay. */
export async function ensureSearchAttributes(
  address: string,
  namespace: string,
  attributes: Readonly<Record<string, AttributeType>>,
): Promise<void> {
  const entries = Object.entries(attributes).map(([name, type]) =>
    bytesField(1, Buffer.concat([bytesField(1, name), numberField(2, ATTRIBUTE_TYPES[type])])),
  );
  const request = Buffer.concat([...entries, bytesField(2, namespace)]);
  must('AddSearchAttributes', await call(address, OPERATOR, 'AddSearchAttributes', request), [OK, ALREADY_EXISTS]);
}

/** The frontend keeps a copy of the namespaces and looks for new ones only every few seconds. */
async function waitUntilSeen(address: string, namespace: string): Promise<void> {
  const until = performance.now() + SEEN_WITHIN_MS;
  for (;;) {
    const reply = await call(address, WORKFLOWS, 'CountWorkflowExecutions', bytesField(1, namespace));
    if (reply.status === OK) return;
    if (performance.now() > until) must('CountWorkflowExecutions', reply, [OK]);
    await delay(50);
  }
}

function must(method: string, reply: Reply, accepted: readonly number[]): void {
  if (!accepted.includes(reply.status)) {
    throw new Error(`Temporal refused ${method} with gRPC status ${reply.status}: ${reply.detail}`);
  }
}

async function call(address: string, service: string, method: string, request: Buffer): Promise<Reply> {
  return await new Promise((resolve) => {
    const session = connect(`http://${address}`);
    let status: number = NOT_REACHED;
    let detail = 'nobody answered';
    const chunks: Buffer[] = [];
    const finish = (): void => {
      session.destroy();
      const whole = Buffer.concat(chunks); // one message: a flag byte, four bytes of length, the message
      resolve({ status, detail, body: whole.subarray(5) });
    };
    session.setTimeout(CALL_WITHIN_MS, finish);
    session.on('error', finish);
    const stream = session.request({
      ':method': 'POST',
      ':path': `/${service}/${method}`,
      'content-type': 'application/grpc',
      te: 'trailers',
    });
    const read = (headers: Record<string, unknown>): void => {
      if (headers['grpc-status'] === undefined) return;
      status = Number(headers['grpc-status']);
      const said = headers['grpc-message'];
      detail = typeof said === 'string' ? decodeURIComponent(said) : '';
    };
    stream.on('response', read); // a refusal may come without a body
    stream.on('trailers', read);
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.on('error', finish);
    stream.on('close', finish);
    const head = Buffer.alloc(5);
    head.writeUInt32BE(request.length, 1);
    stream.end(Buffer.concat([head, request]));
  });
}
