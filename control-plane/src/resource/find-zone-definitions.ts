import { mostDefinedRrsets, type ResourceKind, type ZoneDefinition } from "@mycloud/protocol/resource";
import type { Executor } from "../database/dialect/dialect.ts";
import { findRrsetsOfPeople } from "../dns-zone/rrset-store.ts";
import { findZone, findZonesPage, type StoredZone } from "../dns-zone/zone-store.ts";
import { InputError } from "../error/index.ts";
import { everything } from "../scope/index.ts";
import { zoneDefinition, zoneOfDefinition } from "./zone-definition.ts";

/** Zones whose definitions are read: those of these names, or all. Their records may be many, so that others are left where they are. */
export type WantedZones = "all" | readonly string[];

/** Which zones an apply is about. Pure. */
export function zonesOfApply(items: readonly unknown[], prune: readonly ResourceKind[]): WantedZones {
  if (prune.includes("Zone")) return "all";
  return items.flatMap((item) => {
    if (typeof item !== "object" || item === null || Reflect.get(item, "kind") !== "Zone") return [];
    const name: unknown = Reflect.get(item, "name");
    return typeof name === "string" ? [name] : [];
  });
}

export interface FoundZone {
  readonly id: number;
  readonly definition: ZoneDefinition;
}

/** Reads zones with the records that files have of them. Names that are none are passed over: who parses them says so. */
export async function* findZoneDefinitions(executor: Executor, wanted: WantedZones): AsyncGenerator<FoundZone> {
  if (wanted !== "all") {
    for (const name of new Set(wanted)) {
      const zone = await findByName(executor, name);
      if (zone !== null) yield await withRecords(executor, zone);
    }
    return;
  }
  for (let after = 0; ; ) {
    const zones = await findZonesPage(executor, after);
    for (const zone of zones) yield await withRecords(executor, zone);
    const last = zones.at(-1);
    if (last === undefined) return;
    after = last.id;
  }
}

async function findByName(executor: Executor, text: string): Promise<StoredZone | null> {
  try {
    const { zone, view } = zoneOfDefinition(text);
    return await findZone(executor, everything, { name: zone.text, view });
  } catch (error) {
    if (error instanceof InputError) return null;
    throw error;
  }
}

async function withRecords(executor: Executor, zone: StoredZone): Promise<FoundZone> {
  const isListed = zone.kind === "primary";
  const rrsets = isListed ? await findRrsetsOfPeople(executor, zone.id) : [];
  const records = rrsets.map(({ name, type, ttlSeconds, records: data, minimumAnswers, answers, comment, owner }) => ({
    ...{ name, type, ttlSeconds, records: [...data], minimumAnswers, answers, comment, owner },
  }));
  return {
    id: zone.id,
    definition: zoneDefinition(zone, isListed && rrsets.length <= mostDefinedRrsets ? records : null),
  };
}
