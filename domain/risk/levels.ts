/** R-605, as in field 4.2 of the common form. MORE_INFO_NEEDED only while facts are missing. */
export const RISK_LEVELS = ['HIGH_RISK', 'RISK_NOT_HIGH', 'UNLIKELY_RISK', 'MORE_INFO_NEEDED'] as const;
export type RiskLevel = (typeof RISK_LEVELS)[number];

/** */
export const SEVERITY_LEVELS = ['low', 'medium', 'high', 'very_high'] as const;
export type SeverityLevel = (typeof SEVERITY_LEVELS)[number];
