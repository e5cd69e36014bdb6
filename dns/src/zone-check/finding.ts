/** Something about a zone that a person should know before it is served. */
export interface ZoneFinding {
  /** `error`: the zone would not work, or not as it says; it is not taken. `warning`: it works, and is probably not meant so. */
  readonly severity: "error" | "warning";
  /** For programs; stable. */
  readonly code: ZoneFindingCode;
  /** The owner name, with the dot at its end. */
  readonly name: string;
  /** The type of the record it is about, where it is about one. */
  readonly type: string | null;
  readonly message: string;
}

export type ZoneFindingCode =
  | "alias-beside-others"
  | "several-aliases"
  | "alias-at-apex"
  | "alias-circle"
  | "below-dname"
  | "no-name-server"
  | "glue-missing"
  | "target-is-alias"
  | "target-missing"
  | "trailing-dot-missing"
  | "wildcard-delegation"
  | "hidden-by-delegation"
  | "unusable-host-name"
  | "soa-timers"
  | "null-target-beside-others";
