import { expect, test } from '@jest/globals';
import type { Command } from '../../../domain/incident/commands.js';
import { POLICY, refuseDeclaration } from '../../../domain/incident/decide.js';
import { refuseNamesInCommand } from '../../../domain/incident/decide/named.js';
import { sentence } from '../../../domain/incident/sentences.js';
import {
  AWARE,
  aDeclaration,
  aSetting,
  DPO,
  fact,
  HOSPITAL_FACTS,
  hospitalMessage,
  hoursAfter,
  Play,
} from '../../build.js';

const NAMES = 'Sent to s.example@clinic.example.';
const at = { at: AWARE, zone: 'Europe/Dublin', source: NAMES };
const breakGlass = { reason: NAMES };

// the command, the paths that are named, where what a person writes there ends
// biome-ignore format: a table is read by the row
const commands: readonly (readonly [Command, readonly string[], string])[] = [
  [{ type: 'ConfirmAwareness', awareness: { awareAt: at }, reason: NAMES, setting: null }, ['reason', 'awareness.awareAt.source'], 'the record of awareness'],
  [{ type: 'CorrectAwareness', key: 'awareAt', finding: at, reason: NAMES, confirms: null, breakGlass }, ['reason', 'finding.source', 'breakGlass.reason'], 'the record of awareness, and everybody who is woken'],
  [{ type: 'DecideRisk', level: 'HIGH_RISK', reasons: NAMES, confirms: null, setting: null }, ['reasons'], 'row 90 of the form, and the register'],
  [{ type: 'DraftNotice', withdraw: NAMES }, ['withdraw'], 'row 5 of the form'],
  [{ type: 'RevokeApproval', phase: 1, sha256: '', reason: NAMES }, ['reason'], 'the record'],
  [{ type: 'HoldDuty', duty: 'people-message', requestedBy: NAMES, basis: NAMES, caseRef: 'x', reviewAt: AWARE }, ['basis'], 'the record; who at the police asks may be named'],
  [{ type: 'ReleaseDuty', duty: 'people-message', reason: NAMES }, ['reason'], 'the record'],
  [{ type: 'ExemptDuty', duty: 'people-message', reason: NAMES, rule: 'R-414', proof: NAMES, breakGlass }, ['reason', 'proof', 'breakGlass.reason'], 'row 101 of the form, and the register'],
  [{ type: 'CompleteTask', task: 'task-1', note: NAMES }, ['note'], 'the record'],
  [{ type: 'PauseMailing', mailing: 1, reason: NAMES }, ['reason'], 'an alarm'],
  [{ type: 'ReviewBreakGlass', use: 'break-glass-1', finding: NAMES }, ['finding'], 'the record'],
  [{ type: 'Withdraw', because: 'not_a_breach', duplicateOf: null, reason: NAMES, confirms: null, breakGlass }, ['reason', 'breakGlass.reason'], 'the register'],
  [{ type: 'Close', reason: NAMES }, ['reason'], 'the register'],
  [{ type: 'Reopen', reason: NAMES }, ['reason'], 'an alarm'],
  [{ type: 'ApproveMessage', message: 'm', content: { ...hospitalMessage(), whatHappened: NAMES, subject: NAMES }, sha256: '', list: '', listSha256: '' }, ['content.subject', 'content.whatHappened'], 'row 106 of the form'],
  [{ type: 'ApproveMessage', message: 'm', content: { model: 2, incident: 'BR-7K3M-9QXD', mode: 'live', otherwise: 'en', variants: [{ for: { language: 'en', data: ['HEALTH'] }, text: { ...hospitalMessage(), whatWeDid: NAMES } }] }, sha256: '', list: '', listSha256: '' }, ['content.en/HEALTH.whatWeDid'], 'each of several texts'],
  [{ type: 'ApproveMessage', message: 'm', content: { ...hospitalMessage(), whatYouCanDo: 'Call your bank at +353 1 555 0123.' }, sha256: '', list: '', listSha256: '' }, [], 'advice names who to call'],
  [{ type: 'RecordReceipt', phase: 1, authority: 'a', reference: 'x', receivedAt: AWARE, evidence: NAMES }, [], 'who at the authority confirmed it may be named'],
  [{ type: 'RecordReceipt', phase: 1, authority: 'a', reference: 'x', receivedAt: AWARE, evidence: 'NIR 255081416802538' }, ['evidence'], 'an identity number is none of its business'],
  [{ type: 'Acknowledge', milestone: null }, [], 'no text'],
];
for (const [command, paths, why] of commands) {
  test(`${command.type} that names somebody: ${why}`, () => {
    const refused = refuseNamesInCommand(command, aSetting(), POLICY);
    expect(refused.map((one) => ('path' in one ? one.path : ''))).toEqual(paths);
    expect(refused.map(sentence).join()).not.toMatch(/s\.example|clinic|25508/);
    for (const policy of [1, 2]) expect(refuseNamesInCommand(command, aSetting(), policy)).toEqual([]);
  });
}

const decided = { type: 'DecideRisk', level: 'HIGH_RISK', reasons: NAMES, confirms: null, setting: null } as const;
// policy, refused; why
const policies: readonly [number, string[], string][] = [
  [1, [], 'as it was'],
  [2, [], 'as it was'],
  [3, ['fact-value'], 'reasons name nobody'],
];
for (const [policy, codes, why] of policies)
  test(`a decision whose reasons name somebody, policy ${policy}: ${why}`, () =>
    expect(new Play(aDeclaration({ policy, facts: HOSPITAL_FACTS })).refused(decided, hoursAfter(1), DPO)).toEqual(
      codes,
    ));

test('what names somebody is refused beside every other reason against a command', () =>
  expect(
    new Play(aDeclaration()).refused(
      { type: 'Withdraw', because: 'duplicate', duplicateOf: null, reason: NAMES, confirms: null },
      hoursAfter(1),
    ),
  ).toEqual(['missing', 'fact-value']));

test('a declaration names nobody: title, source of awareness, source of a fact', () => {
  const named = {
    awareness: { awareAt: at },
    title: NAMES,
    facts: [{ ...fact('breach.cause', 'UNKNOWN'), source: NAMES }],
  };
  const refused = (policy: number) =>
    refuseDeclaration(aDeclaration({ policy, ...named }), AWARE).map((one) => ('path' in one ? one.path : ''));
  expect([refused(1), refused(2)]).toEqual([[], []]);
  expect(refused(3)).toEqual(['title', 'awareness.awareAt.source', 'facts.breach.cause.source']);
});

// text of a fact, refused under policy 2, under policy 3, why: what 2 accepted is decided again when it replays
const frozen: readonly (readonly [string, number, number, string])[] = [
  ['Order 4111 1111 1111 1111.', 1, 0, 'an order with the check digit of a card'],
  ['Mrs Example rang.', 0, 1, 'a name'],
  ['BSN 111222333 was in it.', 0, 1, 'a number that 2 did not know'],
  ['Sent to s.example@clinic.example.', 1, 1, 'found by both'],
];
for (const [text, two, three, why] of frozen)
  test(`each policy looks as on its day: ${why}`, () => {
    const refused = (policy: number) =>
      new Play(aDeclaration({ policy })).refused(
        { type: 'RecordFacts', facts: [fact('breach.summary', text)] },
        hoursAfter(1),
      ).length;
    expect([refused(1), refused(2), refused(3)]).toEqual([0, two, three]);
  });
