/** The legal ground of a duty or a number: our rule id and the provision in the form lawyers cite it. */
export interface Basis {
  readonly rule: string; // 'R-201'
  readonly cite: string; // 'GDPR Art. 33(1)'
}

export interface Provision {
  readonly rule: string;
  readonly cite: string;
  /** Our own sentence, with the words that decide the boundary. */
  readonly says: string;
  readonly url: string;
  /** Day from which it applies, ISO date; null for a proposal that has none. */
  readonly appliesFrom: string | null;
  /** Last day on which it applies, ISO date; left out while no end is known. */
  readonly appliesUntil?: string;
  /** Day somebody last checked it, ISO date. */
  readonly checkedOn: string;
  /** How it was checked: the provision itself read, a source about it read, written from knowledge, or ours and no law at all. */
  readonly evidence: 'primary' | 'secondary' | 'knowledge' | 'house';
}
