import { createHash } from 'node:crypto';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createTriageActivities } from '../../activities/triage.js';
import { createApi } from '../../api/app.js';
import { createPeopleImports, type ListStore } from '../../api/people-import.js';
import type { ApiDeps, Intake, Login, StaffRecord, VerifiedMailbox } from '../../api/ports.js';
import { createHasher } from '../../adapters/crypto/hash.js';
import { type Instant, plusMs, toMs } from '../../domain/clock/instant.js';
import { actTime } from '../../domain/clock/segments.js';
import type { CommandRequest } from '../../domain/incident/commands.js';
import { decide, declare } from '../../domain/incident/decide.js';
import { draftDue, triageDue } from '../../domain/incident/effects.js';
import { type Actor, type Cause, ENGINE, type IncidentEvent } from '../../domain/incident/events.js';
import { fold } from '../../domain/incident/evolve.js';
import {
  DEFAULT_PLAYBOOK,
  type Organisation,
  type Role,
  type StandingAuthorisation,
} from '../../domain/incident/organisation.js';
import type { Refusal } from '../../domain/incident/refusals.js';
import { registerEntry } from '../../domain/incident/register-entry.js';
import type { IncidentState } from '../../domain/incident/state.js';
import type { MessageContent } from '../../domain/message/model.js';
import type { NoticeContent, NoticeEnvelope } from '../../domain/notice/model.js';
import { offsetMs } from '../../formats/instants.js';
import { anOrganisation } from '../build.js';

const hasher = createHasher();
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const OPEN: readonly string[] = ['suspected', 'confirmed', 'notifying'];
const away = (what: string) => Object.assign(new Error(`${what} is away`), { name: 'MongoServerSelectionError' });

/** What can be broken, and what the fake remembers: tests read and change it. */
export interface World {
  now: Instant;
  mongo: 'up' | 'away';
  /** How often somebody ran into a database that is away. */
  asked: number;
  temporal: 'up' | 'away' | 'silent';
  /** The view is this many entries behind. */
  viewLag: number;
  readonly lines: Record<string, unknown>[];
  readonly states: Map<string, IncidentState>;
  readonly events: Map<string, IncidentEvent[]>;
  readonly intakes: Map<string, { intake: Intake; receivedAt: Instant; started: boolean }>;
  readonly recipients: Map<string, string[]>;
  /** Open, and not in the engine. */
  readonly lost: Set<string>;
  readonly lists: (Awaited<ReturnType<ListStore['frozenOf']>>[number] & { incident: string })[];
}

const T0: Instant = '2026-03-02T10:00:00.000Z';

/** The incident as the workflow runs it: the real `decide`, `evolve`, triage and drafting, in memory. */
function engine(world: World) {
  const triage = createTriageActivities({ hasher });
  const actNow = (state: IncidentState): Instant => actTime(state.clock, toMs(world.now));

  function take(id: string, events: readonly IncidentEvent[]): IncidentState {
    const all = [...(world.events.get(id) ?? []), ...events];
    const state = fold(all);
    if (!state) throw new Error('No declaration.');
    world.events.set(id, all);
    world.states.set(id, state);
    return state;
  }
  function command(id: string, request: CommandRequest): { refusals: readonly Refusal[] } | { repeated: boolean } {
    const state = world.states.get(id);
    if (!state) throw new Error('No such incident.');
    const decided = decide(state, request, actNow(state));
    if ('refusals' in decided) return decided;
    take(id, decided.events);
    return { repeated: decided.repeated };
  }
  const byEngine = (id: string, given: CommandRequest['command']) =>
    command(id, { command: given, actor: ENGINE, loginMadeBy: null, cause: null });

  async function draft(id: string, by: Actor, loginMadeBy: string | null, withdraw: string | null): Promise<void> {
    const state = world.states.get(id);
    if (!state) return;
    const { content, sha256: hash } = await triage.draftNotice({ state, at: actNow(state), withdraw });
    byEngine(id, { type: 'PutDraft', content, sha256: hash, basedOn: state.seq, for: by, loginMadeBy });
  }
  async function effects(id: string): Promise<void> {
    const state = world.states.get(id);
    if (state && triageDue(state)) {
      const { facts, awareness, setting, factsSeq } = state;
      const { assessment, rules } = await triage.triage({
        facts,
        awareAt: awareness.awareAt?.at ?? null,
        now: actNow(state),
        playbook: setting.playbook,
      });
      byEngine(id, { type: 'ProposeTriage', assessment, factsSeq, rules });
    }
    const after = world.states.get(id);
    if (after && draftDue(after)) await draft(id, ENGINE, null, null);
  }
  return { take, command, draft, effects, byEngine, actNow };
}

