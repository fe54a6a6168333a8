import type { z } from 'zod';
import type { Declared } from '../formats/http/responses.js';
import { statutoryDeadline, strictDeadline } from '../domain/clock/deadlines.js';
import { DAY_MS, type Instant, msBetween, plusMs, toMs } from '../domain/clock/instant.js';
import { actTime, liveClock } from '../domain/clock/segments.js';
import type { Declaration } from '../domain/incident/commands.js';
import { declare, POLICY, refuseDeclaration } from '../domain/incident/decide.js';
import { fold } from '../domain/incident/evolve.js';
import { incidentIdFrom } from '../domain/incident/ids.js';
import type { IncidentState } from '../domain/incident/state.js';
import { zoneOfHour } from '../domain/incident/summary.js';
import type { Setting } from '../domain/incident/events.js';
import { type Call, causeOf, type Handler, type Reply } from './call.js';
import type { Parts } from './parts.js';
import { ACCEPTED, Refused, refuse, refusedByDomain } from './errors.js';
import { factInputs } from './facts.js';
import { findingInputs } from './findings.js';
import type { ApiDeps, Intake } from './ports.js';

function declarationFrom(call: Call<'declare'>, mode: 'live' | 'drill', setting: Setting, at: Instant): Declaration {
  const { title, awareness = {}, facts = {}, clock } = call.body;
  if (clock && mode === 'live') throw refusedByDomain([{ code: 'not-in-a-live-incident', action: 'clock' }]);
  const { zone } = setting.organisation;
  const given = findingInputs(awareness, zone);
  // A declaration may be started later (intake): the suspicion began now all the same.
  const hint = given.awareAt || given.firstHintAt ? {} : { firstHintAt: { at, zone, source: 'declaration' } };
  return {
    incidentId: incidentIdFrom(causeOf(call).keyHash, mode),
    mode,
    title,
    awareness: { ...hint, ...given },
    facts: factInputs(facts),
    setting,
    clock: clock ?? null,
    policy: POLICY,
  };
}

const ANOTHER = 'Declare with a new Idempotency-Key; this one is not yours.';
const taken = (incident: string) =>
  refuse('key-of-another', `This Idempotency-Key belongs to another declaration. ${ANOTHER}`, null, { incident });
const reused = () => refusedByDomain([{ code: 'key-reused', firstSeq: 1 }]);

/** Where the deadlines stand, for an incident that the engine does not know yet. */
export function intakeAnswer(
  { declaration }: Intake,
  declaredAt: Instant,
  offsetMs: ApiDeps['offsetMs'],
): Record<string, unknown> {
  const awareAt = declaration.awareness.awareAt?.at ?? null;
  const zone = zoneOfHour(declaration.setting);
  return {
    id: declaration.incidentId,
    kept: 'intake',
    declaredAt,
    awareAt,
    deadline: awareAt && { strict: strictDeadline(awareAt), statutory: statutoryDeadline(awareAt, offsetMs, zone) },
    says: `${declaration.incidentId} is on record. The workflow engine is away, so its alarms start when it is back; the clock counts from the same instant.`,
  };
}

/** The newest of the day. Each is unsealed before it is judged: with all of the board, declaring grew slower with every open incident. */
const LOOKED_AT = 40;
/** Nobody reads more. */
const OTHERS_MAX = 10;

/** The declaration is safe: whoever declares at night is not kept waiting for an engine that may be away. */
const ENGINE_MS = 5_000;
type Started = Awaited<ReturnType<ApiDeps['gateway']['declare']>>;

/** What comes later is found by startIntakes: the id is the same. */
async function atMost(ms: number, starting: Promise<Started>): Promise<Started> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Started>((resolve) => {
    timer = setTimeout(() => resolve({ is: 'unknown' }), ms);
  });
  try {
    return await Promise.race([starting, late]);
  } finally {
    clearTimeout(timer);
  }
}

const beganAt = ({ awareness, declaredAt }: IncidentState): Instant =>
  awareness.firstHintAt?.at ?? awareness.awareAt?.at ?? declaredAt;
const within = (one: Instant, other: Instant, ms: number): boolean => Math.abs(msBetween(one, other)) <= ms;
const mayBeTheSame = (one: IncidentState, other: IncidentState): boolean =>
  within(one.declaredAt, other.declaredAt, DAY_MS) && within(beganAt(one), beganAt(other), 2 * DAY_MS);

