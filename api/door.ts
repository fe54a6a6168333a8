import express, { type Request, type RequestHandler, type Response } from 'express';
import { modeOfId, readIncidentId } from '../domain/incident/ids.js';
import type { Actor, Cause } from '../domain/incident/events.js';
import { anId } from '../formats/http/fields.js';
import { type Route, type RouteId, route } from '../formats/http/routes.js';
import type { Call, Handler, Reply } from './call.js';
import {
  asRefused,
  isOurFault,
  BODY_LIMIT_BYTES,
  bodyProblems,
  NOT_MODIFIED,
  Refused,
  refuse,
  sendProblem,
  statusOf,
} from './errors.js';
import { roleFor, sha256Hex } from './logins.js';
import type { ApiDeps, Login } from './ports.js';

const HANDLER_MS = 25_000;
const NOBODY: Actor = { id: 'nobody', role: 'engine' };
const KEY = /^[\x21-\x7e]{16,200}$/;

const readJson = express.json({ limit: BODY_LIMIT_BYTES, strict: false, type: () => true });
const parsed = (request: Request, response: Response): Promise<unknown> =>
  new Promise((resolve, reject) => {
    readJson(request, response, (error?: unknown) => (error ? reject(error) : resolve(request.body)));
  });

const hasBody = (request: Request): boolean =>
  request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length'] ?? 0) > 0;

function checkMedia(request: Request, wanted: string): void {
  const given = (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase();
  if (given !== wanted)
    throw refuse('content-type', `Send this body with Content-Type: ${wanted}.`, null, { expected: wanted });
}

async function readBody(request: Request, response: Response, spec: Route): Promise<unknown> {
  if (!spec.body) return undefined;
  if (hasBody(request)) checkMedia(request, 'application/json');
  const raw = hasBody(request) ? await parsed(request, response) : {};
  const checked = spec.body.safeParse(raw);
  if (!checked.success) throw new Refused(bodyProblems(checked.error.issues, spec.body, raw));
  return checked.data;
}

function readKey(request: Request): string {
  const key = request.headers['idempotency-key'];
  if (typeof key === 'string' && KEY.test(key)) return key;
  throw refuse(
    'idempotency-key',
    'Send a header Idempotency-Key with a new random value of 16 to 200 visible characters (for example: openssl rand -hex 16), and the same one when you try again: then nothing is done twice.',
  );
}

function readParameters(request: Request, mode: 'live' | 'drill'): Record<string, string> {
  const parameters: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.params)) {
    parameters[name] = String(value);
    if (name !== 'id' && !anId.safeParse(value).success)
      throw refuse('not-found', `The address names no ${name} as we write it.`, name);
  }
  const typed = parameters['id'];
  if (typed === undefined) return parameters;
  const id = readIncidentId(typed);
  if (!id)
    throw refuse(
      'no-such-incident',
      'An incident id looks like BR-7K3M-9QXD (EX-… in drills). All ids: GET /v1/incidents.',
    );
  if (modeOfId(id) !== mode) {
    const other = mode === 'live' ? 'drill' : 'live';
    throw refuse(
      'no-such-incident',
      `${id} belongs to the ${other} side, and this is the ${mode} side. Ask the API of the ${other} side.`,
      null,
      { incident: id, side: mode },
    );
  }
  return { ...parameters, id };
}

const readQuery = (request: Request): Record<string, string> =>
  Object.fromEntries(
    Object.entries(request.query).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
  );

function send(response: Response, spec: Route, reply: Reply): void {
  for (const [name, value] of Object.entries(reply.headers ?? {})) response.setHeader(name, value);
  if ('notModified' in reply) response.status(NOT_MODIFIED).end();
  else if ('json' in reply) response.status(reply.status ?? spec.status).json(reply.json);
  else
    response
      .status(spec.status)
      .type(reply.mediaType)
      .send(typeof reply.bytes === 'string' ? reply.bytes : Buffer.from(reply.bytes));
}

/** The answer, or after so long the honest word that it is not known. */
async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () =>
        reject(
          refuse(
            'unknown-outcome',
            'No answer in time; it may have been done. Send it again with the same Idempotency-Key: nothing is done twice.',
          ),
        ),
      ms,
    );
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Everything between the wire and a handler, in the order: who, may they, which body, which key, then the work. One line in the log. */
export function door<Id extends RouteId>(
  id: Id,
  handler: Handler<Id>,
  deps: ApiDeps,
  login: (header: string | undefined) => Promise<Login>,
): RequestHandler {
  const spec = route(id);

  function bodyHash(asked: object): string {
    try {
      return deps.hasher.canonicalSha256(asked);
    } catch {
      throw refuse(
        'field',
        'The body holds text that is no valid Unicode (half of a character). Write that text anew.',
      );
    }
  }

  async function callFrom(request: Request, response: Response): Promise<Call<Id>> {
    const who = spec.may === 'Public' ? null : await login(request.headers.authorization);
    const actor = who && spec.may !== 'Public' ? { id: who.staff, role: roleFor(who, spec.may) } : NOBODY;
    const parameters = readParameters(request, deps.mode);
    if (spec.takes) checkMedia(request, spec.takes);
    const key = spec.keyed ? readKey(request) : null;
    const body = (await readBody(request, response, spec)) as Call<Id>['body']; // the route's own schema has parsed it
    // The key goes into the hash of the body too: nobody can try names or addresses against what the record keeps in clear.
    // So does the caller: an answer belongs to who asked.
    const cause: Cause | null =
      key === null
        ? null
        : {
            keyHash: sha256Hex(key),
            bodyHash: bodyHash({ key, by: actor.id, route: id, parameters, body: body ?? null }),
          };
    return { parameters, query: readQuery(request), body, login: who, actor, cause, at: deps.now(), request };
  }

  return (request, response) => {
    const started = performance.now();
    const done = (status: number): void => {
      const ms = Math.round(performance.now() - started);
      deps.metrics.answered(id, status, ms);
      deps.log.info({ event: 'http', route: id, status, ms });
    };
    const work = async (): Promise<void> => {
      try {
        const call = await callFrom(request, response);
        const handled = handler(call);
        send(response, spec, await (spec.takes ? handled : within(deps.limits?.handlerMs ?? HANDLER_MS, handled)));
        done(response.statusCode);
      } catch (error) {
        const refused = asRefused(error);
        if (!(error instanceof Refused) && isOurFault(refused))
          deps.log.error({ event: 'http.failed', route: id, error: error instanceof Error ? error.name : 'unknown' });
        if (!response.headersSent) sendProblem(response, refused);
        done(statusOf(refused));
      }
    };
    void work();
  };
}