interface Person extends Omit<Login, 'key' | 'makers'> {
  readonly createdBy: string | null;
  readonly name: string;
  readonly email: string;
  removed: boolean;
  readonly keys: Key[];
}
/** `makers`: as the store answers them for a login with this key. */
interface Key {
  readonly key: string;
  readonly secretHash: string;
  readonly issuedAt: Instant;
  readonly makers: readonly string[];
  revokedAt: Instant | null;
}

const anybody = (staff: string, roles: readonly Role[], createdBy: string | null = 'st_admin'): Person => ({
  staff,
  roles,
  createdBy,
  name: `the ${staff.slice(3)}`,
  email: `${staff.slice(3)}@hospital.example`,
  removed: false,
  keys: [
    {
      key: `key_${sha256(staff).slice(0, 12)}`,
      secretHash: sha256(keyOf(staff)),
      issuedAt: T0,
      makers: createdBy === null ? [] : [createdBy],
      revokedAt: null,
    },
  ],
});
/** The secret of somebody's first key. */
export const keyOf = (staff: string): string => `s72_secret-of-${staff}`;

const PEOPLE: readonly [string, readonly Role[], string | null][] = [
  ['st_responder', ['responder'], 'st_admin'],
  ['st_dpo', ['dpo'], 'st_admin'],
  ['st_approver', ['approver'], 'st_admin'],
  ['st_second', ['dpo', 'approver'], 'st_admin'],
  ['st_facilitator', ['facilitator'], 'st_admin'],
  ['st_auditor', ['auditor'], 'st_admin'],
  ['st_admin', ['admin'], null],
  ['st_puppet', ['dpo', 'approver'], 'st_dpo'], // a login that the DPO made
];

function organisationStore(world: World, organisation: Organisation | null): ApiDeps['organisation'] {
  const people = new Map(PEOPLE.map(([id, roles, by]) => [id, anybody(id, roles, by)]));
  const mailboxes: VerifiedMailbox[] = [];
  let authorisation: StandingAuthorisation | null = null;
  let authorisations = 0;
  let profile = organisation && { organisation, playbook: DEFAULT_PLAYBOOK };
  const reachable = (): void => {
    if (world.mongo === 'up') return;
    world.asked++;
    throw away('MongoDB');
  };
  const refuse = (refusal: Refusal): never => {
    throw Object.assign(new Error('refused'), { name: 'RefusedError', refusals: [refusal] });
  };
  const member = (id: string): Person =>
    people.get(id) ?? refuse({ code: 'no-such', kind: 'staff', id, known: [...people.keys()] });

  return {
    async bootstrap() {
      reachable();
      return people.size > 0 ? null : { staff: 'st_first', key: 'key_first', secret: 's72_first' };
    },
    async logins() {
      reachable();
      return new Map(
        [...people.values()].flatMap(({ staff, roles, removed, keys }) =>
          keys.flatMap(({ secretHash, key, makers, revokedAt }) =>
            revokedAt || removed ? [] : [[secretHash, { staff, roles, key, makers }] as const],
          ),
        ),
      );
    },
    async authenticate(secret) {
      reachable();
      for (const person of people.values()) {
        const key = person.keys.find((k) => k.secretHash === sha256(secret));
        if (key)
          return key.revokedAt || person.removed
            ? 'revoked'
            : { staff: person.staff, roles: person.roles, key: key.key, makers: key.makers };
      }
      return 'unknown';
    },
    async staff() {
      return [...people.values()].map(
        ({ staff: id, name, email, roles, createdBy, removed, keys }): StaffRecord => ({
          id,
          name,
          email,
          roles,
          deputy: false,
          createdBy,
          removed,
          keys: keys.map(({ key, issuedAt, revokedAt }) => ({ key, issuedAt, revokedAt })),
        }),
      );
    },
    async contacts() {
      reachable();
      return [...people.values()].map(({ staff: id, roles, email }) => ({ id, roles, deputy: false, email }));
    },
    async addStaff(by, given) {
      const id = `st_${sha256(given.email).slice(0, 8)}`;
      people.set(id, { ...anybody(id, given.roles, by.actor.id), keys: [] });
      return { id };
    },
    async changeRoles(_by, staff, roles) {
      people.set(staff, { ...member(staff), roles });
    },
    async removeStaff(_by, staff) {
      member(staff).removed = true;
    },
    async eraseStaff(_by, staff) {
      member(staff);
    },
    async issueKey(by, staff) {
      const { createdBy, keys } = member(staff);
      const secret = `s72_${sha256(staff + keys.length)}`;
      const key = `key_${sha256(secret).slice(0, 12)}`;
      const used = member(by.actor.id).keys.find((k) => k.key === by.key);
      const makers = [createdBy ?? [], by.actor.id, used?.makers ?? []].flat().filter((id) => id !== staff);
      keys.push({
        key,
        secretHash: sha256(secret),
        issuedAt: world.now,
        makers: [...new Set(makers)],
        revokedAt: null,
      });
      return { staff, key, secret };
    },
    async revokeKey(_by, staff, key) {
      const found =
        member(staff).keys.find((k) => k.key === key) ?? refuse({ code: 'no-such', kind: 'key', id: key, known: [] });
      found.revokedAt = world.now;
    },
    async get() {
      reachable();
      return profile;
    },
    async describe(_by, described, playbook = DEFAULT_PLAYBOOK) {
      profile = { organisation: described, playbook };
    },
    async authorise(by, given) {
      authorisations++;
      authorisation = {
        id: `organisation/${authorisations}`,
        ...given,
        grantedAt: world.now,
        grantedBy: by.actor.id,
      };
    },
    async revokeAuthorisation() {
      if (!authorisation) refuse({ code: 'already', what: 'no standing authorisation in force', since: null });
      authorisation = null;
    },
    async authorisation() {
      reachable();
      const grantor = authorisation && people.get(authorisation.grantedBy);
      const inCharge = grantor?.removed === false && grantor.roles.includes('approver');
      return authorisation && { ...authorisation, inCharge };
    },
    async verifyMailbox(_by, { authority, address }) {
      mailboxes.push({ authority, address, verifiedAt: world.now });
    },
    async mailboxes() {
      reachable();
      return mailboxes;
    },
  };
}

