import type { Connection } from '@temporalio/client';
import proto from '@temporalio/proto';

const { IndexedValueType } = proto.temporal.api.enums.v1;

/** What an operator's list and the watchdog read in clear: a phase and an instant, nothing personal. */
const WANTED = {
  IncidentPhase: IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD,
  NextDeadline: IndexedValueType.INDEXED_VALUE_TYPE_DATETIME,
} as const;

/** Without these every incident's workflow would stand still, so a worker does not start. */
export class SearchAttributesMissing extends Error {
  override readonly name = 'SearchAttributesMissing';
  constructor(namespace: string, missing: readonly string[]) {
    super(
      `The namespace ${namespace} has no search attribute ${missing.join(' and ')}, and this login may not add them. Ask its operator for: ` +
        missing
          .map(
            (name) =>
              `temporal operator search-attribute create --namespace ${namespace} --name ${name} --type ${name === 'NextDeadline' ? 'Datetime' : 'Keyword'}`,
          )
          .join('; '),
    );
  }
}

/** Adds what is missing; safe at every start and from several processes. @throws SearchAttributesMissing */
export async function ensureSearchAttributes(
  connection: Pick<Connection, 'operatorService'>,
  namespace: string,
): Promise<void> {
  const missing = async (): Promise<string[]> => {
    const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
    return Object.keys(WANTED).filter((name) => customAttributes?.[name] === undefined);
  };
  const before = await missing();
  if (before.length === 0) return;
  const searchAttributes = Object.fromEntries(before.map((name) => [name, WANTED[name as keyof typeof WANTED]]));
  await connection.operatorService.addSearchAttributes({ namespace, searchAttributes }).catch(() => undefined); // another process may have been first
  const after = await missing();
  if (after.length > 0) throw new SearchAttributesMissing(namespace, after);
}
