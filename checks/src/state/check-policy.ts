/** When a host or service counts as flapping: at or above `highPercent` it starts, at or below `lowPercent` it stops. */
export interface FlappingPolicy {
  readonly isEnabled: boolean;
  readonly lowPercent: number;
  readonly highPercent: number;
}

/** nagios4's thresholds when its configuration names none. Debian's nagios.cfg ships 5 and 20. */
export const DEFAULT_FLAPPING: FlappingPolicy = { isEnabled: true, lowPercent: 20, highPercent: 30 };

/** How the results of one host or service are judged. */
export interface CheckPolicy {
  /** How many results in a row must be non-OK before the state is HARD; 1 or more. */
  readonly maxCheckAttempts: number;
  readonly flapping: FlappingPolicy;
  /** Makes a passive host result count attempts as an active one does (Nagios: passive_host_checks_are_soft). Default false. */
  readonly passiveHostChecksAreSoft?: boolean;
}
