import type { FactId } from '../incident/facts.js';
import { MANY_PEOPLE } from '../law/provisions.js';
import { FRAUD, SPECIAL } from './case.js';
import { enoughToPass, hasAny, inBadHands, many, type Rule, raises, readable, special } from './finding.js';
import { trifle } from './lowering-factors.js';

/** The method flags a number and decides nothing by it; where ours does, the reason says whose it is. */
const HOUSE = '(a house value; R-628 only asks for attention there)';

// What the data are

export const specialCategories: Rule = (of) => {
  if (!readable(of) || !special(of) || trifle(of)) return null;
  const facts: FactId[] = hasAny(of, SPECIAL) ? ['data.categories'] : ['controller.sensitiveField'];
  return inBadHands(of)
    ? raises(
        'seen',
        'R-610',
        'Special categories of data (or data on offences, R-611) are with strangers or with people who meant it: discrimination and lasting harm are likely.',
        [...facts, 'confidentiality.recipients', 'breach.cause'],
        { floor: 2 },
      )
    : raises(
        'seen',
        'R-610',
        'Special categories of data, or data on offences (R-611), became known to people without a right to them.',
        facts,
        { floor: 1 },
      );
};

export const sensitiveController: Rule = (of) =>
  readable(of) && of.sensitiveField
    ? raises(
        'seen',
        'R-603',
        'To be in the records of this controller says something sensitive about a person, whatever else is in them.',
        ['controller.sensitiveField'],
        { floor: 1 },
      )
    : null;

export const fraudIsPossible: Rule = (of) => {
  if (!readable(of) || !hasAny(of, FRAUD)) return null;
  const facts: FactId[] = ['data.categories', 'confidentiality.recipients', 'breach.cause', 'people.count'];
  if (inBadHands(of))
    return raises(
      'seen',
      'R-612',
      'Payment data, credentials, official documents or identification numbers are in such hands that identity theft and fraud are likely (R-602).',
      facts,
      { floor: 2 },
    );
  return many(of)
    ? raises(
        'seen',
        'R-612',
        `Payment data, credentials, official documents or identification numbers of more than ${MANY_PEOPLE} people ${HOUSE} ${of.recipients === 'KNOWN_RECIPIENTS' ? 'are with others' : 'lay open to others'}: with so many, that some are misused is likely (R-602).`,
        facts,
        { floor: 2 },
      )
    : raises(
        'seen',
        'R-612',
        "Payment data, credentials, official documents or identification numbers became known to somebody without a right to them: they can be used in a person's name (R-602).",
        facts,
        { floor: 1 },
      );
};

/** An identity number beside a document or an account: used together they open credit in a person's name. */
export const identityKit: Rule = (of) =>
  enoughToPass(of)
    ? raises(
        'seen',
        'R-604',
        'At least two of payment data, credentials, official documents and identification numbers of the same people are together in a hand that is not known to be trusted: combined they are enough to act in a person’s name.',
        ['data.categories', 'confidentiality.recipients', 'confidentiality.recipientTrusted'],
        { floor: 2 },
      )
    : null;

/** The law names it among the harms, whatever the data say. */
export const secrecyBroken: Rule = (of) => {
  if (!readable(of) || !of.professionalSecrecy) return null;
  return inBadHands(of)
    ? raises(
        'seen',
        'R-612',
        'Data under professional secrecy are with strangers or with people who meant it: what was told in confidence is out (R-602).',
        ['data.professionalSecrecy', 'confidentiality.recipients', 'breach.cause'],
        { floor: 2 },
      )
    : raises(
        'seen',
        'R-612',
        'Data under professional secrecy became known to people without a right to them: that loss is a harm that the law names (R-602).',
        ['data.professionalSecrecy'],
        { floor: 1 },
      );
};

export const whereabouts: Rule = (of) =>
  readable(of) && of.categories.has('LOCATION')
    ? raises('seen', 'R-612', 'The data tell where people are or were: they can be followed.', ['data.categories'], {
        floor: 1,
      })
    : null;

/** Combined data are more sensitive than single ones. */
export const combination: Rule = (of) =>
  inBadHands(of) && of.categories.size >= 3
    ? raises(
        'seen',
        'R-604',
        'Several kinds of data about the same people are together: combined they tell more than each alone.',
        ['data.categories'],
        { floor: 1 },
      )
    : null;

// Who is concerned

export const vulnerablePeople: Rule = (of) =>
  readable(of) && of.vulnerable
    ? raises(
        'seen',
        'R-604',
        'Minors, patients, people in uniform or others who are vulnerable are concerned: the same breach weighs more for them.',
        ['people.categories'],
        { step: true },
      )
    : null;

export const volume: Rule = (of) =>
  readable(of) && many(of)
    ? raises(
        'seen',
        'R-628',
        `More than ${MANY_PEOPLE} people ${HOUSE} are concerned: with so many, that somebody comes to harm is no longer unlikely (R-604).`,
        ['people.count'],
        { floor: 1 },
      )
    : null;

// How it happened

export const meant: Rule = (of) =>
  readable(of) && of.malicious
    ? raises(
        'seen',
        'R-603',
        'Somebody meant it, and whoever takes data on purpose wants to use them.',
        ['breach.cause'],
        { floor: 1 },
      )
    : null;

/** C-01 rests on logs that show that nothing left. Without them the exemption from notice is claimed, not shown. */
export const intruderUnwatched: Rule = (of) =>
  of.intruderUnwatched
    ? raises(
        'seen',
        'R-204',
        'Somebody was in the system, and nobody has shown that they did not read or copy the data (R-105): that a risk is unlikely is for the controller to show.',
        ['breach.incidentTypes', 'confidentiality.outcome'],
        { floor: 1 },
      )
    : null;

/** A log can show that nobody looked; nothing shows it of a thing that is out of sight. */
export const goneFromSight: Rule = (of) =>
  readable(of) && of.goneFromSight
    ? raises(
        'seen',
        'R-114',
        of.goneFromSight === 'known'
          ? 'The thing that holds the data is gone and they are not safely encrypted (R-208): nobody can show that no stranger read them, so it is taken that somebody may have.'
          : 'A device or papers that hold the data may be lost, and the data are not known to be safely encrypted (R-208): then nobody could show that no stranger read them.',
        [
          'breach.incidentTypes',
          'confidentiality.outcome',
          'confidentiality.recipients',
          'data.unintelligible',
          'protection.keySafe',
        ],
        { floor: 1 },
      )
    : null;

/** Name and address of many in the hands of a thief: enough to pass for them, or to deceive them. */
export const outsideAttacker: Rule = (of) =>
  readable(of) && of.attacked && many(of) && of.categories.size >= 2
    ? raises(
        'seen',
        'R-602',
        `Somebody from outside took several kinds of data of more than ${MANY_PEOPLE} people ${HOUSE} on purpose: identity theft and targeted fraud are likely.`,
        ['breach.cause', 'people.count', 'data.categories'],
        { floor: 2 },
      )
    : null;
