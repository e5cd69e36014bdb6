import { type Zone, ZoneFilter, ZoneSettings } from "@mycloud/protocol/dns-zone";
import type { ListAnswer, ListQuery } from "@mycloud/protocol/list";
import type { Selectable } from "kysely";
import type { Dialect, Executor } from "../database/dialect/dialect.ts";
import type { DnsZoneTable } from "../database/schema.ts";
import { ConflictError } from "../error/index.ts";
import { hasWords, isOneOf, readList } from "../http/list-query.ts";
import type { Scope } from "../scope/index.ts";
import { parseZoneName } from "./zone-name.ts";

/** A zone as the program has it. */
export interface StoredZone {
  readonly id: number;
  readonly name: string;
  readonly view: string | null;
  readonly kind: Zone["kind"];
  readonly settings: ZoneSettings;
  readonly revision: number;
  readonly serial: number;
  readonly rrsetCount: number;
  readonly recordCount: number;
  readonly createdAtMs: number;
  readonly changedAtMs: number;
}

type ZoneRow = Selectable<DnsZoneTable>;

function zonesIn(executor: Executor, scope: Scope) {
  const zones = executor.selectFrom("dns_zone");
  return scope.kind === "all" ? zones : zones.where("customer", "=", scope.customer);
}

export async function listZones(executor: Executor, scope: Scope, query: ListQuery): Promise<ListAnswer<Zone>> {
  return await readList({
    query,
    filterSchema: ZoneFilter,
    from: zonesIn(executor, scope),
    select: (rows) => rows.selectAll(),
    sortable: {
      id: "id",
      name: "name",
      view: "view_name",
      kind: "kind",
      customer: "customer",
      serial: "serial",
      rrsetCount: "rrset_count",
      recordCount: "record_count",
      createdAtMs: "created_at_ms",
      changedAtMs: "changed_at_ms",
    },
    defaultSort: "name",
    idColumn: "id",
    filters: {
      id: (eb, id) => isOneOf(eb, "id", id),
      q: (eb, words) => hasWords(eb, ["name", "view_name", "settings_json"], words),
      name: (eb, name) => eb("name", "=", parseZoneName(name).text),
      view: (eb, view) => eb("view_name", "=", view ?? ""),
      kind: (eb, kind) => eb("kind", "=", kind),
      customer: (eb, customer) => (customer === null ? eb("customer", "is", null) : eb("customer", "=", customer)),
    },
    toItem: (row: ZoneRow) => shownZone(toZone(row)),
  });
}

/** Which zone is meant: its id, or its name and view. */
export type ZoneReference = { readonly id: number } | { readonly name: string; readonly view: string | null };

/** Reads `17`, `example.org`, `example.org@inside`. Throws InputError. */
export function parseZoneReference(text: string): ZoneReference {
  if (/^\d{1,15}$/.test(text)) return { id: Number(text) };
  const at = text.lastIndexOf("@");
  return at < 0
    ? { name: parseZoneName(text, "zone").text, view: null }
    : { name: parseZoneName(text.slice(0, at), "zone").text, view: text.slice(at + 1) };
}

/** Null when there is none, or it is not theirs to see. */
export async function findZone(executor: Executor, scope: Scope, reference: ZoneReference): Promise<StoredZone | null> {
  const row = await zoneReferred(executor, scope, reference).executeTakeFirst();
  return row === undefined ? null : toZone(row);
}

/** As findZone, keeping everybody else from changing it until the transaction ends. */
export async function lockZone(
  tx: Executor,
  dialect: Dialect,
  scope: Scope,
  reference: ZoneReference,
): Promise<StoredZone | null> {
  const row = await zoneReferred(tx, scope, reference).modifyEnd(dialect.forUpdate).executeTakeFirst();
  return row === undefined ? null : toZone(row);
}