export function listStore(world: World): ListStore {
  const frozen = world.lists;
  return {
    async begin(list, incident) {
      const there = frozen.find((f) => f.list === list);
      if (there) return { frozen: there };
      const emails: string[] = [];
      return {
        writer: {
          async add({ email }) {
            emails.push(email);
            return true;
          },
          amend: () => undefined,
          async freeze({ rejected, duplicates, upload, segments, ...places }) {
            world.recipients.set(list, emails);
            const told = {
              count: emails.length,
              sha256: sha256(emails.join('\n')),
              rejected,
              duplicates,
              upload,
              places,
              segments,
            };
            const done = { list, incident, ...told };
            frozen.push(done);
            return done;
          },
          async discard() {
            emails.length = 0;
          },
        },
      };
    },
    frozenOf: async (incident) => frozen.filter((f) => f.incident === incident),
  };
}

/** Shows what was asked of it: what a PDF looks like is tested where it is made. */
const renderer: ApiDeps['renderer'] = {
  pdf: async (content: NoticeContent, envelope: NoticeEnvelope) =>
    new TextEncoder().encode(`%PDF of ${envelope.contentSha256} for ${envelope.authority}, phase ${content.phase}`),
  form: (content) => JSON.stringify({ phase: content.phase }),
  text: (content, envelope) =>
    `Notice of phase ${content.phase} to ${envelope.authorityName} <${envelope.address ?? envelope.portal}>`,
};

export interface FakeApi {
  readonly world: World;
  readonly deps: ApiDeps;
  /** Puts a command of the engine to the incident: a receipt of the relay, for example. */
  readonly byEngine: (incident: string, command: CommandRequest['command']) => void;
  readonly wait: (ms: number) => void;
}

