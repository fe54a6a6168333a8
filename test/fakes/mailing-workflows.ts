import { condition, defineQuery, setHandler } from '@temporalio/workflow';
import type { MailingReport } from '../../domain/message/mailing.js';
import { mailingReport } from '../../workflows/messages.js';

export { peopleMailing } from '../../workflows/people-mailing.js';

/** Stands where the incident stands, and remembers what it is told. */
export async function listener(): Promise<void> {
  const reports: MailingReport[] = [];
  setHandler(defineQuery<MailingReport[]>('reports'), () => reports);
  setHandler(mailingReport, (report) => void reports.push(report));
  await condition(() => false);
}
