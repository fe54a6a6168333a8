import { type Document, MongoClient } from 'mongodb';

/** A database as a backup holds it: every document of every collection, taken and put back through the driver. */
export async function takeBackup(url: string): Promise<{ restore(): Promise<void> }> {
  const client = await MongoClient.connect(url);
  const kept = new Map<string, Document[]>();
  for (const collection of await client.db().collections())
    kept.set(collection.collectionName, await collection.find({}).toArray());
  await client.close();
  return {
    async restore() {
      const again = await MongoClient.connect(url);
      for (const collection of await again.db().collections()) {
        await collection.deleteMany({});
        const documents = kept.get(collection.collectionName) ?? [];
        if (documents.length > 0) await collection.insertMany(documents);
      }
      await again.close();
    },
  };
}