export function fakeApi(
  over: Partial<Omit<ApiDeps, 'organisation'>> & { organisation?: Organisation | null } = {},
): FakeApi {
  const world: World = {
    now: T0,
    mongo: 'up',
    asked: 0,
    temporal: 'up',
    viewLag: 0,
    lines: [],
    states: new Map(),
    events: new Map(),
    intakes: new Map(),
    recipients: new Map(),
    lists: [],
    lost: new Set(),
  };
  const run = engine(world);
  const mode = over.mode ?? 'live';
  const messages = new Map<string, MessageContent>();
  const answers = new Map<string, { bodyHash: string; sha256: string }>();
  const reachable = (): void => {
    if (world.mongo === 'up') return;
    world.asked++;
    throw away('MongoDB');
  };
  const viewOf = (id: string): IncidentState | null => {
    reachable();
    const events = world.events.get(id) ?? [];
    return fold(events.slice(0, events.length - world.viewLag));
  };
  const { organisation, ...rest } = over;
  const write = (line: Readonly<Record<string, unknown>>): void => {
    world.lines.push({ ...line });
  };

  const deps: ApiDeps = {
    mode,
    version: '0.0.0-test',
    now: () => world.now,
    offsetMs,
    gateway: {
      async declare(declaration, actor, cause) {
        if (world.temporal === 'away') return { is: 'unavailable' };
        if (world.temporal === 'silent') return { is: 'unknown' };
        if (world.states.has(declaration.incidentId)) return { is: 'existed' };
        run.take(
          declaration.incidentId,
          declare(
            declaration,
            actor,
            cause,
            actTime(declaration.clock ?? [{ realAt: world.now, actAt: world.now, scale: 1 }], toMs(world.now)),
          ),
        );
        await run.effects(declaration.incidentId);
        return { is: 'started' };
      },
      async send(id, request) {
        if (world.temporal === 'away') return { is: 'unavailable' };
        if (world.temporal === 'silent') return { is: 'unknown' };
        if (!world.states.has(id)) return { is: 'no-such' };
        const done = run.command(id, request);
        if ('refusals' in done) return { is: 'refused', refusals: done.refusals };
        const { command } = request;
        if (command.type === 'DraftNotice') await run.draft(id, request.actor, request.loginMadeBy, command.withdraw);
        await run.effects(id);
        return { is: 'accepted', seq: world.states.get(id)?.seq ?? 0, repeated: done.repeated };
      },
      async state(id) {
        if (world.temporal !== 'up') return { is: 'unavailable' };
        const state = world.states.get(id);
        return state ? { is: 'known', state } : { is: 'no-such' };
      },
    },
    ledger: {
      head: async (stream) => {
        const last = world.events.get(stream)?.at(-1);
        return last ? { seq: last.seq, hash: sha256(`${stream}/${last.seq}`) } : null;
      },
      records: async (stream, fromSeq = 1) =>
        (world.events.get(stream) ?? [])
          .filter((event) => event.seq >= fromSeq)
          .map((event) => ({ ...event, prev: null, hash: sha256(`${stream}/${event.seq}`) })),
      verifyChain: async (stream) => ({ ok: true, entries: world.events.get(stream)?.length ?? 0 }),
    },
    views: {
      load: async (id) => viewOf(id),
      async loadAtLeast(id, minSeq) {
        const view = viewOf(id);
        return view && view.seq >= minSeq ? view : null;
      },
      async board({ phases, limit, declaredFrom = '', declaredBefore } = {}) {
        reachable();
        return [...world.states.values()]
          .filter((s) => !phases || phases.includes(s.phase))
          .filter((s) => s.declaredAt >= declaredFrom && (!declaredBefore || s.declaredAt < declaredBefore))
          .sort((a, b) => b.declaredAt.localeCompare(a.declaredAt))
          .slice(0, limit)
          .map((state) => ({ state }));
      },
    },
    intakes: {
      async put(intake, receivedAt) {
        reachable();
        const id = intake.declaration.incidentId;
        const there = world.intakes.get(id);
        if (!there) world.intakes.set(id, { intake, receivedAt, started: false });
        const judge = (first: { cause: Cause; actor: Actor }) => {
          if (first.cause.keyHash !== intake.cause.keyHash) return 'id-taken' as const;
          if (first.actor.id !== intake.actor.id) return 'other-caller' as const;
          return first.cause.bodyHash === intake.cause.bodyHash ? ('repeated' as const) : ('other-body' as const);
        };
        return {
          outcome: there ? judge(there.intake) : 'stored',
          receivedAt: there?.receivedAt ?? receivedAt,
          started: there?.started ?? false,
        };
      },
      async find(id) {
        reachable();
        const there = world.intakes.get(id);
        return there ? { started: there.started } : null;
      },
      async waiting() {
        reachable();
        return [...world.intakes.values()]
          .filter((i) => !i.started)
          .map((i) => ({ ...i.intake, receivedAt: i.receivedAt }));
      },
      async started(id) {
        const there = world.intakes.get(id);
        if (there) there.started = true;
      },
    },
    clocks: {
      async open() {
        reachable();
        return [...world.states.values()].filter(({ phase }) => OPEN.includes(phase)).map(({ id }) => id);
      },
      async without(ids) {
        if (world.temporal !== 'up') throw away('Temporal');
        return ids.filter((id) => world.lost.has(id));
      },
    },
    artifacts: { get: async () => null },
    people: createPeopleImports(listStore(world)),
    messages: {
      async put(message, { keyHash, bodyHash }) {
        const hash = hasher.canonicalSha256(message);
        messages.set(hash, message);
        answers.set(keyHash, { bodyHash, sha256: hash });
        return hash;
      },
      answered: async (keyHash) => answers.get(keyHash) ?? null,
      message: async (hash) => messages.get(hash) ?? null,
      latest: async (incident) => [...messages].filter(([, m]) => m.incident === incident).at(-1)?.[0] ?? null,
    },
    outcomes: {
      totals: async () => ({ total: 3, accepted: 1, refused: 0, deferred: 0, suppressed: 0, ambiguous: 0, resent: 0 }),
    },
    register: {
      all: async () => ({
        entries: [...world.states.values()].map((state) => ({ ...registerEntry(state) })),
        erased: 0,
      }),
    },
    organisation: organisationStore(
      world,
      organisation === undefined
        ? anOrganisation({ authorities: mode === 'drill' ? ['ex-authority'] : ['ie-dpc'] })
        : organisation,
    ),
    drills: null,
    hasher,
    renderer,
    log: { info: write, error: write },
    metrics: {
      contentType: 'text/plain; version=0.0.4',
      text: async () => '# nothing counted\n',
      answered: () => undefined,
    },
    bootstrapToken: null,
    checks: [{ name: 'mongo', check: async () => reachable() }],
    limits: { viewWaitMs: 100, handlerMs: 5_000, quietMs: 0 },
    ...rest,
  };
  return {
    world,
    deps,
    byEngine(incident, command) {
      const done = run.byEngine(incident, command);
      if ('refusals' in done) throw new Error(`Refused: ${JSON.stringify(done.refusals)}`);
    },
    wait(ms) {
      world.now = plusMs(world.now, ms);
    },
  };
}

