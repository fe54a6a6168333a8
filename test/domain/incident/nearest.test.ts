import { expect, test } from '@jest/globals';
import { isSlipOf } from '../../../domain/incident/nearest.js';

const KNOWN = ['people.count', 'people.categories', 'breach.cause', 'title', 'name', 'zone', 'at'];

// typed         repeated   why this row is here
// biome-ignore format: a table is read by the row
const rows = [
  ['people.count', true, 'the very word'],
  ['people.cuont', true, 'two letters swapped'],
  ['peopleCount', true, 'another way to write it'],
  ['count', true, 'its last part'],
  ['titel', true, 'two letters swapped in a short word'],
  ['nmae', true, 'and in a shorter one'],
  ['titles', true, 'one letter more'],
  ['Ann', false, 'a name'],
  ['Jane', false, 'a name that is near a field by its letters alone'],
  ['Nate', false, 'another one'],
  ['Mustermann', false, 'a family name'],
  ['O.Count-Smith', false, 'a name with a word of ours in it'],
  ['', false, 'nothing'],
] as const;
for (const [word, repeated, why] of rows) {
  test(`an unknown key is ${repeated ? 'repeated' : 'not repeated'}: ${why}`, () =>
    expect(isSlipOf(word, KNOWN)).toBe(repeated));
}
