import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { DrillTools } from '../activities/drill.js';
import { createLedgerActivities } from '../activities/ledger.js';
import { createTriageActivities } from '../activities/triage.js';
import { createNoticeActivities } from '../activities/authority-notice.js';
import { createDrillActivities } from '../activities/drill.js';
import { createEscalationActivities } from '../activities/escalation.js';
import { createGatewayActivities } from '../activities/gateway.js';
import { createMailingActivities } from '../activities/people-mailing.js';
import { createStandingActivities } from '../activities/standing.js';
import type { ListMaker, Pager } from '../activities/ports.js';
import type { Config } from '../adapters/config.js';
import { createDataKeys } from '../adapters/crypto/data-keys.js';
import { createHasher } from '../adapters/crypto/hash.js';
import { subkey } from '../adapters/crypto/seal.js';
import { killable } from '../adapters/kill-point.js';
import type { Log } from '../adapters/log.js';
import { createMailingLane, createRelay, type RelayOptions } from '../adapters/mail/relay.js';
import { openJournal } from '../adapters/mail/journal.js';
import { ALARM_TIMEOUTS } from '../adapters/mail/session.js';
import { createPager } from '../adapters/mail/pager.js';
import { createMetrics, type Metrics } from '../adapters/metrics.js';
import { createArtifacts } from '../adapters/mongo/artifacts.js';
import { connectMongo, type Mongo } from '../adapters/mongo/connect.js';
import { createDataKeyStore } from '../adapters/mongo/data-key-store.js';
import { createIncidentViews } from '../adapters/mongo/incident-views.js';
import { createIntakes } from '../adapters/mongo/intakes.js';
import { createLedger } from '../adapters/mongo/ledger.js';
import { createListWriter, createRecipientLists } from '../adapters/mongo/lists.js';
import { createOrganisationStore } from '../adapters/mongo/organisation.js';
import { createOutcomes } from '../adapters/mongo/outcomes.js';
import { createMessages } from '../adapters/mongo/people-messages.js';
import { createRegister } from '../adapters/mongo/register.js';
import { createStandingNow } from '../adapters/mongo/standing-authorisation.js';
import { createStillStaff } from '../adapters/mongo/still-staff.js';
import { createMailComposer } from '../adapters/render/mail-composer.js';
import { createThreadedRenderer } from '../adapters/render/threaded-renderer.js';
import type { TemporalGateway } from '../adapters/temporal/gateway.js';
import { evolve } from '../domain/incident/evolve.js';
import type { RegisterEntry } from '../domain/incident/register-entry.js';
import { offsetMs } from '../formats/instants.js';
import { countedActivities, countedLedger, countedOutcomes } from './counted.js';

export const openMongo = (config: Config): Mongo => connectMongo(config.mongoUrl, { tls: config.mongoTls });

/** The stores of one side, as a worker needs them. */
export function openStores(
  config: Config,
  metrics: Metrics = createMetrics({ side: config.side, process: false }),
  mongo: Mongo = openMongo(config),
) {
  const { db } = mongo;
  const keys = createDataKeys({ masterKey: config.masterKey, store: createDataKeyStore(db) });
  const record = createLedger({ db, keys });
  const ledger = killable('ledger', countedLedger(record, metrics, config.side));
  const organisation = createOrganisationStore({ db, ledger: record, keys });
  return {
    mongo,
    keys,
    ledger,
    views: killable('views', createIncidentViews({ db, keys, ledger, evolve })),
    intakes: killable('intakes', createIntakes({ db, keys })),
    register: killable('register', createRegister<RegisterEntry>({ db, keys, side: config.side })),
    artifacts: killable('artifacts', createArtifacts({ db, keys })),
    lists: createRecipientLists({ db, keys }),
    writer: createListWriter({ db, keys }),
    outcomes: killable('outcomes', countedOutcomes(createOutcomes({ db }), metrics)),
    messages: createMessages({ db, keys }),
    organisation,
    staff: createStillStaff(organisation),
    standing: createStandingNow(organisation),
  };
}
export type Stores = ReturnType<typeof openStores>;

