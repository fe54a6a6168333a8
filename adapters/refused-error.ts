import type { Refusal } from '../domain/incident/refusals.js';

/** What was asked is not accepted; nothing was written. The reasons are values, the sentences are made where people read them. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
  constructor(readonly refusals: readonly Refusal[]) {
    super(`Refused: ${refusals.map((refusal) => refusal.code).join(', ')}`);
  }
}
