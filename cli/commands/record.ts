import { writeFileSync } from 'node:fs';
import type { Command } from 'commander';
import type { RegisterEntry } from '../../domain/incident/register-entry.js';
import { pathOf } from '../../formats/http/routes.js';
import type { LedgerAnswer, Register } from '../answers.js';
import { refused } from '../exit.js';
import { lookOf } from '../report.js';
import { type CommonOptions, incidentId, oneOf, online, Run, type World } from '../run.js';
import { table } from '../table.js';
import { localTime } from '../times.js';

const FORMATS = ['table', 'csv', 'json'] as const;

export function registerRecord(program: Command, world: World): void {
  online(program.command('register'))
    .summary('the register of Art. 33(5)')
    .description('Every breach with its facts, effects and remedial action, notified or not.')
    .option('--format <format>', FORMATS.join(', '), 'table')
    .option('--out <file>', 'write it into a file')
    .action(async (options: CommonOptions & { format: string; out?: string }) => {
      const format = options.json ? 'json' : oneOf(options.format, FORMATS, '--format');
      const run = new Run(world, { ...options, json: format === 'json' }, 'Read');
      if (format === 'csv')
        return writeOr(run, options.out, (await run.api.bytes(pathOf('registerCsv'), 'text/csv')).toString('utf8'));
      const register = await run.api.get<Register>(pathOf('register'));
      if (format === 'json') return writeOr(run, options.out, `${JSON.stringify(register, null, 2)}\n`);
      const look = await lookOf(run);
      const lines = [
        ...(register.entries.length === 0
          ? ['The register is empty.']
          : table(
              register.entries.map((entry) => registerRow(entry, look.zone)),
              { width: look.width, head: ['INCIDENT', 'AWARE SINCE', 'DECISION', 'TOLD', 'TITLE'] },
            )),
        '',
        `${register.side === 'drill' ? 'Exercise register, never to be mixed with the real one. ' : ''}Whole, for the authority: ${run.withSide('seventytwo register --format csv --out register.csv')}`,
      ];
      writeOr(run, options.out, `${lines.join('\n')}\n`);
    });

  online(program.command('ledger').argument('<id>', 'incident'))
    .summary('the record of an incident; its chain is verified')
    .description(
      'Every event in order: when, who, what. The chain of hashes is verified each time; --verify ends with 1 when it is broken.',
    )
    .option('--verify', 'only the verdict')
    .action(async (typedId: string, options: CommonOptions & { verify?: boolean }) => {
      const id = incidentId(typedId);
      const run = new Run(world, options, 'ReadLedger', id);
      const ledger = await wholeLedger(run, id);
      const look = await lookOf(run);
      run.answer(ledger, (shown) => [
        ...(options.verify
          ? []
          : table(
              shown.entries.map((entry) => [
                String(entry.seq),
                localTime(entry.at, look.zone),
                entry.type,
                entry.actor.role === 'engine' ? 'engine' : `${entry.actor.role} ${entry.actor.id}`,
              ]),
              { width: look.width },
            )),
        ...(options.verify ? [] : ['']),
        shown.chain.ok
          ? look.paint.green(
              `The chain holds: ${shown.chain.entries} entries${shown.head ? `, head ${shown.head.hash.slice(0, 16)}…` : ''}.`,
            )
          : look.paint.red(`The chain is broken at entry ${shown.chain.firstBad ?? 0} of ${shown.chain.entries}.`),
      ]);
      if (!ledger.chain.ok)
        throw refused(
          [`The record of ${id} was altered at entry ${ledger.chain.firstBad ?? 0}, or is damaged.`],
          ['Keep the store as it is, and compare with the ledger heads in the notices that were sent.'],
        );
    });
}

async function wholeLedger(run: Run, id: string): Promise<LedgerAnswer> {
  const entries: LedgerAnswer['entries'][number][] = [];
  for (;;) {
    const from = (entries.at(-1)?.seq ?? 0) + 1;
    const part = await run.api.get<LedgerAnswer>(`${pathOf('ledger', { id })}?fromSeq=${from}`);
    entries.push(...part.entries);
    if (!part.more || part.entries.length === 0) return { ...part, entries, more: false };
  }
}

function writeOr(run: Run, file: string | undefined, text: string): void {
  if (file === undefined) return run.terminal.out(text.replace(/\r?\n$/, ''));
  writeFileSync(file, text, { mode: 0o600 });
  run.terminal.out(`Written: ${file}`);
}

function registerRow(line: Register['entries'][number], zone: string): string[] {
  const entry = line as unknown as RegisterEntry;
  const told = [...new Set(entry.notices.filter((one) => one.submittedAt !== null).map((one) => one.authority))];
  const otherwise = entry.otherwiseTold ?? [];
  const people = [
    ...entry.communications.map(({ accepted }) => accepted),
    ...otherwise.map(({ number }) => number ?? 0),
  ];
  const count = people.reduce((sum, one) => sum + one, 0);
  const publicly = otherwise.some(({ number }) => number === null) ? ['publicly'] : [];
  return [
    entry.incident,
    localTime(entry.awareAt ?? entry.declaredAt, zone).replace(/^\w{3} /, ''),
    entry.withdrawn ? 'withdrawn' : (entry.decisions.at(-1)?.level ?? entry.phase),
    [...told, ...(count > 0 ? [`${count} people`] : []), ...publicly].join(', ') || 'nobody',
    entry.title,
  ];
}
