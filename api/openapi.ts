import { OpenApiGeneratorV31, OpenAPIRegistry, type RouteConfig } from '@asteasolutions/zod-to-openapi';
import { z } from 'zod';
import { MAY } from '../domain/incident/commands.js';
import { PROBLEM_MEDIA, ProblemDocument } from '../formats/http/problem.js';
import { Intake } from '../formats/http/responses.js';
import { ROUTE_IDS, type Route, type RouteId, route } from '../formats/http/routes.js';

type Responses = RouteConfig['responses'];

function parametersOf(path: string): z.ZodObject | undefined {
  const names = [...path.matchAll(/\{(\w+)\}/g)].flatMap(([, name]) => name ?? []);
  return names.length === 0 ? undefined : z.object(Object.fromEntries(names.map((name) => [name, z.string()])));
}

function responsesOf(id: RouteId, spec: Route): Responses {
  const media = spec.answer
    ? { 'application/json': { schema: spec.answer } }
    : Object.fromEntries((spec.gives ?? []).map((type) => [type, { schema: z.string() }]));
  const problem = (description: string) => ({ description, content: { [PROBLEM_MEDIA]: { schema: ProblemDocument } } });
  return {
    [spec.status]: { description: 'Done', content: media },
    ...(id === 'declare' && {
      202: {
        description: 'Kept as an intake; the workflow engine is away',
        content: { 'application/json': { schema: Intake } },
      },
    }),
    ...(id === 'incident' && { 304: { description: 'Nothing new since that ETag' } }),
    ...(spec.may !== 'Public' && {
      401: problem('No login, or one that is not valid'),
      403: problem('The role may not'),
    }),
    default: problem('Refused: every problem at once'),
  };
}

function mayDo(spec: Route): string {
  if (spec.may === 'Public') return 'Nobody needs to log in.';
  return spec.may === 'AnyLogin' ? 'Every login.' : `Roles: ${(MAY[spec.may] ?? []).join(', ')}.`;
}

/** OpenAPI 3.1 of every route, from the schemas that parse the requests. */
export function openApiDocument(version: string): object {
  const registry = new OpenAPIRegistry();
  const bearer = registry.registerComponent('securitySchemes', 'key', {
    type: 'http',
    scheme: 'bearer',
    description: 'A personal key.',
  });
  for (const id of ROUTE_IDS) {
    const spec = route(id);
    const parameters = parametersOf(spec.path);
    const query =
      spec.query &&
      z.object(
        Object.fromEntries(
          Object.entries(spec.query).map(([name, says]) => [name, z.string().optional().meta({ description: says })]),
        ),
      );
    const headers = spec.keyed
      ? z.object({
          'Idempotency-Key': z
            .string()
            .min(16)
            .max(200)
            .meta({ description: 'A new random value for each thing to do; the same one when it is tried again.' }),
        })
      : undefined;
    const body = spec.body
      ? { 'application/json': { schema: spec.body } }
      : spec.takes && { [spec.takes]: { schema: z.string() } };
    registry.registerPath({
      method: spec.method,
      path: spec.path,
      operationId: id,
      summary: spec.does,
      description: mayDo(spec),
      tags: [spec.group],
      ...(spec.may !== 'Public' && { security: [{ [bearer.name]: [] }] }),
      request: {
        ...(parameters && { params: parameters }),
        ...(query && { query }),
        ...(headers && { headers }),
        ...(body && { body: { required: true, content: body } }),
      },
      responses: responsesOf(id, spec),
    });
  }
  return new OpenApiGeneratorV31(registry.definitions).generateDocument({
    openapi: '3.1.0',
    info: {
      title: 'seventytwo',
      version,
      description:
        'Breach incident response: the 72 hours of GDPR Art. 33. Instants need their zone; unknown fields are refused; refusals are RFC 9457 problems with everything that is wrong at once.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
  });
}
