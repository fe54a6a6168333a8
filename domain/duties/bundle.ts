import { strictDeadline } from '../clock/deadlines.js';
import { earliest, type Instant, isAfter } from '../clock/instant.js';
import type { Basis } from '../law/basis.js';
import { basisOf, LAW } from '../law/provisions.js';

/** One breach of several that are to go into one notice. */
export interface BundleMember {
  readonly incident: string;
  readonly awareAt: Instant;
  /** Kinds of data (`data.categories`) and the way it happened (`breach.incidentTypes`): alike in all of a bundle. */
  readonly dataCategories: readonly string[];
  readonly incidentTypes: readonly string[];
}

export type Bundle =
  | {
      readonly ok: true;
      /** The earliest of all governs. */
      readonly awareAt: Instant;
      readonly dueAt: Instant;
      readonly basis: Basis;
      readonly members: readonly string[];
      /** Members whose awareness came only after the bundle was due: they need a notice of their own. */
      readonly tooLateToJoin: readonly string[];
    }
  | { readonly ok: false; readonly problems: readonly string[] };

const alike = (members: readonly BundleMember[], of: (member: BundleMember) => readonly string[]): boolean =>
  new Set(members.map((member) => [...of(member)].sort().join())).size <= 1;

/**
 * Several similar breaches in one notice: the same kinds of data, breached in the same way, in a short time, with a written reason. The
 * earliest awareness governs the deadline of all; it is no means to be late regularly. Problems all at once; they name ids only.
 */
export function bundle(members: readonly BundleMember[], reason: string): Bundle {
  const problems = [
    ...(members.length >= 2 ? [] : [`A bundle has at least two breaches; this one has ${members.length}.`]),
    ...(new Set(members.map(({ incident }) => incident)).size === members.length
      ? []
      : ['A breach stands in a bundle once.']),
    ...(reason.trim() === '' ? ['A bundle needs a written reason: why these breaches are one (R-225).'] : []),
    ...(members.some(({ dataCategories, incidentTypes }) => dataCategories.length === 0 || incidentTypes.length === 0)
      ? [
          `Of ${members
            .filter(({ dataCategories, incidentTypes }) => dataCategories.length === 0 || incidentTypes.length === 0)
            .map(({ incident }) => incident)
            .join(
              ', ',
            )} it is not known which data are concerned, or how it happened: what is not known is not alike (R-225).`,
        ]
      : []),
    ...(alike(members, ({ dataCategories }) => dataCategories)
      ? []
      : ['The breaches concern different kinds of data: each is notified on its own (R-225).']),
    ...(alike(members, ({ incidentTypes }) => incidentTypes)
      ? []
      : ['The breaches happened in different ways: each is notified on its own (R-225).']),
  ];
  const [first, ...others] = members;
  if (!first || problems.length > 0) return { ok: false, problems };
  const awareAt = earliest(first.awareAt, ...others.map((member) => member.awareAt));
  const dueAt = strictDeadline(awareAt);
  return {
    ok: true,
    awareAt,
    dueAt,
    basis: basisOf(LAW.bundledNotice),
    members: members.map(({ incident }) => incident),
    tooLateToJoin: members.filter((member) => isAfter(member.awareAt, dueAt)).map(({ incident }) => incident),
  };
}
