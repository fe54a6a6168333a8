import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { parseSync } from 'oxc-parser';

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

interface Member {
  readonly type: string;
  readonly key?: { readonly name?: string };
  readonly typeAnnotation?: { readonly typeAnnotation?: { readonly members?: readonly Member[] } };
}
interface Declared {
  readonly type: string;
  readonly id?: { readonly name?: string };
  readonly body?: { readonly body?: readonly Member[] };
}

/** Every event type of an interface, with the names of its fields. */
function eventsOf(name: string): (readonly [type: string, fields: readonly string[]])[] {
  const { program } = parseSync('events.ts', read('domain/incident/events.ts'));
  const statements = program.body as unknown as readonly { readonly declaration?: Declared }[];
  const found = statements.find(({ declaration }) => declaration?.id?.name === name)?.declaration;
  const named = (member: Member): string => member.key?.name ?? '';
  return (found?.body?.body ?? []).map((event) => [
    named(event),
    (event.typeAnnotation?.typeAnnotation?.members ?? []).map(named),
  ]);
}

const events = [...eventsOf('EventData'), ...eventsOf('OrganisationEventData')];
const sections = new Map(
  read('docs/events.md')
    .split(/^### /m)
    .slice(1)
    .map((section) => [section.slice(0, section.indexOf('\n')), section.split(/^## /m)[0] ?? ''] as const),
);

test('the types are read from the source: all of them, with their fields', () => {
  expect(events.length).toBeGreaterThan(45);
  expect(events.find(([type]) => type === 'NoticeRefused')).toEqual([
    'NoticeRefused',
    ['phase', 'authority', 'attempt', 'code'],
  ]);
});

for (const [type, fields] of events) {
  test(`docs/events.md describes ${type} with each of its fields`, () => {
    const section = sections.get(type) ?? '';
    expect(section).not.toBe('');
    expect(fields.filter((field) => !section.includes(`\`${field}\``))).toEqual([]);
  });
}

test('docs/events.md describes no event that there is not', () => {
  const types = events.map(([type]) => type);
  expect([...sections.keys()].filter((type) => !types.includes(type))).toEqual([]);
});
