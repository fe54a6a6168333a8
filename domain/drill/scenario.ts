import type { Instant } from '../clock/instant.js';
import type { FactInput } from '../incident/facts.js';
import type { Organisation, Role } from '../incident/organisation.js';
import type { KnownLanguage } from '../message/languages/known.js';
import type { RiskLevel } from '../risk/levels.js';

/** A drill scenario is data. Offsets are minutes of act time from the start of the exercise (STARTEX). */
export interface Scenario {
  readonly id: string;
  readonly title: string;
  /** What players are told at the start. */
  readonly story: string;
  readonly startsAt: Instant;
  readonly zone: string;
  readonly organisation: Organisation;
  /** What the on-call types first; with `awareMinutes` it is confirmed at once. */
  readonly declaration: { readonly title: string; readonly hintMinutes: number; readonly facts: readonly FactInput[] };
  readonly script: readonly ScriptedAct[];
  /** What a team that did everything right has at the end, by duty. */
  readonly expected: { readonly level: RiskLevel; readonly duties: Readonly<Record<string, 'discharged' | 'exempt'>> };
}

export interface ScriptedAct {
  readonly no: number;
  readonly atMinutes: number;
  readonly as: Role;
  readonly act: Act;
}

export type Act =
  | { readonly kind: 'inject'; readonly text: string; readonly from: string; readonly to: string }
  | { readonly kind: 'facts'; readonly facts: readonly FactInput[] }
  | { readonly kind: 'confirm-awareness'; readonly reason: string; readonly source: string }
  | { readonly kind: 'decide'; readonly level: RiskLevel; readonly reasons: string }
  | { readonly kind: 'import-people'; readonly count: number }
  | { readonly kind: 'approve-message'; readonly language: KnownLanguage }
  | { readonly kind: 'start-mailing' }
  | { readonly kind: 'approve-notice' }
  | { readonly kind: 'receipt'; readonly authority: string; readonly reference: string }
  | { readonly kind: 'close'; readonly reason: string };

/** How long the autopilot's people take to answer an alarm. */
export const ANSWERS_AFTER_MINUTES = 7;
