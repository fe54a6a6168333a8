/**
 * One mailbox, nothing else. A comma, a group, a comment, a quoted local part or a line break in one address field turns one recipient
 * into two, or into somebody else: so only plain `local@domain` passes, with the domain in its ASCII (punycode) form.
 */
export type AddressProblem =
  | 'empty'
  | 'line-break'
  | 'more-than-one'
  | 'not-plain' // quotes, brackets, comments, groups, blanks
  | 'no-at-sign'
  | 'local-part'
  | 'domain'
  | 'too-long';

export type AddressCheck =
  | { readonly ok: true; readonly address: string }
  | { readonly ok: false; readonly problem: AddressProblem };

const ATEXT = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"; // RFC 5322 3.2.3
const LOCAL = new RegExp(`^${ATEXT}(\\.${ATEXT})*$`);
const LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
const MAX_LOCAL = 64; // RFC 5321 4.5.3.1.1
const MAX_ADDRESS = 254; // RFC 5321 4.5.3.1.3, without the angle brackets

const refuse = (problem: AddressProblem): AddressCheck => ({ ok: false, problem });

/** `toAscii` is handed in (node:url domainToASCII at the borders): it gives '' for what is not a domain. The answer's domain is lower case. */
export function checkAddress(text: string, toAscii: (domain: string) => string): AddressCheck {
  const trimmed = text.trim();
  if (trimmed === '') return refuse('empty');
  if (/[\r\n\0]/.test(trimmed)) return refuse('line-break');
  if (/[,;]/.test(trimmed) || trimmed.split('@').length > 2) return refuse('more-than-one');
  if (/[\s"()<>[\]\\:]/.test(trimmed)) return refuse('not-plain');
  const at = trimmed.indexOf('@');
  if (at < 0) return refuse('no-at-sign');
  const local = trimmed.slice(0, at);
  const domain = toAscii(trimmed.slice(at + 1)).toLowerCase();
  if (!LOCAL.test(local) || local.length > MAX_LOCAL) return refuse('local-part');
  const labels = domain.split('.');
  if (labels.length < 2 || !labels.every((label) => LABEL.test(label)) || /^\d+$/.test(labels.at(-1) ?? ''))
    return refuse('domain');
  const address = `${local}@${domain}`;
  return address.length > MAX_ADDRESS ? refuse('too-long') : { ok: true, address };
}

/** Ready for the wire: plain, ASCII, already in the form that `checkAddress` gives. */
export function isWireAddress(address: string): boolean {
  const check = checkAddress(address, (domain) => (/[^\x20-\x7e]/.test(domain) ? '' : domain));
  return check.ok && check.address.toLowerCase() === address.toLowerCase();
}

/** Two spellings of one mailbox, for finding duplicates: hardly any server tells ANN@ from ann@. */
export const mailboxKey = (address: string): string => address.toLowerCase();

const EXERCISE_TLDS: readonly string[] = ['example', 'test', 'invalid']; // RFC 2606; R-933

/** A drill may only ever write to domains that cannot belong to anybody. */
export function isExerciseAddress(address: string): boolean {
  return isWireAddress(address) && EXERCISE_TLDS.includes(address.toLowerCase().slice(address.lastIndexOf('.') + 1));
}
