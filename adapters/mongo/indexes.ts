import type { Db } from 'mongodb';

/** Makes the indexes that are not there; safe at every start and from several processes. Rejects when the database is away. */
export async function ensureIndexes(db: Db): Promise<void> {
  await db.collection('ledger').createIndex({ stream: 1, seq: 1 }, { unique: true });
  await db.collection('ledger').createIndex({ stream: 1, 'cause.keyHash': 1 });
  await db.collection('incidents').createIndex({ declaredAt: -1 });
  await db.collection('incidents').createIndex({ nextDueAt: 1 });
  await db.collection('incidents').createIndex({ mode: 1, phase: 1 });
  await db.collection('intakes').createIndex({ startedAt: 1, receivedAt: 1 });
  await db.collection('artifacts').createIndex({ sha256: 1 });
  await db.collection('messages').createIndex({ incident: 1, createdAt: -1 });
  await db.collection('lists').createIndex({ incident: 1 });
  await db.collection('ranges').createIndex({ list: 1, attempt: 1, range: 1 }, { unique: true });
  await db.collection('outcomes').createIndex({ mailing: 1, range: 1 }, { unique: true });
  await db.collection('register').createIndex({ declaredAt: 1 });
  await db.collection('api_keys').createIndex({ staff: 1 });
}
