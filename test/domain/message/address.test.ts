import { domainToASCII } from 'node:url';
import { expect, test } from '@jest/globals';
import { checkAddress, isExerciseAddress, isWireAddress } from '../../../domain/message/address.js';

// address                        exercise   why this row is here
const exercise = [
  ['a@people.test', true, 'a reserved top-level domain (RFC 2606)'],
  ['a@mail.people.example', true, 'a subdomain'],
  ['a@people.invalid', true, 'the third one'],
  ['A@PEOPLE.TEST', true, 'capitals'],
  ['a@people.org', false, 'a real one'],
  ['a@test.people.org', false, 'test in front is no exercise'],
  ['a@people.test.org', false, 'test in the middle neither'],
  ['a@peopletest', false, 'no dot'],
  ['a@example.com', false, 'somebody runs that one'],
  ['a@people.org,b@people.test', false, 'two are none'],
  ['a@people.test\n', false, 'a line end'],
] as const;
for (const [address, expected, why] of exercise) {
  test(`an exercise address: ${why}`, () => expect(isExerciseAddress(address)).toBe(expected));
}

test('what is checked is fit for the wire, and checking it again changes nothing', () => {
  const checked = checkAddress(' Ann+tag@Bücher.Example ', domainToASCII);
  expect(checked).toEqual({ ok: true, address: 'Ann+tag@xn--bcher-kva.example' });
  expect(checked.ok && isWireAddress(checked.address)).toBe(true);
  expect(checked.ok && checkAddress(checked.address, domainToASCII)).toEqual(checked);
});
