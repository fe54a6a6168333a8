import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Express } from 'express';
import { createApi } from '../../api/app.js';
import { MAY } from '../../domain/incident/commands.js';
import { ALLOWED_IN } from '../../domain/incident/allowed.js';
import type { IncidentSummary } from '../../domain/incident/summary-shape.js';
import { Summary } from '../../formats/http/responses.js';
import { pathOf, ROUTE_IDS, ROUTES, route } from '../../formats/http/routes.js';
import { type Caller, fakeApi, serveFake } from '../fakes/api.js';

interface Document {
  openapi: string;
  paths: Record<string, Record<string, { operationId: string; parameters?: { name: string; in: string }[] }>>;
}
let door: Caller;
let document: Document;
beforeAll(async () => {
  door = await serveFake(fakeApi());
  document = (await door.call('GET', '/openapi.json', { as: null })).json as unknown as Document;
});
afterAll(() => door.stop());

/** What express itself will answer: method and path of each of its routes, but for the catch-alls and the page under /docs. */
function routesOf(app: Express): string[] {
  const stack = (
    app as unknown as { router: { stack: { route?: { path: string; methods: Record<string, boolean> } }[] } }
  ).router.stack;
  return stack.flatMap(({ route: found }) =>
    found && Object.keys(found.methods).length === 1 && !found.path.startsWith('/docs')
      ? Object.keys(found.methods).map((method) => `${method} ${found.path.replace(/:(\w+)/g, '{$1}')}`)
      : [],
  );
}

test('every route of the app is in the document, and every one of the document is in the app', () => {
  const documented = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method} ${path}`),
  );
  expect(document.openapi).toBe('3.1.0');
  expect(documented.sort()).toEqual(routesOf(createApi(fakeApi().deps).app).sort());
  expect(documented).toHaveLength(ROUTE_IDS.length);
});

test('every POST and PUT asks for an idempotency key, and the document says so', () => {
  const without = ROUTE_IDS.filter((id) => ['post', 'put'].includes(route(id).method) && !route(id).keyed);
  expect(without).toEqual([]);
  for (const id of ROUTE_IDS.filter((each) => route(each).keyed)) {
    const operation = document.paths[route(id).path]?.[route(id).method];
    expect(operation?.parameters).toContainEqual(expect.objectContaining({ name: 'Idempotency-Key', in: 'header' }));
  }
});

test('every command of a person has a route, and no command of the engine has one', () => {
  const permissions = new Set(Object.values(ROUTES).map(({ may }) => may as string));
  const people = Object.keys(ALLOWED_IN).filter((type) => MAY[type as keyof typeof MAY] !== undefined);
  expect(people.filter((type) => !permissions.has(type))).toEqual([]);
  expect(
    [...permissions].filter(
      (may) => may !== 'Public' && may !== 'AnyLogin' && MAY[may as keyof typeof MAY] === undefined,
    ),
  ).toEqual([]);
});

test('routes that need a login answer 401 without one; the others do not', async () => {
  for (const id of ROUTE_IDS.filter((each) => each !== 'bootstrap')) {
    const path = pathOf(id, {
      id: 'BR-7K3M-9QXD',
      phase: 1,
      authority: 'ie-dpc',
      format: 'pdf',
      task: 't',
      duty: 'd',
      list: 'l',
      message: 'm',
      mailing: 1,
      use: 'u',
      staff: 's',
      drill: 'EX-7K3M-9QXD',
      key: 'k',
    });
    const { status } = await door.call(route(id).method.toUpperCase(), path, { as: null });
    expect([id, status === 401]).toEqual([id, route(id).may !== 'Public']);
  }
});

test('ids with slashes travel percent-encoded; a forgotten parameter is an error of the caller', () => {
  expect(pathOf('holdDuty', { id: 'BR-7K3M-9QXD', duty: 'authority-notice/ie-dpc' })).toBe(
    '/v1/incidents/BR-7K3M-9QXD/duties/authority-notice%2Fie-dpc/hold',
  );
  expect(() => pathOf('holdDuty', { id: 'BR-7K3M-9QXD' })).toThrow(/duty/);
});

test('the summary that is sent is the summary that is documented', async () => {
  const declared = await door.call('POST', '/v1/incidents', {
    body: { title: 'x', awareness: { awareAt: { at: '2026-03-02T09:00:00Z' } } },
  });
  const parsed: IncidentSummary = Summary.parse(declared.json['incident']);
  expect(parsed).toEqual(declared.json['incident']);
});

test('the page under /docs loads its own files and no others', async () => {
  const page = await door.call('GET', '/docs', { as: null });
  const loaded = [...page.text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path]) => path ?? '');
  expect(loaded).toEqual(['/docs/swagger-ui.css', '/docs/swagger-ui-bundle.js', '/docs/init.js']);
  for (const path of loaded) expect((await door.call('GET', path, { as: null })).status).toBe(200);
  expect(page.text).not.toMatch(/<script>|style=|onload/);
});
