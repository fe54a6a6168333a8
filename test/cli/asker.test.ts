import { expect, test } from '@jest/globals';
import { PassThrough, Writable } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { askInTerminal } from '../../cli/asker.js';
import { agreed, type Tty } from '../../cli/choice-list.js';
import { type FactId, factSpec } from '../../domain/incident/facts.js';

const [ENTER, TAB, DOWN, CTRL_C] = ['\r', '\t', '\u001b[B', '\u0003'];

/** A keyboard and a screen: types each text when the screen shows what stands before it. Whatever is asked beyond that is left with Ctrl-C. */
function aTerminal(
  steps: readonly (readonly [shows: string, keys: string])[],
): Tty & { readonly screen: () => string } {
  const input = new PassThrough();
  const left = [...steps];
  let [since, screen] = ['', ''];
  const output = new Writable({
    write(chunk, _encoding, done) {
      const text = stripVTControlCharacters(String(chunk));
      screen += text;
      since += text;
      const [shows, keys] = left[0] ?? ['', CTRL_C];
      if (since.includes(shows) && since.trim() !== '') {
        left.shift();
        since = '';
        setImmediate(() => input.write(keys));
      }
      done();
    },
  });
  return { input, output: Object.assign(output, { columns: 80 }), screen: () => screen };
}

async function asked(fact: FactId, ...steps: (readonly [shows: string, keys: string])[]) {
  const terminal = aTerminal(steps);
  const said = await askInTerminal(fact, factSpec(fact), '1 of about 9', terminal);
  return { said, screen: terminal.screen() };
}

const MANY = 'data.categories';
const ONE = 'confidentiality.outcome';
const BOOLEAN = 'confidentiality.recipientTrusted';

// every letter: "a" and "i" once chose everything, "h", "j", "k" and "l" moved the cursor, "y" and "n" answered
for (const word of ['a', 'i', 'data about health', 'abcdefghijklmnopqrstuvwxyz', 'jjjj', 'yes no'])
  test.each([MANY, ONE, 'breach.nature'] as const)(
    `a word typed into a list records nothing: "${word}" in %s`,
    async (fact) => {
      const { said } = await asked(fact, ['1 of about 9', word + ENTER]);
      expect(said).toEqual({ kind: 'leave' });
    },
  );

test('somebody who types where a choice is wanted is told that nothing was recorded, and asked again', async () => {
  const { said, screen } = await asked(MANY, ['1 of about 9', `health${ENTER}`], ['nothing was chosen', `<${ENTER}`]);
  expect(screen).toContain('“health” was typed, but nothing was chosen and nothing recorded');
  expect(said).toEqual({ kind: 'back' });
});

test('several choices are said and confirmed before they are recorded', async () => {
  const { said, screen } = await asked(MANY, ['1 of about 9', `heal${TAB}${ENTER}`], ['Record: health?', ENTER]);
  expect(screen).toContain('Record: health?');
  expect(said).toEqual({ kind: 'value', value: ['HEALTH'] });
});

test('what was chosen by mistake can be chosen again, with the choice before still marked', async () => {
  const { said } = await asked(
    'breach.nature',
    ['1 of about 9', TAB + ENTER],
    ['Record: confidentiality?', `<${ENTER}`],
    ['1 of about 9', DOWN + TAB + ENTER],
    ['Record: confidentiality, integrity?', `yes${ENTER}`],
  );
  expect(said).toEqual({ kind: 'value', value: ['CONFIDENTIALITY', 'INTEGRITY'] });
});

test('a word typed at the confirmation is no confirmation', async () => {
  const { said } = await asked(
    'breach.nature',
    ['1 of about 9', TAB + ENTER],
    ['Record: confidentiality?', `yesterday${ENTER}`],
  );
  expect(said).toEqual({ kind: 'leave' });
});

for (const [mark, means] of [
  ['<', { kind: 'back' }],
  ['?', { kind: 'certainty', certainty: 'pending' }],
  ['!', { kind: 'certainty', certainty: 'undeterminable' }],
  ['-', { kind: 'certainty', certainty: 'not_applicable' }],
  ['>', { kind: 'skip' }],
  ['', { kind: 'skip' }],
] as const)
  test.each(['breach.summary', MANY, ONE, BOOLEAN, 'people.count'] as const)(
    `the mark "${mark}" means the same in every kind of question: %s`,
    async (fact) => {
      expect((await asked(fact, ['1 of about 9', mark + ENTER])).said).toEqual(means);
    },
  );

test('one choice is taken at once when its whole word was typed or the cursor stands on it', async () => {
  expect((await asked(BOOLEAN, ['1 of about 9', `yes${ENTER}`])).said).toEqual({ kind: 'value', value: 'yes' });
  expect((await asked(BOOLEAN, ['1 of about 9', DOWN + ENTER])).said).toEqual({ kind: 'value', value: 'yes' });
});

test('one choice that was only begun is confirmed first', async () => {
  const { said } = await asked(ONE, ['1 of about 9', `disc${ENTER}`], ['Record: disclosed?', ENTER]);
  expect(said).toEqual({ kind: 'value', value: 'DISCLOSED' });
});

test.each(['y', 'why', 'h', 'yes of course not', ''])(
  'an approval takes the whole word: "%s" is a no',
  async (typed) => {
    expect(await agreed('Send it now?', aTerminal([['Send it now?', typed + ENTER]]))).toBe(false);
  },
);

test('an approval is given with the word yes', async () => {
  expect(await agreed('Send it now?', aTerminal([['Send it now?', `yes${ENTER}`]]))).toBe(true);
});