export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body as JSON; null when it is none. */
  readonly json: Record<string, unknown>;
}

/** Status and code of a refusal; an accepted request has no code. */
export const code = ({ status, json: { type } }: Answered): [status: number, code: string] => [
  status,
  typeof type === 'string' ? type.replace('urn:seventytwo:problem:', '') : '',
];

export interface Caller {
  readonly url: string;
  /** `as`: a staff id of the fake; null calls without a key. A new idempotency key each time unless one is given. */
  call(
    method: string,
    path: string,
    options?: {
      as?: string | null;
      body?: unknown;
      raw?: string | Uint8Array;
      key?: string | null;
      headers?: Record<string, string>;
    },
  ): Promise<Answered>;
  stop(): Promise<void>;
}

let keys = 0;

/** The app on a free port, as `serve` starts it: `cold` before its first chores were done. */
export async function serveFake(api: FakeApi, { cold = false } = {}): Promise<Caller> {
  const { app, warm } = createApi(api.deps);
  if (!cold) await warm();
  const server = await new Promise<Server>((resolve) => {
    const listening: Server = app.listen(0, '127.0.0.1', () => resolve(listening));
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    async call(method, path, { as = 'st_responder', body, raw, key, headers = {} } = {}) {
      const response = await fetch(url + path, {
        method,
        headers: {
          ...(as !== null && { authorization: `Bearer ${keyOf(as)}` }),
          ...(method !== 'GET' && key !== null && { 'idempotency-key': key ?? `test-key-${++keys}-0123456789abcdef` }),
          ...((body !== undefined || raw !== undefined) && { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body !== undefined ? { body: JSON.stringify(body) } : raw !== undefined && { body: raw as string }),
      });
      const text = await response.text();
      let json: Record<string, unknown> = {};
      try {
        json = JSON.parse(text) as Record<string, unknown>;
      } catch {
        // not JSON: the text is there
      }
      return { status: response.status, headers: response.headers, text, json };
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
