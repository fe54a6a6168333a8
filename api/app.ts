import express, { type ErrorRequestHandler, type RequestHandler } from 'express';
import helmet from 'helmet';
import { ROUTE_IDS, type RouteId, route } from '../formats/http/routes.js';
import type { Handler, Handlers } from './call.js';
import { calmed } from './calm.js';
import { createClockLook } from './clocks.js';
import { commandHandlers } from './commands.js';
import type { Parts } from './parts.js';
import { declareHandler } from './declare.js';
import { docsPage } from './docs-page.js';
import { door } from './door.js';
import { drillHandlers } from './drills.js';
import { asRefused, refuse, sendProblem } from './errors.js';
import { incidentHandlers } from './incidents.js';
import { createLogins } from './logins.js';
import { machineHandlers } from './machines.js';
import { messageHandlers } from './messages.js';
import { noticeHandlers } from './notices.js';
import { authorisationHandlers } from './authorisation.js';
import { organisationHandlers } from './organisation.js';
import { peopleHandlers } from './people-lists.js';
import type { ApiDeps } from './ports.js';
import { createReads } from './reads.js';
import { recordHandlers } from './record.js';
import { createSettings } from './setting.js';

/** Nothing from elsewhere, no inline script, in no frame. */
const security = helmet({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'"],
      imgSrc: ["'self'", 'data:'],
      connectSrc: ["'self'"],
      baseUri: ["'none'"],
      formAction: ["'none'"],
      frameAncestors: ["'none'"],
    },
  },
});

const noStore: RequestHandler = (_request, response, next) => {
  response.setHeader('Cache-Control', 'no-store'); // answers hold what a breach is about
  next();
};

/** `/v1/incidents/{id}/tasks/{task}` as express writes it. */
const expressPath = (path: string): string => path.replace(/\{(\w+)\}/g, ':$1');

export interface Api {
  readonly app: express.Express;
  /** To be called at the start and again and again: what is copied for the time when the database is away. Never rejects. */
  readonly warm: () => Promise<boolean>;
}

/** The whole API. Every route of the table is served; what the table does not know is a 404 or a 405, as a problem too. */
export function createApi(given: ApiDeps): Api {
  const deps = calmed(given);
  const parts: Parts = {
    deps,
    reads: createReads(deps),
    settings: createSettings(deps),
    clocks: createClockLook(deps),
  };
  const logins = createLogins(deps);
  const handlers: Handlers<RouteId> = {
    ...commandHandlers(parts),
    ...incidentHandlers(parts),
    ...noticeHandlers(parts),
    ...peopleHandlers(parts),
    ...messageHandlers(parts),
    ...recordHandlers(parts),
    ...organisationHandlers(parts),
    ...authorisationHandlers(parts),
    ...machineHandlers(parts),
    ...drillHandlers(parts),
    declare: declareHandler(parts),
  };

  const app = express();
  app.disable('x-powered-by');
  app.set('etag', false); // ours is the seq
  app.set('query parser', 'simple');
  app.use(security, noStore);
  app.use(docsPage());
  for (const id of ROUTE_IDS) {
    const { method, path } = route(id);
    app[method](
      expressPath(path),
      door(id, handlers[id] as Handler<RouteId>, deps, (header) => logins.of(header)),
    );
  }
  for (const path of new Set(ROUTE_IDS.map((id) => route(id).path))) {
    const allowed = ROUTE_IDS.filter((id) => route(id).path === path).map((id) => route(id).method.toUpperCase());
    app.all(expressPath(path), (_request, response) => {
      response.setHeader('Allow', allowed.join(', '));
      sendProblem(
        response,
        refuse('method-not-allowed', `This address takes ${allowed.join(' and ')}.`, null, { allowed }),
      );
    });
  }
  app.use((_request, response) => {
    sendProblem(
      response,
      refuse('no-such-route', 'There is nothing under this address. All addresses: /openapi.json, readable at /docs.'),
    );
  });
  const failed: ErrorRequestHandler = (error: unknown, _request, response, next) => {
    if (response.headersSent) next(error);
    else sendProblem(response, asRefused(error));
  };
  app.use(failed);
  return {
    app,
    warm: async () => (await Promise.all([logins.warm(), parts.settings.warm()])).every(Boolean),
  };
}