/** POST /v1/incidents. Works while either store is away; only when both are does it say so, with the way that still goes. */
export function declareHandler({ deps, reads, settings }: Parts): Handler<'declare'> {
  const { gateway, intakes, mode, log } = deps;

  /**
   * Two people may declare the same breach: the second is told of the first. Only where that is plausible: declared within a day, for two
   * desks hear of one breach on the same day, and begun within two, for what began days apart is hardly one. Best effort: nothing waits for it.
   */
  async function others(state: IncidentState): Promise<z.infer<typeof Declared>['others']> {
    const rows = await deps.views
      .board({
        phases: ['suspected', 'confirmed', 'notifying'],
        declaredFrom: plusMs(state.declaredAt, -DAY_MS),
        limit: LOOKED_AT,
      })
      .catch(() => []);
    return rows
      .flatMap(({ state: other }) => (other && other.id !== state.id && mayBeTheSame(other, state) ? [other] : []))
      .slice(0, OTHERS_MAX)
      .map((other) => ({
        id: other.id,
        title: other.title,
        declaredAt: other.declaredAt,
        firstHintAt: other.awareness.firstHintAt?.at ?? null,
        awareAt: other.awareness.awareAt?.at ?? null,
        phase: other.phase,
      }));
  }

  /** The state that the engine has, or will have: the same pure function makes it. */
  const answer = async (state: IncidentState, repeated: boolean): Promise<Reply> => ({
    json: { seq: state.seq, repeated, incident: reads.summary(state), others: await others(state) },
    headers: { Location: `/v1/incidents/${state.id}`, ETag: `"${state.seq}"` },
  });

  async function keep(intake: Intake, at: Instant): Promise<{ receivedAt: Instant; started: boolean } | null> {
    try {
      const { outcome, receivedAt, started } = await intakes.put(intake, at);
      if (outcome === 'other-body') throw reused();
      if (outcome === 'other-caller' || outcome === 'id-taken') throw taken(intake.declaration.incidentId);
      return { receivedAt, started };
    } catch (error) {
      if (error instanceof Error && error.name === 'Refused') throw error;
      log.error({ event: 'intakes.unreachable', incident: intake.declaration.incidentId });
      return null; // the engine alone will do; it knows the ids of its own runs
    }
  }

  const unread = (incident: string) =>
    refuse(
      'unknown-outcome',
      'The incident is on record, but cannot be read at the moment. Send the same declaration again with the same Idempotency-Key.',
      null,
      { incident },
    );

  /** @param judged the database has: key, caller and body are those of the first declaration */
  async function existing(intake: Intake, judged: boolean): Promise<IncidentState | null> {
    const { declaration, cause, actor } = intake;
    const known = await reads.state(declaration.incidentId).catch((error: unknown) => {
      if (error instanceof Refused && error.problems.some(({ code }) => code === 'no-clock')) throw error;
      return null;
    });
    if (judged) return known;
    if (!known) throw unread(declaration.incidentId);
    const first = known.answered[cause.keyHash];
    if (!first || known.declaredBy !== actor.id) throw taken(declaration.incidentId);
    if (first.bodyHash !== cause.bodyHash) throw reused();
    return known;
  }

  return async (call) => {
    const setting = await settings.current();
    const actAt = actTime(call.body.clock ?? liveClock(call.at), toMs(call.at));
    const declaration = declarationFrom(call, mode, setting, actAt);
    const refusals = refuseDeclaration(declaration, actAt);
    if (refusals.length > 0) throw refusedByDomain(refusals);

    const intake: Intake = { declaration, actor: call.actor, cause: causeOf(call) };
    const kept = await keep(intake, call.at);
    if (kept?.started) {
      // Its run may be over and gone from the engine: it is read, and never begun a second time.
      const known = await existing(intake, true);
      if (!known) throw unread(declaration.incidentId);
      return answer(known, true);
    }
    const expected = (): IncidentState => {
      const state = fold(declare(declaration, call.actor, intake.cause, actAt));
      if (!state) throw new Error('A declaration gives at least one event.');
      return state;
    };
    const starting = gateway.declare(declaration, call.actor, intake.cause);
    const started = await (kept ? atMost(ENGINE_MS, starting) : starting);
    if (started.is === 'started' || started.is === 'existed') {
      if (kept)
        await intakes
          .started(declaration.incidentId, call.at)
          .catch(() => log.error({ event: 'intakes.unreachable', incident: declaration.incidentId }));
      if (started.is === 'started') return answer(expected(), false);
      return answer((await existing(intake, kept !== null)) ?? expected(), true);
    }
    if (kept) {
      return {
        json: intakeAnswer(intake, kept.receivedAt, deps.offsetMs),
        status: ACCEPTED,
        headers: { Location: `/v1/incidents/${declaration.incidentId}` },
      };
    }
    const open = started.is === 'unknown';
    throw refuse(open ? 'unknown-outcome' : 'unavailable', open ? MAY_BE_TAKEN : NOBODY_ANSWERS, null, {
      incident: declaration.incidentId,
    });
  };
}

const NOBODY_ANSWERS =
  'Neither the workflow engine nor the database answers. Keep the Idempotency-Key and send it again, or write the declaration down with its deadline now: seventytwo declare --offline.';
const MAY_BE_TAKEN =
  'Neither the workflow engine nor the database answers, and the declaration may have been taken. Keep the Idempotency-Key and send it again. If you cannot wait, seventytwo declare --offline writes it down with its deadline; that may be a second incident, to be withdrawn later as a duplicate.';

/** Starts what was kept while the engine was away. Call it again and again; it does nothing when there is nothing. */
export async function startIntakes({
  intakes,
  gateway,
  now,
  log,
}: Pick<ApiDeps, 'intakes' | 'gateway' | 'now' | 'log'>): Promise<number> {
  let count = 0;
  for (const { declaration, actor, cause } of await intakes.waiting()) {
    const started = await gateway.declare(declaration, actor, cause);
    if (started.is !== 'started' && started.is !== 'existed') break; // still away: the rest would wait as well
    await intakes.started(declaration.incidentId, now());
    log.info({ event: 'intake.started', incident: declaration.incidentId });
    count++;
  }
  return count;
}
