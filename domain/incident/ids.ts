/** Crockford's base32: no I, L, O, U, so that an id survives a telephone line. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/**
 * `BR-7K3M-9QXD`, drills `EX-7K3M-9QXD`: the first 40 bits of the SHA-256 of the idempotency key, so that a repeated
 * declaration finds the same incident. The caller detects a collision by the key hash that the incident carries.
 * @param keyHash SHA-256, hex
 */
export function incidentIdFrom(keyHash: string, mode: 'live' | 'drill'): string {
  let bits = BigInt(`0x${keyHash.slice(0, 10)}`);
  let text = '';
  for (let i = 0; i < 8; i++) {
    text = ALPHABET.charAt(Number(bits & 31n)) + text;
    bits >>= 5n;
  }
  return `${mode === 'drill' ? 'EX' : 'BR'}-${text.slice(0, 4)}-${text.slice(4)}`;
}

const SHAPE = /^(BR|EX)-?([0-9A-HJKMNP-TV-Z]{4})-?([0-9A-HJKMNP-TV-Z]{4})$/;

/** What a person typed or spelled, in canonical form; undefined when it is no incident id. I and L read as 1, O as 0. */
export function readIncidentId(typed: string): string | undefined {
  const upper = typed.trim().toUpperCase();
  const body = upper.slice(2).replace(/[IL]/g, '1').replace(/O/g, '0');
  const match = SHAPE.exec(upper.slice(0, 2) + body);
  return match ? `${match[1]}-${match[2]}-${match[3]}` : undefined;
}

export const modeOfId = (id: string): 'live' | 'drill' => (id.startsWith('EX-') ? 'drill' : 'live');
