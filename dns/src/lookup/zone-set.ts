import { type DomainName, parentOf, rootName } from "../name/index.ts";
import { recordTypes } from "../record/index.ts";
import type { Zone } from "../zone/index.ts";

/** The zones that one view of the server answers from, by apex. */
export interface ZoneSet {
  /** `apex` in lower case. */
  get(apex: DomainName): Zone | undefined;
  /** Whether there should be such a zone, but its records are not there (yet, or not any more): what is below it is answered with SERVFAIL. */
  isMissing?(apex: DomainName): boolean;
  /** Whether everybody who may ask the first may also be told what is in the second. Left out: they may. */
  sharesAudience?(asked: Zone, other: Zone): boolean;
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
    } else if (zones.isMissing?.(at) === true && !(type === recordTypes.DS && at === name)) return found;
    if (at === rootName) return found;
  }
}

/** Whether a name, in lower case, lies in a zone that should be here and is not. */
export function isInMissingZone(zones: ZoneSet, name: DomainName): boolean {
  if (zones.isMissing === undefined) return false;
  for (let at = name; zones.get(at) === undefined; at = parentOf(at)) {
    if (zones.isMissing(at)) return true;
    if (at === rootName) return false;
  }
  return false;
}
