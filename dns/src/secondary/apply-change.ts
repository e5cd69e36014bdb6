import { lowerName } from "../name/index.ts";
import { type ResourceRecord, recordDataKey } from "../record/index.ts";
import type { Zone, ZoneChange } from "../zone/index.ts";

/** Whether a step is one of this zone: all that it takes away is there, and nothing that it puts there. Else the two are not the same zone any more. */
export function isApplicable(zone: Zone, { removed, added }: ZoneChange): boolean {
  const gone = new Set(removed.map(identify));
  const isThere = createFinder(zone);
  return removed.every(isThere) && added.every((record) => gone.has(identify(record)) || !isThere(record));
}

/** Says of records whether a zone has them; of a record set that is asked for again all records are looked at once. */
function createFinder(zone: Zone): (record: ResourceRecord) => boolean {
  const keysOf = new Map<string, ReadonlySet<string>>();
  return ({ name, type, rdata }) => {
    const owner = lowerName(name);
    const rrsetName = `${type} ${owner}`;
    let keys = keysOf.get(rrsetName);
    if (keys === undefined) {
      const rdatas = zone.find(owner)?.rrsets.find((each) => each.type === type)?.rdatas ?? [];
      keys = new Set(rdatas.map((each) => recordDataKey(type, each)));
      keysOf.set(rrsetName, keys);
    }
    return keys.has(recordDataKey(type, rdata));
  };
}

function identify({ name, type, rdata }: ResourceRecord): string {
  return `${type} ${lowerName(name)} ${recordDataKey(type, rdata)}`;
}
