import type { Reader } from './segments.js';

/** One text for affected people in one language. Placeholders do not exist: it is the same for everybody who gets it. */
export interface PeopleMessage {
  readonly model: 1;
  readonly incident: string;
  readonly mode: 'live' | 'drill';
  readonly language: string;
  readonly subject: string;
  readonly whatHappened: string;
  readonly when: string;
  readonly whichDataOfYours: string;
  readonly consequences: string;
  readonly whatWeDid: string;
  readonly whatYouCanDo: string;
  readonly contact: string;
  readonly dpo: string;
  readonly authorityYouMayTurnTo: string;
  readonly fraudWarning: string;
  readonly caseRefPublic: string;
}

/** A text with whom it is for: those who read this language and lost these data. */
export interface MessageVariant {
  readonly for: Reader;
  readonly text: PeopleMessage;
}

/** Several texts that are approved as one message, because subsets with another risk get another text. */
export interface VariedMessage {
  readonly model: 2;
  readonly incident: string;
  readonly mode: 'live' | 'drill';
  /** The language of whoever reads none of the languages here. */
  readonly otherwise: string;
  readonly variants: readonly MessageVariant[];
}

/** What two people approve, by one hash over all of it. */
export type MessageContent = PeopleMessage | VariedMessage;
