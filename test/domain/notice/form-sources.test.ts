import { readFileSync, writeFileSync } from 'node:fs';
import type { Task } from '../../../domain/incident/state.js';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isFactId } from '../../../domain/incident/facts.js';
import { buildNotice } from '../../../domain/notice/build.js';
import { toForm } from '../../../domain/notice/form.js';
import { FORM_FIELDS } from '../../../domain/notice/form-fields.js';
import { FIELD_SOURCES } from '../../../domain/notice/form-sources.js';
import { AWARE, hoursAfter, hospitalMessage } from '../../build.js';
import { noticeCases } from '../../adapters/render/cases.js';
import { generatedSource } from './generated.js';

const PAGE = new URL('../../../docs/form.md', import.meta.url);
const BEGIN = '<!-- fields: generated -->';
const END = '<!-- /fields -->';

const sourceOf = (no: number): string => {
  const { facts = [], from, not } = FIELD_SOURCES[no] ?? {};
  if (not !== undefined) return `*not filled*: ${not}`;
  return [facts.map((fact) => `\`${fact}\``).join(', '), from]
    .filter((part) => part !== undefined && part !== '')
    .join('; ');
};
const table = [
  BEGIN,
  '| row | section | field of the form | in the JSON | filled from |',
  '| --- | --- | --- | --- | --- |',
  ...FORM_FIELDS.map(
    ({ no, section, title }) => `| ${no} | ${section} | ${title} | \`field_${no}\` | ${sourceOf(no)} |`,
  ),
  END,
].join('\n');

// After a change of fields or sources: WRITE_GENERATED=1 writes the table anew.
if (process.env['WRITE_GENERATED'] === '1') {
  const page = readFileSync(PAGE, 'utf8');
  writeFileSync(PAGE, page.slice(0, page.indexOf(BEGIN)) + table + page.slice(page.indexOf(END) + END.length));
}

test('docs/form.md shows each of the 100 fields with where it is filled from, as the code has it', () => {
  expect(FORM_FIELDS).toHaveLength(100);
  expect(readFileSync(PAGE, 'utf8')).toContain(table);
});

test('each field has a source or a reason, and a fact that is asked for a gap is among them', () => {
  expect(Object.keys(FIELD_SOURCES).map(Number)).toEqual(FORM_FIELDS.map(({ no }) => no));
  for (const { no, fact } of FORM_FIELDS) {
    const { facts = [], from, not } = FIELD_SOURCES[no] ?? {};
    expect([no, facts.every(isFactId), fact === undefined || facts.includes(fact)]).toEqual([no, true, true]);
    expect([no, not === undefined, facts.length > 0 || from !== undefined]).toEqual([
      no,
      not === undefined,
      not === undefined,
    ]);
  }
});

const toldByPoster: Task = {
  id: 'task-1',
  kind: 'tell-people',
  roles: ['dpo'],
  about: 'people',
  dueAt: null,
  openedAt: AWARE,
  doneAt: hoursAfter(50),
  doneBy: 'st_dpo',
  told: {
    note: null,
    telling: {
      on: '2026-03-04',
      number: 7,
      means: ['OTHER'],
      otherMeans: 'a poster at the door',
      text: 'What it said.',
    },
    by: 'st_dpo',
    at: hoursAfter(50),
  },
};

test('what is said to be filled is filled in some notice, and what is said not to be in none', () => {
  const filled = new Set<number>();
  const look = (form: object) => {
    for (const field of Object.keys(form)) filled.add(Number(field.slice('field_'.length)));
  };
  for (const { content, envelope } of noticeCases()) look(toForm(content, envelope));
  fc.assert(
    fc.property(generatedSource, fc.constantFrom(30, 80), (drawn, hours) => {
      const { organisation } = drawn.setting;
      const full = {
        ...organisation,
        identifier: { type: 'VAT' as const, value: 'IE0000000' },
        size: 'LARGE' as const,
        representative: { name: 'The representative', email: 'rep@hospital.example' },
        sector: 'PRIVATE' as const,
        reportingPerson: {
          ...organisation.reportingPerson,
          description: 'Counsel',
          function: hours > 72 ? ('AUTHORISED_OTHER' as const) : organisation.reportingPerson.function,
        },
      };
      const finding = drawn.awareness.awareAt;
      const state = {
        ...drawn,
        setting: { ...drawn.setting, organisation: full },
        awareness: finding ? { awareAt: finding, processorInformedUsAt: finding } : {},
        messages:
          drawn.mailings.length > 0
            ? [{ id: 'm', content: hospitalMessage(), sha256: '', list: 'l', listSha256: '', approvals: [] }]
            : [],
        ...(hours > 72 && { tasks: [toldByPoster] }),
      };
      look(
        toForm(buildNotice({ state, at: hoursAfter(hours), rules: 'gdpr-2018', previous: null, withdraw: null }), {
          earlierReference: 'EX-1',
          releasedAt: hoursAfter(hours),
        }),
      );
    }),
    { numRuns: 600, seed: 33 },
  );
  const said = FORM_FIELDS.filter(({ no }) => FIELD_SOURCES[no]?.not === undefined).map(({ no }) => no);
  expect([...filled].sort((a, b) => a - b)).toEqual(said);
});
