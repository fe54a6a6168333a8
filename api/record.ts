import type { Call, Handlers, Reply } from './call.js';
import type { Parts } from './parts.js';
import { refuse } from './errors.js';
import type { RegisterLine } from './ports.js';
import { wantedSeq } from './reads.js';

const MOST = 500;
const csvMedia = 'text/csv; charset=utf-8';

function limitOf(text: string | undefined): number {
  if (text === undefined) return MOST;
  if (/^\d{1,4}$/.test(text) && Number(text) >= 1 && Number(text) <= MOST) return Number(text);
  throw refuse('field', `limit must be a whole number from 1 to ${MOST}.`, 'limit');
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return value;
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value.join('; ');
  return JSON.stringify(value);
}

/** A cell as RFC 4180 writes it; a leading sign is disarmed, because spreadsheets would take it for a formula. */
function cell(value: unknown): string {
  const text = textOf(value);
  const disarmed = /^[=+\-@\t\r]/.test(text) && typeof value !== 'number' ? `'${text}` : text;
  return /[",\r\n]/.test(disarmed) ? `"${disarmed.replaceAll('"', '""')}"` : disarmed;
}

export function registerCsv(entries: readonly RegisterLine[]): string {
  const columns = [...new Set(['incident', 'mode', ...entries.flatMap((entry) => Object.keys(entry))])];
  const rows = [columns, ...entries.map((entry) => columns.map((column) => entry[column]))];
  return rows.map((row) => `${row.map(cell).join(',')}\r\n`).join('');
}

type Ids = 'ledger' | 'organisationLedger' | 'register' | 'registerJson' | 'registerCsv';

export function recordHandlers({ deps, reads }: Parts): Handlers<Ids> {
  const { ledger, mode } = deps;

  async function ledgerOf(stream: string, call: Call): Promise<Reply> {
    const fromSeq = wantedSeq(call.query['fromSeq']) || 1;
    const limit = limitOf(call.query['limit']);
    const [records, chain, head] = await Promise.all([
      ledger.records(stream, fromSeq),
      ledger.verifyChain(stream),
      ledger.head(stream),
    ]);
    if (head === null && stream !== 'organisation') await reads.state(stream); // a refusal when there is no such incident
    return {
      json: {
        stream,
        head,
        chain: {
          ok: chain.ok,
          entries: chain.ok ? chain.entries : (head?.seq ?? 0),
          firstBad: chain.ok ? null : chain.firstBad,
        },
        entries: records.slice(0, limit),
        more: records.length > limit,
      },
    };
  }
  async function register(headers: Record<string, string> = {}): Promise<Reply> {
    return { json: { side: mode, madeAt: deps.now(), ...(await deps.register.all()) }, headers };
  }
  const file = (name: string) => ({ 'Content-Disposition': `attachment; filename="${name}"` });

  return {
    ledger: (call) => ledgerOf(call.parameters['id'] ?? '', call),
    organisationLedger: (call) => ledgerOf('organisation', call),
    register: () => register(),
    registerJson: () => register(file(`register-${mode}.json`)),
    registerCsv: async () => ({
      bytes: registerCsv((await deps.register.all()).entries),
      mediaType: csvMedia,
      headers: file(`register-${mode}.csv`),
    }),
  };
}
