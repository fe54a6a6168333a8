import { Readable } from 'node:stream';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  type ImportedRecipient,
  type ImportReport,
  type MoreData,
  type PeopleCsvOptions,
  readPeopleCsv,
} from '../../formats/people-csv.js';

async function read(
  csv: string | Uint8Array | AsyncIterable<Uint8Array>,
  options: Partial<PeopleCsvOptions> = {},
): Promise<{ people: ImportedRecipient[]; more: MoreData[]; report: ImportReport }> {
  const source =
    typeof csv === 'string'
      ? Readable.from([Buffer.from(csv)])
      : csv instanceof Uint8Array
        ? Readable.from([csv])
        : csv;
  const reading = readPeopleCsv(source, { defaultLanguage: 'en', ...options });
  const people: ImportedRecipient[] = [];
  const more: MoreData[] = [];
  for (;;) {
    const next = await reading.next();
    if (next.done) return { people, more, report: next.value };
    if ('email' in next.value) people.push(next.value);
    else more.push(next.value);
  }
}
const addresses = async (csv: string | Uint8Array): Promise<string[]> =>
  (await read(csv)).people.map(({ email }) => email);

// file                                                      why this row is here
const readable = [
  ['email\na@people.test\n', 'the least there can be'],
  ['\uFEFFemail\r\na@people.test\r\n', 'with a byte order mark and the line ends of a spreadsheet'],
  ['name;e-mail;country\n"Somebody; else";a@people.test;de\n', 'semicolons, as a German spreadsheet writes them'],
  ['LANG\tEmail\nde\ta@people.test', 'tabs, capitals, no line end at the end'],
  ['email|name\na@people.test|x\n', 'bars'],
  ['\n\nemail\n\n a@people.test \n\n', 'blank rows and blanks around'],
  ['name,email\n"two\nlines",a@people.test\n', 'a line break in a quoted field'],
] as const;
for (const [csv, why] of readable) {
  test(`a list is read: ${why}`, async () => expect(await addresses(csv)).toEqual(['a@people.test']));
}

test('numbers run from 1 without gaps over the accepted; language and country come along, a name does not', async () => {
  const { people, report } = await read(
    'name,email,language,country\nA,a@people.test,de,de\nB,broken,de,de\nC,c@people.test,,\n',
  );
  expect(people).toEqual([
    { n: 1, email: 'a@people.test', language: 'de', country: 'DE', data: null },
    { n: 2, email: 'c@people.test', language: 'en', country: null, data: null },
  ]);
  expect(report).toMatchObject({ rows: 3, accepted: 2, rejected: 1, duplicates: 0, ignoredColumns: [], broken: null });
});

// in the email column                     reason            why this row is here
const damaged = [
  ['""', 'empty', 'nobody'],
  ['nobody', 'no-at-sign', 'no address'],
  ['"a@people.test,b@people.test"', 'more-than-one', 'two in one field'],
  ['a@people.test; b@people.test', 'more-than-one', 'two, as some address books write them'],
  ['"a@people.test\nBcc: b@people.test"', 'line-break', 'a header of its own'],
  ['a b@people.test', 'not-plain', 'a blank'],
  ['<a@people.test>', 'not-plain', 'brackets'],
  ['team:a@people.test', 'not-plain', 'a group'],
  ['.a@people.test', 'local-part', 'a dot in front'],
  ['ä@people.test', 'local-part', 'a local part that most servers refuse'],
  ['a@localhost', 'domain', 'no domain anybody could reach'],
  ['a@10.0.0.1', 'domain', 'a number is no domain'],
  ['a@-x.test', 'domain', 'a label that begins with a hyphen'],
  [`${'x'.repeat(65)}@people.test`, 'local-part', 'longer than 64'],
] as const;
for (const [field, reason, why] of damaged) {
  test(`a damaged address is reported by row, column and reason, and left out: ${why}`, async () => {
    const { people, report } = await read(`country,email\nDE,first@people.test\nDE,${field}\nDE,last@people.test\n`);
    expect(people.map(({ email }) => email)).toEqual(['first@people.test', 'last@people.test']);
    expect(report.problems).toEqual([{ row: 3, column: 2, reason, rejected: true }]);
  });
}

test('the report never repeats what stands in the file', async () => {
  const { report } = await read('email,CANARY-COLUMN\nCANARY broken@people.test,x\nCANARY@@people.test,y\n"CANARY');
  expect(report).toMatchObject({ ignoredColumns: [2], broken: { problem: 'quote-not-closed' } });
  expect(JSON.stringify(report)).not.toContain('CANARY');
});