/** A drill has one way out: the exercise inbox on this machine. There is no field for another (design, section 6). */
const relayOf = (config: Config): RelayOptions => ({
  url: config.side === 'live' ? config.smtpUrl : config.exerciseInbox,
  fallbackUrl: config.side === 'live' ? (config.smtpFallbackUrl ?? undefined) : undefined,
  name: hostname(),
  ca: config.side === 'live' && config.smtpCaFile !== undefined ? readFileSync(config.smtpCaFile, 'utf8') : undefined,
});
const NO_PAGER: Pager = { page: () => null };

const composerFor = (config: Config) => createMailComposer({ messageIdKey: subkey(config.masterKey, 'message-id') });

/** The activities of the queue `incident`: fast ones, notices, alarms, and on the drill side the autopilot's hands. */
export function incidentActivities(
  config: Config,
  stores: Stores,
  gateway: TemporalGateway,
  from: string,
  metrics: Metrics,
  log: Log,
) {
  const hasher = createHasher();
  const relay = createRelay(relayOf(config));
  const journal = killable('journal', openJournal({ folder: join(config.journalDir, 'notices') }));
  const composer = composerFor(config);
  const renderer = createThreadedRenderer({ failed: (error) => log.error({ event: 'render.thread-failed', error }) });
  const pager = config.side === 'live' && config.pager ? createPager(config.pager) : NO_PAGER;
  const activities = {
    ...createLedgerActivities(stores),
    ...createTriageActivities({ hasher, offsetMs }),
    ...createStandingActivities(stores),
    ...createNoticeActivities({
      relay,
      journal,
      renderer,
      composer,
      artifacts: stores.artifacts,
      hasher,
      from,
    }),
    // Alarms give up on a silent relay early, so that the second one still gets its turn.
    ...createEscalationActivities({
      relay: createRelay({ ...relayOf(config), timeouts: ALARM_TIMEOUTS }),
      composer,
      pager,
      staff: stores.staff,
      from,
    }),
    ...createGatewayActivities({ gateway }),
    ...(config.side === 'drill' ? createDrillActivities(drillTools(stores, gateway)) : {}),
  };
  return {
    activities: killable('incident', countedActivities(activities, metrics)),
    close: async () => {
      journal.close();
      await renderer.close();
    },
  };
}

function drillTools(stores: Stores, gateway: TemporalGateway): DrillTools {
  return { gateway, lists: exerciseLists(stores), messages: stores.messages, hasher: createHasher(), offsetMs };
}

/** Made-up people in an exercise domain. */
function exerciseLists({ writer }: Stores): ListMaker {
  return {
    async make(incident, list, count) {
      const begun = await writer.begin(list, incident);
      if ('frozen' in begun) return withoutIncident(begun.frozen);
      for (let n = 1; n <= count; n++) await begun.writer.add({ email: `patient-${n}@people.example`, language: 'en' });
      return withoutIncident(await begun.writer.freeze());
    },
  };
}
const withoutIncident = ({
  list,
  count,
  sha256,
  rejected,
  duplicates,
}: {
  list: string;
  count: number;
  sha256: string;
  rejected: number;
  duplicates: number;
}) => ({ list, count, sha256, rejected, duplicates });

/** The activities of the queue `mail`. */
export function mailActivities(config: Config, stores: Stores) {
  const lane = createMailingLane(relayOf(config));
  const journal = killable('journal', openJournal({ folder: join(config.journalDir, 'mailings') }));
  const activities = createMailingActivities({
    lists: stores.lists,
    outcomes: stores.outcomes,
    messages: stores.messages,
    composer: composerFor(config),
    hasher: createHasher(),
    lane,
    journal,
  });
  return {
    activities: killable('mail', activities),
    close: () => {
      lane.close();
      journal.close();
    },
  };
}
