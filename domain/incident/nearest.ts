/** How many single letters must be changed, added or left out to make one word of the other. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const swap = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(swap, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

const plain = (word: string): string => word.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
const LONGEST_WORD = 64; // nobody mistypes an id into a longer one; keeps the cost flat

/** The word that was most likely meant, or null when nothing is near: `peopleCount` finds `people.count`, `count` finds it too. */
export function nearest<T extends string>(word: string, among: readonly T[]): T | null {
  const typed = plain(word);
  if (typed === '' || word.length > LONGEST_WORD) return null;
  const lastPart = among.filter((candidate) => plain(candidate.split(/[.-]/).at(-1) ?? '') === typed);
  if (lastPart.length === 1 && lastPart[0] !== undefined) return lastPart[0];

  let best: { candidate: T; distance: number } | null = null;
  for (const candidate of among) {
    const distance = editDistance(typed, plain(candidate));
    if (best === null || distance < best.distance) best = { candidate, distance };
  }
  return best !== null && best.distance <= Math.max(2, Math.floor(typed.length / 3)) ? best.candidate : null;
}

/**
 * May this key be repeated to whoever sent it? Only when it is one of these with a slip in it: any other may be somebody's name.
 * Stricter than `nearest`, which never shows what was typed.
 */
export function isSlipOf(word: string, among: readonly string[]): boolean {
  const near = nearest(word, among);
  if (near === null) return false;
  const typed = plain(word);
  const wanted = [plain(near), plain(near.split(/[.-]/).at(-1) ?? '')];
  return wanted.some(
    (each) =>
      lettersOf(typed) === lettersOf(each) || // two letters swapped
      editDistance(typed, each) <= Math.floor(Math.max(typed.length, each.length) / 5),
  );
}
const lettersOf = (word: string): string => word.split('').sort().join('');