test('a domain outside ASCII becomes its wire form', async () => {
  expect(await addresses('email\na@bücher.example\nb@BÜCHER.example\n')).toEqual([
    'a@xn--bcher-kva.example',
    'b@xn--bcher-kva.example',
  ]);
});

test('one mailbox in two spellings is one person', async () => {
  const { people, report } = await read('email\nAnn@People.test\nann@people.test\n');
  expect(people.map(({ email }) => email)).toEqual(['Ann@people.test']);
  expect(report).toMatchObject({
    accepted: 1,
    duplicates: 1,
    rejected: 0,
    problems: [{ row: 3, column: 1, reason: 'duplicate', rejected: true }],
  });
});

test('an unknown language or country does not cost anybody the message', async () => {
  const { people, report } = await read('email,language,country\na@people.test,german?,Germany\n');
  expect(people).toEqual([{ n: 1, email: 'a@people.test', language: 'en', country: null, data: null }]);
  expect(report.problems.map(({ reason, rejected }) => [reason, rejected])).toEqual([
    ['language', false],
    ['country', false],
  ]);
});

test('a row in another encoding is one bad row, not a bad file', async () => {
  const csv = Buffer.concat([
    Buffer.from('email,name\n'),
    Buffer.from('b\xfc@people.test,x\n', 'latin1'),
    Buffer.from('c@people.test,y\n'),
  ]);
  const { people, report } = await read(csv);
  expect(people.map(({ email }) => email)).toEqual(['c@people.test']);
  expect(report.problems).toEqual([{ row: 2, column: 1, reason: 'not-utf-8', rejected: true }]);
});

test('a name in another encoding does not matter: it is not kept', async () => {
  expect(await addresses(Buffer.from('email,name\na@people.test,M\xfcller\n', 'latin1'))).toEqual(['a@people.test']);
});

test('a row with more columns than the header is not guessed at', async () => {
  const { report } = await read('email,country\na@people.test,x,DE\n');
  expect(report).toMatchObject({ accepted: 0, problems: [{ row: 2, column: null, reason: 'too-many-columns' }] });
});

test('problems are capped and the rest is counted', async () => {
  const { report } = await read(`email\n${'broken\n'.repeat(250)}`, { maxProblems: 10 });
  expect(report).toMatchObject({ rejected: 250, moreProblems: 240 });
  expect(report.problems).toHaveLength(10);
});

// file                                     problem              why this row is here
const broken = [
  ['', 'empty', 'nothing'],
  ['\n\n', 'empty', 'only line ends'],
  ['a@people.test,Somebody\nb@people.test,x\n', 'no-email-column', 'no header: the first row is a person'],
  ['email,mail\n', 'column-twice', 'which of the two?'],
  [Buffer.from('\uFEFFemail\na@people.test\n', 'utf16le'), 'not-utf-8', 'UTF-16, as some spreadsheets save'],
  ['email\n"a@people.test\nb@people.test\n', 'quote-not-closed', 'everything after it is one field'],
  [`email\n"${'a@people.test\n'.repeat(6_000)}"\n`, 'row-too-long', 'a quote that swallows the file'],
] as const;
for (const [csv, problem, why] of broken) {
  test(`a file that cannot be read says so, and nothing of it may be used: ${why}`, async () => {
    expect((await read(csv)).report.broken).toMatchObject({ problem });
  });
}

test('an upload that breaks off is an error, not a short list', async () => {
  async function* upload(): AsyncGenerator<Uint8Array> {
    yield Buffer.from('email\na@people.test\n');
    yield Buffer.from('b@people.test\n');
    throw new Error('connection reset');
  }
  await expect(read(upload())).rejects.toThrow('connection reset');
});

test('however the bytes are cut into chunks, the list is the same', async () => {
  const csv = Buffer.from('\uFEFFname;email;country\r\n"Ä; ""x""";a@bücher.example;DE\r\n\r\nB;b@people.test;\r\n');
  const whole = await read(csv);
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(csv.length), { maxLength: 8 }), async (cuts) => {
      const edges = [0, ...cuts.sort((a, b) => a - b), csv.length];
      const chunks = edges
        .slice(1)
        .map((edge, i) => csv.subarray(edges[i], edge))
        .filter((chunk) => chunk.length > 0);
      expect(await read(Readable.from(chunks))).toEqual(whole);
    }),
    { numRuns: 60 },
  );
});

