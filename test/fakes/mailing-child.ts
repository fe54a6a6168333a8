import { createMailingActivities, NO_TALLY } from '../../activities/people-mailing.js';
import { createHasher } from '../../adapters/crypto/hash.js';
import { openJournal } from '../../adapters/mail/journal.js';
import { createMailingLane } from '../../adapters/mail/relay.js';
import { connectMongo } from '../../adapters/mongo/connect.js';
import { createOutcomes } from '../../adapters/mongo/outcomes.js';
import { runActivity } from './activity-run.js';
import { aMailing, aMessage, listOf, messagesWith } from './mailing-store.js';
import { plainComposer } from './post-office.js';

/** A mail worker as a process of its own, to be killed: sends every range of a mailing and ends. Arguments: Mongo, relay, journal folder, people. */
const [mongoUrl = '', relayUrl = '', folder = '', people = ''] = process.argv.slice(2);
const count = Number(people);
const mongo = connectMongo(mongoUrl);
const journal = openJournal({ folder });
const lane = createMailingLane({ url: relayUrl, name: 'worker.example' });
const lists = listOf(count);
const { sendRange } = createMailingActivities({
  lists,
  outcomes: createOutcomes({ db: mongo.db }),
  messages: messagesWith(aMessage()),
  composer: plainComposer,
  hasher: createHasher(),
  lane,
  journal,
});

for (let range = 0; range < (await lists.ranges('')); range++) {
  const result = await runActivity(() =>
    sendRange({ mailing: aMailing({ count }), range, pass: 'first', formerBroken: true, tally: NO_TALLY }),
  );
  if (result.stopped !== null) process.exitCode = 1;
}
lane.close();
journal.close();
await mongo.close();
