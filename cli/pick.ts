import { refused } from './exit.js';
import { shellWord } from './words.js';

/** The one that was named, or the only one there is. */
export function pick<T>(
  all: readonly T[],
  named: string | undefined,
  name: (one: T) => string,
  kind: string,
  how: string,
): T {
  const ids = all.map(name);
  if (named === undefined) {
    const [only, other] = all;
    if (only !== undefined && other === undefined) return only;
    if (only === undefined) throw refused([`There is no ${kind} yet.`], [how]);
    throw refused([`There are several; say which ${kind}: ${ids.join(', ')}.`]);
  }
  const found = all.find((one) => name(one).toLowerCase() === named.toLowerCase());
  if (found !== undefined) return found;
  throw refused(
    [`There is no such ${kind} here.${ids.length > 0 ? ` There are: ${ids.map(shellWord).join(', ')}.` : ''}`],
    ids.length > 0 ? [] : [how],
  );
}
