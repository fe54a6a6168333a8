import type { Role } from '../incident/organisation.js';
import type { Scenario } from './scenario.js';

/** What a drill starts with. */
export interface DrillInput {
  readonly drillId: string;
  readonly incidentId: string;
  readonly scenario: Scenario;
  /** Who plays each role: staff ids of the drill side. */
  readonly cast: Readonly<Record<Role, string>>;
}

export interface DrillProgress {
  readonly played: number;
  readonly of: number;
  readonly ended: boolean;
}
