import { lowerName } from "../name/index.ts";
import { type ResourceRecord, recordDataKey } from "../record/index.ts";
import type { Zone, ZoneChange } from "../zone/index.ts";

/** Whether a step is one of this zone: all that it takes away is there, and nothing that it puts there. Else the two are not the same zone any more. */
export function isApplicable(zone: Zone, { removed, added }: ZoneChange): boolean {
  const gone = new Set(removed.map(identify));
  return (
    removed.every((record) => isThere(zone, record)) &&
    added.every((record) => gone.has(identify(record)) || !isThere(zone, record))
  );
}

function isThere(zone: Zone, { name, type, rdata }: ResourceRecord): boolean {
  const wanted = recordDataKey(type, rdata);
  const rrset = zone.find(lowerName(name))?.rrsets.find((each) => each.type === type);
  return rrset?.rdatas.some((each) => each === rdata || recordDataKey(type, each) === wanted) ?? false;
}

function identify({ name, type, rdata }: ResourceRecord): string {
  return `${type} ${lowerName(name)} ${recordDataKey(type, rdata)}`;
}
