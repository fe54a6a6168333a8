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
  /** Day from which it applies, ISO date. */
  readonly appliesFrom: string;
  /** Day somebody last checked it, ISO date. */
  readonly checkedOn: string;
}
