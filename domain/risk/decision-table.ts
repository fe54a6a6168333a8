import type { RiskLevel } from './levels.js';

export interface Duties {
  readonly notifyAuthority: boolean;
  readonly tellPeople: boolean;
  readonly register: true;
}

/** Undecided goes the safe way: the authority is told with what there is, people once the risk is known to be high. */
const TABLE: Readonly<Record<RiskLevel, Duties>> = {
  UNLIKELY_RISK: { notifyAuthority: false, tellPeople: false, register: true },
  RISK_NOT_HIGH: { notifyAuthority: true, tellPeople: false, register: true },
  HIGH_RISK: { notifyAuthority: true, tellPeople: true, register: true },
  MORE_INFO_NEEDED: { notifyAuthority: true, tellPeople: false, register: true },
};

/** Who must be told at a level of risk. An exemption of Art. 34(3) comes afterwards, with its proof. */
export const dutiesOf = (level: RiskLevel): Duties => TABLE[level];