test('a list of 50,000 streams through', async () => {
  async function* upload(): AsyncGenerator<Uint8Array> {
    yield Buffer.from('email\n');
    for (let i = 0; i < 500; i++)
      yield Buffer.from(Array.from({ length: 100 }, (_, j) => `p${i * 100 + j}@people.test\n`).join(''));
  }
  expect((await read(upload())).report).toMatchObject({ accepted: 50_000, broken: null });
});

// header                         why this row is here
const headers = [
  ['email,data', 'the name we give'],
  ['email,Data leaked', 'as people say it'],
  ['email,data_categories', 'as a database says it'],
  ['email,data.categories', 'as the fact is called'],
] as const;
for (const [header, why] of headers) {
  test(`what leaked of a person is read by the name of the column: ${why}`, async () => {
    const { people, report } = await read(`${header}\na@people.test,health contact\n`);
    expect(people.map(({ data }) => data)).toEqual([['CONTACT', 'HEALTH']]);
    expect(report.ignoredColumns).toEqual([]);
  });
}

test('who would be told something wrong is left out and reported; who is concerned by nobody knows what stays', async () => {
  const { people, report } = await read(
    'email,data\na@people.test,CONTACT\nb@people.test,PASSWORDS\nc@people.test,\n"d@people.test","HEALTH,CONTACT"\n',
  );
  expect(people.map(({ n, data }) => [n, data])).toEqual([
    [1, ['CONTACT']],
    [2, ['NOT_YET_KNOWN']],
    [3, ['CONTACT', 'HEALTH']],
  ]);
  expect(report.problems).toEqual([
    { row: 3, column: 2, reason: 'data', rejected: true },
    { row: 4, column: 2, reason: 'data-missing', rejected: false },
  ]);
});

// [language, country, what is reported, what is kept, why this row is here]
const codes = [
  ['xx', 'DE', ['language'], ['en', 'DE'], 'a tag of the right form that names no language'],
  ['de', 'ZZ', ['country'], ['de', null], 'two letters that name no country'],
  ['pt-BR', 'el', [], ['pt-BR', 'GR'], 'Greece as the Union writes it'],
] as const;
for (const [language, country, reasons, kept, why] of codes)
  test(`a code is looked up, not only measured: ${why}`, async () => {
    const { people, report } = await read(`email,language,country\na@people.test,${language},${country}\n`);
    expect(report.problems.map(({ reason }) => reason)).toEqual(reasons);
    expect(people.map((one) => 'email' in one && [one.language, one.country])).toEqual([kept]);
  });

test('segments are counted by country, language and data, the largest first', async () => {
  const { report } = await read(
    'email,language,country,data\na@people.test,en,ie,CONTACT\nb@people.test,en,IE,contact\nc@people.test,de,DE,HEALTH+CONTACT\n',
  );
  expect(report.segments).toEqual([
    { country: 'IE', language: 'en', data: ['CONTACT'], count: 2 },
    { country: 'DE', language: 'de', data: ['CONTACT', 'HEALTH'], count: 1 },
  ]);
});

test('one mailbox in two rows with other data is one person who lost both', async () => {
  const { people, more, report } = await read(
    'email,data\na@people.test,CONTACT\nb@people.test,CONTACT\nA@people.test,HEALTH\na@people.test,CONTACT\n',
  );
  expect(people).toHaveLength(2);
  expect(more).toEqual([{ n: 1, data: ['CONTACT', 'HEALTH'] }]);
  expect(report).toMatchObject({ accepted: 2, duplicates: 2, rejected: 0 });
  expect(report.segments.map(({ data, count }) => [data, count])).toEqual([
    [['CONTACT'], 1],
    [['CONTACT', 'HEALTH'], 1],
  ]);
});

test('a list that says nothing of data has none, and one segment for each language and country', async () => {
  const { people, report } = await read('email,language\na@people.test,en\nb@people.test,de\nc@people.test,de\n');
  expect(people.map(({ data }) => data)).toEqual([null, null, null]);
  expect(report.segments).toEqual([
    { country: null, language: 'de', data: null, count: 2 },
    { country: null, language: 'en', data: null, count: 1 },
  ]);
});

test('a column that is not what its name says makes too many segments to be meant', async () => {
  const codes = ['A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'I', 'J', 'K', 'L', 'M', 'N', 'O', 'P', 'Q', 'R', 'S', 'T'];
  const rows = codes.flatMap((a) =>
    codes.flatMap((b) => codes.map((c) => `${a}${b}${c}@people.test,en-${a}${b}${c}`.toLowerCase())),
  );
  const { report } = await read(`email,language\n${rows.join('\n')}\n`);
  expect(report.broken).toEqual({ row: 5002, problem: 'too-many-segments' });
});
