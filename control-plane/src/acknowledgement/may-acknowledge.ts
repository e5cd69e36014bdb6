/** What decides whether something can be acknowledged. */
export interface AcknowledgeableState {
  /** As shown: `OK`, `CRITICAL`, `DOWN`, `STALE`, `PENDING`. */
  readonly shownState: string;
  readonly isAcknowledged: boolean;
}

/** Why an object cannot be acknowledged, as a sentence about `name`; null when it can. Only a problem can be. Pure. */
export function refuseAcknowledging(name: string, { shownState }: AcknowledgeableState): string | null {
  if (shownState === "PENDING") return `${name} has not been checked yet; only a problem can be acknowledged`;
  if (shownState === "OK" || shownState === "UP") return `${name} is ${shownState}; only a problem can be acknowledged`;
  return null;
}

/** Why an acknowledgement cannot be removed; null when it can. Pure. */
export function refuseRemoving(name: string, { isAcknowledged }: AcknowledgeableState): string | null {
  return isAcknowledged ? null : `${name} is not acknowledged`;
}
