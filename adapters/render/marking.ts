import { DRILL_MARKING } from '../../domain/notice/marking.js';

/** The mode of a drill without the word for it in every part never leaves. Names the parts, never their text. */
export class DrillMarkingMissing extends Error {
  override readonly name = 'DrillMarkingMissing';
  constructor(parts: readonly string[]) {
    super(
      `This is an exercise, and these parts do not say so: ${parts.join(', ')}. Nothing was rendered; mark each with "${DRILL_MARKING}".`,
    );
  }
}

/** `times`: how often a part must carry the marking; texts carry it at their beginning and at their end. */
export function assertMarked(
  mode: 'live' | 'drill',
  parts: Readonly<Record<string, { readonly text: string; readonly times?: number }>>,
): void {
  if (mode === 'live') return;
  const missing = Object.entries(parts)
    .filter(([, { text, times = 1 }]) => text.split(DRILL_MARKING).length - 1 < times)
    .map(([name]) => name);
  if (missing.length > 0) throw new DrillMarkingMissing(missing);
}

/** A text of a drill begins and ends with the marking; a live one is left as it is. */
export const marked = (mode: 'live' | 'drill', text: string): string =>
  mode === 'drill' ? `${DRILL_MARKING}\n\n${text}\n\n${DRILL_MARKING}` : text;
