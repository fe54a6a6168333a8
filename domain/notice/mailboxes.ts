/** Addresses that belong to no affected person: the mailbox of a function, the id of a message. */

/** RFC 2142 and what is usual beside it. */
const FUNCTIONS =
  'abuse|accueil|admin(?:istrator)?|alerts?|backup|billing|booking|breach|buchhaltung|cert|compliance|contact|csirt|customer(?:s|service)?|datenschutz|datenpanne|dataprotection|data-protection|dpo|dsb|empfang|facturation|git|help|helpdesk|hotline|hr|incident|info|invoices?|it|jobs|bewerbung|kontakt|kundenservice|kundendienst|legal|listserv|mail|mailer-daemon|marketing|newsletter|notifications?|no-?reply|office|orders?|payroll|personal|poststelle|postmaster|press|presse|privacy|rechnung|reception|reklamation|rgpd|gdpr|root|sales|scanner|security|sekretariat|secretariat|service|sav|soc|support|svc|team|verwaltung|vertrieb|webmaster';
/** What may follow it: a department, a side, a country. Any other word may be a name. */
const DEPARTMENTS =
  'abteilung|apac|central|daemon|dept|department|desk|emea|eu|global|group|gruppe|management|ops|relay|reply|request|requests|server|stelle|system|east|north|south|west|nord|ost|sued|süd|at|be|bg|ch|cz|de|dk|ee|en|es|fi|fr|gb|gr|hu|ie|is|li|lt|lu|lv|mt|nl|no|pl|pt|ro|se|si|sk|uk|us';
const FUNCTION_MAILBOX = new RegExp(
  `^(?:${FUNCTIONS})(?:[-_.](?:${FUNCTIONS}|${DEPARTMENTS})){0,2}(?:[-_]?\\d{1,3})?@`,
  'i',
);
export const isFunctionMailbox = (address: string): boolean => FUNCTION_MAILBOX.test(address);

const CALLED_MESSAGE_ID =
  /(?:message[- ]?id|msg-?id|in-reply-to|references|nachrichten-?id|identifiant du message)["'\s:=#]{0,4}(?:(?:is|was|war|ist|est)\s+)?(?:<[^<>\n]{1,200}>\s*){0,8}<?$/i;
/** What no person picks: an instant to the second, a run of hexadecimal digits with both kinds, a day with a counter behind it. */
const MADE_BY_A_MACHINE =
  /^[^@]*(?:\d{14}|(?<![\p{L}\d])(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{12,}|\d{8,}\.\d+)[^@]*@/iu;
const SO_MUCH_BEFORE = 300;

/** Digits alone make no id: people have their year of birth in an address. The text calls it one, or it stands in angle brackets. */
export function isMessageId(text: string, address: string, index: number): boolean {
  const before = text.slice(Math.max(0, index - SO_MUCH_BEFORE), index);
  if (/\d[^@]*@/.test(address) && CALLED_MESSAGE_ID.test(before)) return true;
  return before.endsWith('<') && text[index + address.length] === '>' && MADE_BY_A_MACHINE.test(address);
}
