import { type DomainName, parentOf, rootName } from "../name/index.ts";
import { recordTypes } from "../record/index.ts";
import type { Zone } from "../zone/index.ts";

/** The zones that one view of the server answers from, by apex. */
export interface ZoneSet {
  /** `apex` in lower case. */
  get(apex: DomainName): Zone | undefined;
}

/**
 * The zone nearest above a name (RFC 1034 §4.3.2 step 2), both in lower case. The DS record of a zone lies above it: it is asked of the parent's
 * zone where that is here (RFC 4035 §3.1.4.1).
 */
export function findZone(zones: ZoneSet, name: DomainName, type: number): Zone | undefined {
  let found: Zone | undefined;
  for (let at = name; ; at = parentOf(at)) {
    const zone = zones.get(at);
    if (zone !== undefined) {
      if (type !== recordTypes.DS || at !== name || at === rootName) return zone;
      found = zone;
    }
    if (at === rootName) return found;
  }
}
