import type { MailingInput } from '../domain/message/mailing.js';
import type { IncidentGateway } from './ports.js';

export type GatewayActivities = ReturnType<typeof createGatewayActivities>;

/** A mailing is a workflow of its own, not a child: it outlives a reopened or rebuilt incident. Both are harmless when repeated. */
export function createGatewayActivities({
  gateway,
}: {
  gateway: Pick<IncidentGateway, 'startMailing' | 'controlMailing'>;
}) {
  return {
    async startMailing(input: MailingInput): Promise<void> {
      await gateway.startMailing(input);
    },
    async controlMailing({
      incidentId,
      mailing,
      control,
    }: {
      incidentId: string;
      mailing: number;
      control: 'pause' | 'resume';
    }): Promise<void> {
      await gateway.controlMailing(incidentId, mailing, control);
    },
  };
}
