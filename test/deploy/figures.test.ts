import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { createMetrics } from '../../adapters/metrics.js';
import { createWatchMetrics } from '../../adapters/watchdog/metrics.js';

/** Dashboard, alert rules and their page speak of figures that there are. */

const read = (path: string): string => readFileSync(fileURLToPath(new URL(`../../${path}`, import.meta.url)), 'utf8');
const NAME = /\bseventytwo_[a-z_]+/g;
const named = (text: string): string[] => [...new Set(text.match(NAME) ?? [])];
const plain = (name: string): string => name.replace(/_(bucket|sum|count)$/, '');

const text = [
  await createMetrics({ side: 'live', process: false }).text(),
  await createWatchMetrics({ process: false }).text(),
].join('\n');
const types = new Map([...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name = '', type = '']) => [name, type]));

for (const path of ['deploy/alerts.yml', 'deploy/grafana-dashboard.json', 'docs/how-to/metrics.md'])
  test(`every figure that ${path} names is one that a process tells`, () => {
    const names = named(read(path));
    expect(names.length).toBeGreaterThan(8);
    expect(names.filter((name) => !types.has(name) && types.get(plain(name)) !== 'histogram')).toEqual([]);
  });

test('every figure of ours is explained, with its type', () => {
  const page = read('docs/how-to/metrics.md');
  const rows = new Map(
    [...page.matchAll(/^\| `(seventytwo_\w+)` \| (\w+) \|/gm)].map(([, name = '', type = '']) => [name, type]),
  );
  expect(Object.fromEntries(rows)).toEqual(Object.fromEntries(types));
});

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly labels: { readonly severity: string };
  readonly annotations: { readonly summary: string; readonly runbook: string; readonly do: string };
}
const rules = (parse(read('deploy/alerts.yml')) as { groups: { rules: Rule[] }[] }).groups.flatMap(
  (group) => group.rules,
);

test('the alerts that an operator of a 72-hour clock needs are there, each with what to do', () => {
  for (const name of [
    'DeadlineAtRisk',
    'MilestonesOverdue',
    'IncidentsWithoutClock',
    'RecorderBehind',
    'NoticesNotTaken',
    'MailingStalled',
    'WatchdogSilent',
    'WorkflowTasksFail',
    'NoPollers',
  ])
    expect(rules.map(({ alert }) => alert)).toContain(name);
  for (const { alert, labels, annotations } of rules) {
    expect([alert, labels.severity]).toEqual([alert, expect.stringMatching(/^(page|warn)$/)]);
    expect(annotations.summary.length).toBeGreaterThan(10);
    expect(annotations.do.length).toBeGreaterThan(10);
  }
  expect(named(read('docs/how-to/metrics.md')).length).toBe(types.size);
  for (const { alert } of rules) expect(read('docs/how-to/metrics.md')).toContain(alert);
});

for (const { alert, annotations } of rules)
  test(`whoever ${alert} wakes finds a runbook, at the heading that it names`, () => {
    const [page = '', anchor] = annotations.runbook.split('#');
    expect(page).toMatch(/^docs\/runbooks\/[\w-]+\.md$/);
    const headings = [...read(page).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\w -]/g, '')
        .replaceAll(' ', '-'),
    );
    expect(anchor === undefined ? headings.length > 0 : headings.includes(anchor)).toBe(true);
  });

test('no label of a figure could hold an id, a name or an address', async () => {
  const labels = new Set(
    [...read('adapters/metrics.ts').matchAll(/labelNames: \[([^\]]*)\]/g)].flatMap(
      ([, list = '']) => list.match(/\w+/g) ?? [],
    ),
  );
  expect(
    [...labels].filter(
      (one) => !['mode', 'state', 'type', 'outcome', 'code', 'channel', 'ok', 'route', 'status', 'kind'].includes(one),
    ),
  ).toEqual([]);
});
