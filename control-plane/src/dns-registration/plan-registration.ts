import type { RegistrationProblem, RrsetInput } from "@mycloud/protocol/dns-zone";
import type { Executor } from "../database/dialect/dialect.ts";
import { findRrsetsAt, findRrsetsOfSource } from "../dns-zone/rrset-store.ts";
import type { StoredRrset } from "../dns-zone/rrset-values.ts";
import { nameKeyOf, parseOwnerName, type ZoneName, zoneNameOf } from "../dns-zone/zone-name.ts";
import { findZone } from "../dns-zone/zone-store.ts";
import { InputError } from "../error/index.ts";
import { everything } from "../scope/index.ts";
import type { Sealer } from "../sealing/index.ts";
import { type ChosenWishes, chooseWishes } from "./choose-wishes.ts";
import { loadFacts } from "./load-facts.ts";
import { type WantedRecords, wantRecords } from "./want-records.ts";

/** A zone in which something is to change. */
export interface ZoneWork {
  readonly zoneId: number;
  readonly wanted: readonly RrsetInput[];
  readonly wishCount: number;
}

export interface RegistrationPlan extends Omit<WantedRecords, "rrsets" | "problems"> {
  readonly work: readonly ZoneWork[];
  readonly problems: readonly RegistrationProblem[];
  /** By the names of the registrations that are on: their zones. */
  readonly zones: ReadonlyMap<string, string>;
}

/** Works out what registrations would change at present, in all zones. */
export async function planRegistration(executor: Executor, sealer: Sealer, nowMs: number): Promise<RegistrationPlan> {
  const facts = await loadFacts(executor, sealer, nowMs);
  const { rrsets, problems: wantProblems, ...rest } = wantRecords(facts);
  const registered = await zonesWithRegistered(executor);
  const problems = [...wantProblems];
  const work: ZoneWork[] = [];
  for (const zoneId of new Set([...rrsets.keys(), ...registered])) {
    const zone = await findZone(executor, everything, { id: zoneId });
    if (zone === null || zone.kind === "secondary") continue;
    const wanted = rrsets.get(zoneId) ?? [];
    const { wishes, problems: own } = await wishesOf(executor, { ...zoneNameOf(zone.name), id: zoneId }, wanted);
    problems.push(...own.map((problem) => ({ ...problem, host: null })));
    if (wishes.length > 0) work.push({ zoneId, wanted, wishCount: wishes.length });
  }
  const zones = new Map(facts.registrations.map(({ name, zone }) => [name, zone]));
  return { ...rest, work, problems, zones };
}

async function zonesWithRegistered(executor: Executor): Promise<number[]> {
  const rows = await executor
    .selectFrom("dns_rrset")
    .select("zone_id")
    .distinct()
    .where("source", "=", "registration")
    .execute();
  return rows.map((row) => row.zone_id);
}

/** What of a zone is to change. In the transaction that does it: as it is then. */
export async function wishesOf(
  executor: Executor,
  zone: ZoneName & { readonly id: number },
  wanted: readonly RrsetInput[],
): Promise<ChosenWishes> {
  const keys = new Set(wanted.flatMap(({ name }) => keyOf(name, zone)));
  const own = await findRrsetsOfSource(executor, zone.id, "registration");
  const present = new Map<number, StoredRrset>(own.map((rrset) => [rrset.id, rrset]));
  for (const rrset of await findRrsetsAt(executor, zone.id, [...keys])) present.set(rrset.id, rrset);
  return chooseWishes(wanted, [...present.values()], zone);
}

function keyOf(name: string, zone: ZoneName): string[] {
  try {
    return [nameKeyOf(parseOwnerName(name, zone, "name"), zone)];
  } catch (error) {
    if (error instanceof InputError) return [];
    throw error;
  }
}
