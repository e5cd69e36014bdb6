import type { DomainName } from "../name/index.ts";
import type { Rrset } from "../record/index.ts";

/** A name of a zone. One without RRsets is an empty non-terminal: something is below it. */
export interface ZoneNode {
  /** As it was written. */
  readonly name: DomainName;
  readonly rrsets: readonly Rrset[];
}

/** As its zone has it. */
export interface Node {
  readonly name: DomainName;
  rrsets: Rrset[];
  /** Nodes directly below. */
  children: number;
}
