import { type ZoneChangeAnswer, ZoneSettings } from "@mycloud/protocol/dns-zone";
import type { Executor } from "../database/dialect/dialect.ts";
import { everyRecord, firstSerial } from "../dns-publish/index.ts";
import { PreconditionError } from "../error/index.ts";
import { carryOutChange, changeAnswer, refuseFaults } from "./carry-out-change.ts";
import { existing, type ZoneChangeOrder, type ZoneDependencies } from "./change-zone.ts";
import { normaliseSettings } from "./normalise-settings.ts";
import { planImport } from "./plan-import.ts";
import type { FileRecords } from "./read-records.ts";
import { refuseMissingNames } from "./refuse-missing-names.ts";
import { placeKey } from "./rrset-values.ts";
import { zoneNameOf } from "./zone-name.ts";
import { findZone, insertZone, type StoredZone } from "./zone-store.ts";

export interface CreationOrder extends Omit<ZoneChangeOrder, "scope" | "reference"> {
  readonly reference: { readonly name: string; readonly view: string | null };
}

/** Stands in for the id of a zone that is not there: it has no RRsets. */
const noId = 0;

/**
 * Makes a zone of a file, all or nothing, or answers what it would be: its SOA record's fields are the settings, and the serial comes after the file's, so
 * that secondaries which have the zone from where it was take it. Throws InputError with what is wrong with it, ConflictError when the zone is there,
 * PreconditionError when the caller expects some revision of it.
 */
export async function createFromFile(
  { database, audit, changes, now }: ZoneDependencies,
  { reference: { name, view }, author, isPreview, expectedRevision }: CreationOrder,
  file: FileRecords,
): Promise<ZoneChangeAnswer> {
  if ((expectedRevision ?? 0) !== 0) throw new PreconditionError(`${name} is not there any more: look again`);
  const nowMs = now();
  const settings = normaliseSettings(ZoneSettings.parse({}), zoneNameOf(name), "primary", nameServersOf(file));
  const serial = (firstSerial(settings.serialForm, nowMs) - 1) >>> 0;
  const zone: StoredZone = {
    ...{ id: noId, name, view, kind: "primary", settings, serial, revision: 0, rrsetCount: 0, recordCount: 0 },
    ...{ createdAtMs: nowMs, changedAtMs: nowMs },
  };
  const plan = async (executor: Executor, made: StoredZone) => {
    const planned = await planImport(executor, made, file, "replace", { isIn: everyRecord, nowMs });
    // A zone without anything has errors as well (it has no NS records): here they count.
    return { ...planned, faults: planned.findings.filter(({ severity }) => severity === "error") };
  };
  if (isPreview) {
    await refuseMissingNames(database.db, settings, view);
    return changeAnswer(await plan(database.db, zone), null);
  }
  const { made, after } = await database.transaction(async (tx) => {
    await refuseMissingNames(tx, settings, view);
    const id = await insertZone(tx, database.dialect, zone, nowMs);
    const made = await plan(tx, existing(await findZone(tx, { kind: "all" }, { id })));
    refuseFaults(made);
    return { made, after: await carryOutChange(tx, database.dialect, audit, made, author, nowMs) };
  });
  changes.publish("dns-zones", null);
  return changeAnswer(made, after);
}

/** The first of them is the primary name server where the file has no SOA record. */
function nameServersOf({ rrsets }: FileRecords): readonly string[] {
  return rrsets.get(placeKey({ nameKey: "", type: "NS" }))?.data ?? [];
}