function zoneReferred(executor: Executor, scope: Scope, reference: ZoneReference) {
  const zones = zonesIn(executor, scope).selectAll();
  return "id" in reference
    ? zones.where("id", "=", reference.id)
    : zones.where("name", "=", reference.name).where("view_name", "=", reference.view ?? "");
}

/** Every zone, for the name servers. */
export async function findAllZones(executor: Executor): Promise<StoredZone[]> {
  const rows = await executor.selectFrom("dns_zone").selectAll().orderBy("name").orderBy("view_name").execute();
  return rows.map(toZone);
}

/** Some zones behind an id, by id. */
export async function findZonesPage(executor: Executor, afterId: number): Promise<StoredZone[]> {
  const rows = await executor
    .selectFrom("dns_zone")
    .selectAll()
    .where("id", ">", afterId)
    .orderBy("id")
    .limit(100)
    .execute();
  return rows.map(toZone);
}

export async function findZonesByIds(executor: Executor, ids: readonly number[]): Promise<StoredZone[]> {
  if (ids.length === 0) return [];
  return (await executor.selectFrom("dns_zone").selectAll().where("id", "in", ids).execute()).map(toZone);
}

/** Makes a zone without RRsets. Throws ConflictError when there is one of that name in the view. */
export async function insertZone(
  tx: Executor,
  dialect: Dialect,
  zone: Pick<StoredZone, "name" | "view" | "kind" | "settings" | "serial">,
  nowMs: number,
): Promise<number> {
  const { name, view, kind, settings, serial } = zone;
  try {
    const inserted = await tx
      .insertInto("dns_zone")
      .values({
        ...{ name, view_name: view ?? "", kind, serial, ...settingsColumns(settings) },
        ...{ revision: 0, rrset_count: 0, record_count: 0, created_at_ms: nowMs, changed_at_ms: nowMs },
      })
      .executeTakeFirstOrThrow();
    return Number(inserted.insertId);
  } catch (error) {
    if (!dialect.isUniqueViolation(error)) throw error;
    const where = view === null ? "" : ` in the view ${view}`;
    throw new ConflictError(`there is a zone ${name}${where} already`, [
      { field: "name", value: name, message: "is taken" },
    ]);
  }
}

/** Writes what a change comes to. */
export async function updateZone(
  tx: Executor,
  id: number,
  zone: Pick<StoredZone, "settings" | "revision" | "serial" | "rrsetCount" | "recordCount" | "changedAtMs">,
): Promise<void> {
  await tx
    .updateTable("dns_zone")
    .set({
      ...settingsColumns(zone.settings),
      ...{ revision: zone.revision, serial: zone.serial, changed_at_ms: zone.changedAtMs },
      ...{ rrset_count: zone.rrsetCount, record_count: zone.recordCount },
    })
    .where("id", "=", id)
    .execute();
}

/** With all that belongs to it. */
export async function deleteZone(tx: Executor, id: number): Promise<void> {
  await tx.deleteFrom("dns_zone").where("id", "=", id).execute();
}

function settingsColumns(settings: ZoneSettings): { settings_json: string; customer: string | null } {
  return { settings_json: JSON.stringify(settings), customer: settings.customer };
}

function toZone(row: ZoneRow): StoredZone {
  return {
    id: row.id,
    name: row.name,
    view: row.view_name === "" ? null : row.view_name,
    kind: row.kind === "secondary" ? "secondary" : "primary",
    settings: ZoneSettings.parse({ ...JSON.parse(row.settings_json), customer: row.customer }),
    revision: row.revision,
    serial: row.serial,
    rrsetCount: row.rrset_count,
    recordCount: row.record_count,
    createdAtMs: row.created_at_ms,
    changedAtMs: row.changed_at_ms,
  };
}

/** As the API answers it. */
export function shownZone({ settings, ...zone }: StoredZone): Zone {
  return { ...settings, ...zone, serial: zone.kind === "secondary" ? null : zone.serial };
}
