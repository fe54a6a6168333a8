import type { MessageContent } from '../../message/model.js';
import { variantName } from '../../message/segments.js';
import { variantsOf } from '../../message/texts.js';
import {
  contactsOf,
  PERSONAL_DATA_IN_WORDS,
  personalDataIn,
  personalDataInText,
  withoutContacts,
} from '../../notice/personal-data.js';
import { personalDataInOf2 } from '../../notice/personal-data-of-policy-2.js';
import type { Command, Declaration } from '../commands.js';
import { AWARENESS, type Setting } from '../events.js';
import type { FactInput } from '../facts.js';
import type { Refusal } from '../refusals.js';

/** From policy 2 on the record refuses facts that name somebody; from policy 3 on every other free text as well. */
export const namesNobody = (policy: number): boolean => policy >= 2;

type Free = readonly [path: string, text: string | null | undefined, mayNameContacts?: 'contacts'];

const refusal = (path: string, found: string): Refusal => ({
  code: 'fact-value',
  path,
  expected:
    'without personal data of affected people: a notice names none of them (R-217). Say what kind of thing it is',
  found: `a text with what looks like ${found}`,
});

/** Free text goes into notices, alarms, the register and the record: it names no affected person (R-217, R-1003). Says where and what kind, never what. */
export function refusePersonalData(facts: readonly FactInput[], setting: Setting, policy: number): Refusal[] {
  const byId = Object.fromEntries(facts.map((fact) => [fact.id, fact]));
  if (policy < 3)
    return personalDataInOf2(byId, setting).map(({ fact, kind }) =>
      refusal(`facts.${fact}`, PERSONAL_DATA_IN_WORDS[kind]),
    );
  return [
    ...personalDataIn(byId, setting).map(({ fact, kind }) => refusal(`facts.${fact}`, PERSONAL_DATA_IN_WORDS[kind])),
    ...refuseTexts(
      facts.map((fact): Free => [`facts.${fact.id}.source`, fact.source]),
      setting,
    ),
  ];
}

function refuseTexts(texts: readonly Free[], setting: Setting): Refusal[] {
  const own = contactsOf(setting);
  return texts.flatMap(([path, text, contacts]) => {
    const kinds = text ? personalDataInText(text, own) : [];
    return (contacts ? withoutContacts(kinds) : kinds).map((kind) => refusal(path, PERSONAL_DATA_IN_WORDS[kind]));
  });
}

const findings = (awareness: Declaration['awareness']): Free[] =>
  AWARENESS.map((key): Free => [`awareness.${key}.source`, awareness[key]?.source]);

export const refuseNamesInDeclaration = ({ title, awareness, setting, policy }: Declaration): Refusal[] =>
  (policy ?? 1) >= 3 ? refuseTexts([['title', title], ...findings(awareness)], setting) : [];

/** What a person writes beside facts: it ends in the register, in an alarm, in the text to people, or in a notice. */
export const refuseNamesInCommand = (command: Command, setting: Setting, policy: number): Refusal[] =>
  policy >= 3
    ? refuseTexts(
        [
          ...textsOf(command),
          ...('breakGlass' in command ? [['breakGlass.reason', command.breakGlass?.reason] as const] : []),
        ],
        setting,
      )
    : [];

// biome-ignore format: a table is read by the row
function textsOf(command: Command): readonly Free[] {
  switch (command.type) {
    case 'ConfirmAwareness': return [['reason', command.reason], ...findings(command.awareness)];
    case 'CorrectAwareness': return [['reason', command.reason], ['finding.source', command.finding.source]];
    case 'DecideRisk': return [['reasons', command.reasons]];
    case 'DraftNotice': return [['withdraw', command.withdraw]];
    case 'RevokeApproval':
    case 'OpenDuty':
    case 'ReleaseDuty':
    case 'PauseMailing':
    case 'Withdraw':
    case 'Close':
    case 'Reopen': return [['reason', command.reason]];
    case 'RecordReceipt': return [['evidence', command.evidence, 'contacts']]; // who at the authority confirmed it
    case 'HoldDuty': return [['requestedBy', command.requestedBy, 'contacts'], ['basis', command.basis]];
    case 'ExemptDuty': return [['reason', command.reason], ['proof', command.proof]];
    case 'CompleteTask': return [['note', command.note], ['told.otherMeans', command.told?.otherMeans], ['told.text', command.told?.text, 'contacts']];
    case 'ReviewBreakGlass': return [['finding', command.finding]];
    case 'ApproveMessage': return messageTexts(command.content);
    default: return []; // ids, instants and numbers; facts have their own check; the engine's own say nothing that a person wrote
  }
}

/** The text to people ends in row 106 of the form. Its lines for contact name the organisation, and advice names who to call. */
const messageTexts = (content: MessageContent): Free[] =>
  variantsOf(content).flatMap(({ for: reader, text }) => {
    const at = content.model === 2 ? `content.${variantName(reader)}` : 'content';
    return [
      ...(['subject', 'whatHappened', 'when', 'whichDataOfYours', 'consequences', 'whatWeDid'] as const).map(
        (field): Free => [`${at}.${field}`, text[field]],
      ),
      ...(['whatYouCanDo', 'fraudWarning'] as const).map((field): Free => [`${at}.${field}`, text[field], 'contacts']),
    ];
  });
