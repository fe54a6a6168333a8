import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type Answered, type Caller, code, type FakeApi, fakeApi, serveFake } from '../fakes/api.js';

let api: FakeApi;
let door: Caller;
let id: string;
type Body = Record<string, unknown>;
type Text = { text: string; people: number | null };

beforeEach(async () => {
  api = fakeApi();
  door = await serveFake(api);
  const declared = await door.call('POST', '/v1/incidents', {
    body: {
      title: 'Records copied',
      awareness: { awareAt: { at: '2026-03-02T09:00:00Z' } },
      facts: {
        'breach.nature': ['CONFIDENTIALITY'],
        'data.categories': ['CONTACT', 'HEALTH', 'CREDENTIALS'],
        'people.count': 4,
        'communication.advice': 'Ask your doctor which results were in the file.',
      },
    },
  });
  id = String((declared.json['incident'] as Body)['id']);
  await post('/decision', { level: 'HIGH_RISK', reasons: 'Health data.' });
});
afterEach(() => door.stop());

const post = (path: string, body: unknown, as = 'st_dpo'): Promise<Answered> =>
  door.call('POST', `/v1/incidents/${id}${path}`, { as, body });
const get = (path: string): Promise<Answered> => door.call('GET', `/v1/incidents/${id}${path}`);
async function accepted(text: string): Promise<string> {
  const upload = { as: 'st_dpo', raw: text, headers: { 'content-type': 'text/csv; charset=utf-8' } };
  const { list, sha256 } = (
    await door.call('POST', `/v1/incidents/${id}/people`, { ...upload, key: `a-key-for-${text.length}-bytes-of-csv` })
  ).json;
  await post(`/people/${String(list)}/acceptance`, { sha256 });
  return String(list);
}

const LIST = `email,language,country,data
a@people.example,en,IE,CONTACT
b@people.example,en,DE,CONTACT
c@people.example,de,DE,CONTACT+HEALTH
d@people.example,en,IE,CONTACT HEALTH CREDENTIALS
`;

test('the list shows its segments with their counts, before and after it is accepted', async () => {
  const list = await accepted(LIST);
  const [found] = (await get('/people')).json['lists'] as Body[];
  expect(found).toMatchObject({ list, accepted: true });
  expect(found?.['segments']).toContainEqual({ country: 'DE', language: 'de', data: ['CONTACT', 'HEALTH'], count: 1 });
});

test('a text for each segment, one hash over all of them, approved by two and started', async () => {
  const list = await accepted(LIST);
  const drafted = (await post('/messages', {})).json as {
    message: string;
    sha256: string;
    texts: Text[];
    warnings: string[];
    content: Body;
  };
  expect(drafted.texts.map(({ text, people }) => [text, people])).toEqual([
    ['de/CONTACT+HEALTH', 1],
    ['en/CONTACT', 2],
    ['en/CONTACT+HEALTH+CREDENTIALS', 1],
  ]);
  expect(
    drafted.warnings.filter((says) => says.includes('communication.advice')).map((says) => says.slice(0, 60)),
  ).toEqual([
    'de/CONTACT+HEALTH: communication.advice is not in whatYouCan',
    'en/CONTACT: communication.advice is not in whatYouCanDo: it ',
  ]);
  const { message, sha256 } = drafted;
  for (const as of ['st_dpo', 'st_approver'])
    expect((await post(`/messages/${sha256}/approval`, { sha256, list }, as)).status).toBe(200);
  const started = await post('/mailings', { message, list });
  expect((started.json['incident'] as Body)['mailings']).toEqual([expect.objectContaining({ count: 4 })]);
  const kept = api.world.events.get(id)?.find(({ type }) => type === 'MessageApproved')?.data;
  expect(kept).toMatchObject({ sha256, content: drafted.content });
});

test('another word in one of the texts is another hash for all of them', async () => {
  await accepted(LIST);
  const first = (await post('/messages', {})).json['sha256'];
  const other = await post('/messages', { texts: { 'en/CONTACT': { whatWeDid: 'We closed the way in.' } } });
  expect(other.json['sha256']).not.toBe(first);
  const preview = (await get(`/messages/${String(other.json['sha256'])}/preview.txt`)).text;
  expect(preview.split('We closed the way in.')).toHaveLength(2);
});

