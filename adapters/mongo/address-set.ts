import { createHash } from 'node:crypto';

const WORDS = 4; // 128 bits of SHA-256: among a million addresses two collide with a chance of about 10^-27
const START_SLOTS = 1 << 12;

/**
 * Remembers addresses without keeping them: 128 bits each in one flat table (16 to 64 bytes an address), so that a list of a million
 * is checked for duplicates in some tens of megabytes.
 */
export class AddressSet {
  #slots = new Uint32Array(START_SLOTS * WORDS);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** True when the address is new. Compared as it is: normalise before. */
  add(address: string): boolean {
    if ((this.#size + 1) * 2 * WORDS > this.#slots.length) this.#grow();
    const digest = createHash('sha256').update(address).digest();
    const words = [
      digest.readUInt32LE(0) || 1,
      digest.readUInt32LE(4),
      digest.readUInt32LE(8),
      digest.readUInt32LE(12),
    ]; // a first word of 0 marks a free slot
    if (!place(this.#slots, words)) return false;
    this.#size++;
    return true;
  }

  #grow(): void {
    const old = this.#slots;
    this.#slots = new Uint32Array(old.length * 2);
    for (let at = 0; at < old.length; at += WORDS) if (old[at] !== 0) place(this.#slots, old.subarray(at, at + WORDS));
  }
}

function place(slots: Uint32Array, words: ArrayLike<number>): boolean {
  const count = slots.length / WORDS;
  for (let slot = (words[1] ?? 0) % count; ; slot = (slot + 1) % count) {
    const at = slot * WORDS;
    if (slots[at] === 0) {
      slots.set(words, at);
      return true;
    }
    if (
      slots[at] === words[0] &&
      slots[at + 1] === words[1] &&
      slots[at + 2] === words[2] &&
      slots[at + 3] === words[3]
    )
      return false;
  }
}
