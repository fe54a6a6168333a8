import type { Instant } from '../clock/instant.js';
import type { Phase } from './state.js';

/**
 * Why a command is not accepted: a value with its figures. Never free text of a person, a name or an address:
 * paths, ids, instants, numbers and enumerations only.
 */
// biome-ignore format: a table is read by the row
export type Refusal =
  | { readonly code: 'wrong-state'; readonly action: string; readonly phase: Phase; readonly allowed: readonly Phase[] }
  | { readonly code: 'already-confirmed'; readonly awareAt: Instant }
  | { readonly code: 'instant-in-future'; readonly path: string; readonly value: Instant; readonly now: Instant; readonly toleranceSeconds: number }
  | { readonly code: 'before-first-hint'; readonly path: string; readonly value: Instant; readonly firstHintAt: Instant }
  | { readonly code: 'missing'; readonly path: string; readonly what: string }
  | { readonly code: 'unknown-fact'; readonly path: string; readonly nearest: string | null }
  | { readonly code: 'fact-value'; readonly path: string; readonly expected: string; readonly found: string }
  | { readonly code: 'contradiction'; readonly paths: readonly string[]; readonly says: string; readonly mend?: string }
  | { readonly code: 'no-proposal'; readonly proposal: string }
  | { readonly code: 'same-person'; readonly action: string; readonly firstAt: Instant }
  | { readonly code: 'login-made-by-author'; readonly action: string }
  | { readonly code: 'not-the-same'; readonly proposal: string; readonly what: string }
  | { readonly code: 'second-person-needed'; readonly action: string; readonly proposal: string }
  | { readonly code: 'no-such'; readonly kind: string; readonly id: string; readonly known: readonly string[] }
  | { readonly code: 'approval-outdated'; readonly approved: string; readonly current: string }
  | { readonly code: 'already'; readonly what: string; readonly since: Instant | null }
  | { readonly code: 'not-approved'; readonly what: string; readonly have: number; readonly need: number }
  | { readonly code: 'still-owed'; readonly duties: readonly string[]; readonly tasks: readonly string[] }
  | { readonly code: 'hold-too-long'; readonly reviewAt: Instant; readonly latest: Instant }
  | { readonly code: 'not-holdable'; readonly duty: string; readonly rule: string }
  | { readonly code: 'nothing-changed'; readonly what: string }
  | { readonly code: 'key-reused'; readonly firstSeq: number }
  | { readonly code: 'not-in-a-live-incident'; readonly action: string }
  | { readonly code: 'not-your-task'; readonly task: string; readonly roles: readonly string[] }
  | { readonly code: 'already-decided'; readonly what: string; readonly at: Instant };

export type RefusalCode = Refusal['code'];
