import { clocklessSays, REBUILD } from '../domain/watch/clockless.js';
import type { Handlers } from './call.js';
import type { Parts } from './parts.js';
import { NOT_READY } from './errors.js';
import { openApiDocument } from './openapi.js';

type Ids = 'healthz' | 'readyz' | 'metrics' | 'openapi';
const CHECK_MS = 2_000;

async function within(ms: number, check: () => Promise<void>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(resolve, ms, false);
  });
  try {
    return await Promise.race([
      check().then(
        () => true,
        () => false,
      ),
      late,
    ]);
  } finally {
    clearTimeout(timer);
  }
}

export function machineHandlers({ deps, clocks }: Parts): Handlers<Ids> {
  const document = JSON.stringify(openApiDocument(deps.version));
  return {
    healthz: async () => ({ json: { ok: true } }),
    /** An alarm leaves it ready: taken out of the balancer, nobody could read or command any more (docs/decisions/0031). */
    async readyz() {
      const looking = clocks.all();
      const checks = await Promise.all(
        deps.checks.map(async ({ name, check }) => {
          const started = performance.now();
          const ok = await within(CHECK_MS, check);
          return { name, ok, ms: Math.round(performance.now() - started) };
        }),
      );
      const ok = checks.every((c) => c.ok);
      const found = ok ? await looking : null; // from a copy nothing is claimed of a store that is away
      const says = found && clocklessSays(found, { naming: false }); // no login is needed here
      return {
        json: {
          ok,
          checks,
          alarms: says ? [`${says} Next: ${REBUILD}`] : [],
          clocks: found && { open: found.open, without: found.without.length },
        },
        ...(!ok && { status: NOT_READY }),
      };
    },
    metrics: async () => ({ bytes: await deps.metrics.text(), mediaType: deps.metrics.contentType }),
    openapi: async () => ({ bytes: document, mediaType: 'application/json' }),
  };
}
