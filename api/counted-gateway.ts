import type { Metrics } from '../adapters/metrics.js';
import type { Gateway } from './ports.js';

/** The same gateway, with what became of declarations and commands counted. */
export function countedGateway(
  gateway: Gateway,
  metrics: Pick<Metrics, 'declared' | 'command' | 'refusal'>,
  mode: 'live' | 'drill',
): Gateway {
  return {
    ...gateway,
    async declare(declaration, actor, cause) {
      const started = await gateway.declare(declaration, actor, cause);
      if (started.is === 'started') metrics.declared(mode, declaration.awareness.awareAt !== undefined);
      return started;
    },
    async send(incidentId, request) {
      const sent = await gateway.send(incidentId, request);
      const { type } = request.command;
      if (sent.is === 'accepted') metrics.command(type, sent.repeated ? 'repeated' : 'accepted');
      else if (sent.is === 'refused') metrics.command(type, 'refused');
      else if (sent.is === 'unknown' || sent.is === 'unavailable') metrics.command(type, sent.is);
      if (sent.is === 'refused') for (const { code } of sent.refusals) metrics.refusal(code);
      return sent;
    },
  };
}