test('what was put into one text stays when another is changed, if the draft begins with it', async () => {
  await accepted(LIST);
  const first = await post('/messages', { texts: { 'en/CONTACT': { whatWeDid: 'We closed the way in.' } } });
  const from = first.json['sha256'];
  const second = (await post('/messages', { from, texts: { de: { subject: 'Ihre Daten' } } })).json;
  expect(JSON.stringify(second['content'])).toMatch(/Ihre Daten[^]*We closed the way in/);
  expect(code(await post('/messages', { from, language: 'de' }))).toEqual([422, 'field']);
  expect(code(await post('/messages', { from: 'e'.repeat(64) }))).toEqual([404, 'not-found']);
});

test('a preview shows each text as its readers will have it', async () => {
  await accepted(LIST);
  const { sha256 } = (await post('/messages', {})).json as { sha256: string };
  const all = (await get(`/messages/${sha256}/preview.txt`)).text;
  for (const name of ['de/CONTACT+HEALTH', 'en/CONTACT', 'en/CONTACT+HEALTH+CREDENTIALS']) expect(all).toContain(name);
  const one = await get(`/messages/${sha256}/preview.html?text=${encodeURIComponent('DE/health+contact')}`);
  expect(one.text).toMatch(/<html lang="de">[^]*Ihre Gesundheit/);
  const contact = await get(`/messages/${sha256}/preview.txt?text=${encodeURIComponent('en/CONTACT')}`);
  expect(contact.text).not.toMatch(/health|password now/);
  expect(code(await get(`/messages/${sha256}/preview.html`))).toEqual([422, 'field']);
  expect(code(await get(`/messages/${sha256}/preview.txt?text=fr`))).toEqual([404, 'not-found']);
});

// body                                                          status, code       why this row is here
const refused: [Body, [number, string], string][] = [
  [
    { fields: { whatWeDid: 'We reset all passwords.' } },
    [422, 'field'],
    'words for everybody, where not everybody lost the same',
  ],
  [{ texts: { 'en/PAYMENT': { subject: 'x' } } }, [422, 'field'], 'a text that there is not'],
  [{ list: 'list-0000000000' }, [404, 'not-found'], 'a list that there is not'],
];
for (const [body, expected, why] of refused) {
  test(`no text is proposed, and the texts that there are are named: ${why}`, async () => {
    await accepted(LIST);
    const answer = await post('/messages', body);
    expect(code(answer)).toEqual(expected);
    if (!('list' in body)) expect(answer.text).toContain('en/CONTACT+HEALTH+CREDENTIALS');
  });
}

test('a list that names data which the record does not: nothing is proposed or approved before one of them is mended', async () => {
  const list = await accepted('email,data\na@people.example,CONTACT\n');
  const { sha256 } = (await post('/messages', {})).json as { sha256: string };
  await post('/facts', { facts: { 'data.categories': ['HEALTH'] } });
  const [draft, approval] = [await post('/messages', {}), await post(`/messages/${sha256}/approval`, { sha256, list })];
  for (const answer of [draft, approval]) {
    expect(code(answer)).toEqual([422, 'field']);
    expect(answer.text).toContain('CONTACT leaked of 1 people; the record (data.categories) does not');
  }
});

test('one text for everybody cannot be approved for a list that says what leaked of whom, not even in need', async () => {
  const { sha256, texts } = (await post('/messages', {})).json as { sha256: string; texts: Text[] };
  expect(texts).toEqual([expect.objectContaining({ people: null })]);
  const list = await accepted(LIST);
  const answer = await post(`/messages/${sha256}/approval`, {
    sha256,
    list,
    breakGlass: { reason: 'Nobody else is awake.' },
  });
  expect(code(answer)).toEqual([422, 'field']);
  expect(answer.text).toContain('no text for 4 people');
  expect(answer.text).toContain(`message --list ${list}`);
});

test('a hedge in one text of several is asked about by the name of that text', async () => {
  const list = await accepted(LIST);
  const texts = { de: { whatHappened: 'Möglicherweise wurden Daten kopiert.' } };
  const { sha256 } = (await post('/messages', { texts })).json as { sha256: string };
  const answer = await post(`/messages/${sha256}/approval`, { sha256, list });
  expect((answer.json['problems'] as Body[]).map(({ path }) => path)).toEqual(['de/CONTACT+HEALTH.whatHappened']);
});

test('a list that says nothing of data: its languages get a text each, and one language alone a text as before', async () => {
  await accepted('email,language\na@people.example,de\nb@people.example,en\n');
  expect(((await post('/messages', {})).json['texts'] as Text[]).map(({ text, people }) => [text, people])).toEqual([
    ['de', 1],
    ['en', 1],
  ]);
  const one = (await post('/messages', { language: 'de' })).json as { content: Body; texts: Text[] };
  expect([one.content['model'], one.content['language'], one.texts[0]?.people]).toEqual([1, 'de', 2]);
});
