import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { registerCsv } from '../../api/record.js';
import { type Answered, type Caller, code, type FakeApi, fakeApi, serveFake } from '../fakes/api.js';

let api: FakeApi;
let door: Caller;
let id: string;
type Body = Record<string, unknown>;

beforeEach(async () => {
  api = fakeApi();
  door = await serveFake(api);
  const declared = await door.call('POST', '/v1/incidents', {
    body: { title: '=SUM(A1), "quoted"', awareness: { awareAt: { at: '2026-03-02T09:00:00Z' } } },
  });
  id = String((declared.json['incident'] as Body)['id']);
  await door.call('POST', `/v1/incidents/${id}/decision`, {
    as: 'st_dpo',
    body: { level: 'RISK_NOT_HIGH', reasons: 'x' },
  });
});
afterEach(() => door.stop());

const get = (path: string, as = 'st_dpo', headers = {}): Promise<Answered> => door.call('GET', path, { as, headers });

test('the ledger comes with its verified chain, page by page, and only to those who may', async () => {
  const all = (await get(`/v1/incidents/${id}/ledger`)).json as {
    chain: Body;
    entries: { seq: number; type: string }[];
    more: boolean;
  };
  expect(all.chain).toMatchObject({ ok: true, entries: all.entries.length });
  expect(all.entries[0]).toMatchObject({ seq: 1, type: 'IncidentDeclared' });
  const page = (await get(`/v1/incidents/${id}/ledger?fromSeq=2&limit=1`)).json as typeof all;
  expect([page.entries.map((e) => e.seq), page.more]).toEqual([[2], true]);
  expect(code(await get(`/v1/incidents/${id}/ledger?limit=0`))).toEqual([422, 'field']);
  expect(code(await get(`/v1/incidents/${id}/ledger`, 'st_responder'))).toEqual([403, 'role-missing']);
  expect(code(await get('/v1/incidents/BR-0000-0000/ledger'))).toEqual([404, 'no-such-incident']);
});

test('the register as JSON and as a table that no spreadsheet takes for formulas', async () => {
  expect((await get('/v1/register')).json).toMatchObject({ side: 'live', erased: 0, entries: [{ incident: id }] });
  expect((await get('/v1/register.json')).headers.get('content-disposition')).toContain('register-live.json');
  const table = await get('/v1/register.csv');
  expect(table.headers.get('content-type')).toMatch(/^text\/csv/);
  expect(table.text).toContain(`"'=SUM(A1), ""quoted"""`);
  expect(table.text.split('\r\n')[0]).toMatch(/^incident,mode,title,/);
});

test('a table of nothing is its header', () => expect(registerCsv([])).toBe('incident,mode\r\n'));

test('a notice as the authority gets it: rendered from the draft, from the approved version, and as it was sent', async () => {
  const at = (format: string, query = '') => get(`/v1/incidents/${id}/notices/ie-dpc/1.${format}${query}`);
  const { draft } = (await get(`/v1/incidents/${id}/notices/1`)).json as { draft: { sha256: string } };
  const pdf = await at('pdf');
  expect([
    pdf.status,
    pdf.headers.get('content-type'),
    pdf.headers.get('x-notice-version'),
    pdf.headers.get('x-notice-sha256'),
  ]).toEqual([200, 'application/pdf', 'draft', draft.sha256]);
  expect(pdf.text).toBe(`%PDF of ${draft.sha256} for ie-dpc, phase 1`);
  expect((await at('json')).json).toEqual({ phase: 1 });
  expect((await at('txt')).headers.get('content-type')).toMatch(/^text\/plain/);
  const page = await at('html');
  expect(page.text).toContain('&lt;'); // the text's own signs are text on the page too
  expect(code(await at('pdf', '?version=sent'))).toEqual([404, 'not-found']);
  expect(code(await at('pdf', '?version=best'))).toEqual([422, 'field']);
  expect(code(await at('docx'))).toEqual([404, 'not-found']);
  expect(code(await get(`/v1/incidents/${id}/notices/fr-cnil/1.pdf`))).toEqual([404, 'not-found']);
  expect(code(await get(`/v1/incidents/${id}/notices/ie-dpc/2.pdf`))).toEqual([404, 'not-found']);

  await door.call('POST', `/v1/incidents/${id}/notices/1/approval`, {
    as: 'st_approver',
    body: { sha256: draft.sha256 },
  });
  expect((await at('pdf')).headers.get('x-notice-version')).toBe('approved');
  api.byEngine(id, {
    type: 'ReportSubmission',
    phase: 1,
    authority: 'ie-dpc',
    channel: 'email',
    at: api.world.now,
    attempt: 1,
    messageId: null,
    artifacts: { pdf: 'e'.repeat(64) },
    reply: null,
  });
  expect((await at('pdf')).headers.get('x-notice-bytes')).toBe('rendered-now');
});

test('the bytes that went out are the bytes that are shown', async () => {
  const kept = new TextEncoder().encode('the very bytes');
  const other = fakeApi({
    artifacts: { get: async () => ({ bytes: kept, name: 'notice.pdf', mediaType: 'application/pdf' }) },
  });
  const second = await serveFake(other);
  const declared = await second.call('POST', '/v1/incidents', {
    body: { title: 'x', awareness: { awareAt: { at: '2026-03-02T09:00:00Z' } } },
  });
  const incident = String((declared.json['incident'] as Body)['id']);
  await second.call('POST', `/v1/incidents/${incident}/decision`, {
    as: 'st_dpo',
    body: { level: 'RISK_NOT_HIGH', reasons: 'x' },
  });
  const { draft } = (await second.call('GET', `/v1/incidents/${incident}/notices/1`)).json as {
    draft: { sha256: string };
  };
  await second.call('POST', `/v1/incidents/${incident}/notices/1/approval`, {
    as: 'st_approver',
    body: { sha256: draft.sha256 },
  });
  other.byEngine(incident, {
    type: 'ReportSubmission',
    phase: 1,
    authority: 'ie-dpc',
    channel: 'email',
    at: other.world.now,
    attempt: 1,
    messageId: null,
    artifacts: { pdf: 'e'.repeat(64) },
    reply: null,
  });
  const pdf = await second.call('GET', `/v1/incidents/${incident}/notices/ie-dpc/1.pdf`);
  expect([pdf.text, pdf.headers.get('x-notice-bytes')]).toEqual(['the very bytes', 'as-sent']);
  await second.stop();
});
