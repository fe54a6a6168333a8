/** One message to affected people in one language. Placeholders do not exist: the text is the same for everybody on the list. */
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
