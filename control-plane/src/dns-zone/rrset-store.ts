import { setImmediate } from "node:timers/promises";
import { type Rrset, RrsetFilter, RrsetRecord, RrsetSource } from "@mycloud/protocol/dns-zone";
import type { ListAnswer, ListQuery } from "@mycloud/protocol/list";
import { mostDefinedRrsets } from "@mycloud/protocol/resource";
import type { Selectable } from "kysely";
import { z } from "zod";
import type { Dialect, Executor } from "../database/dialect/dialect.ts";
import type { DnsRrsetTable } from "../database/schema.ts";
import { hasWords, isOneOf, readList } from "../http/list-query.ts";
import { isBound, placeKey, type RrsetPlace, type RrsetValues, type StoredRrset } from "./rrset-values.ts";
import { keysBelow, nameKeyOf, parseOwnerName, type ZoneName } from "./zone-name.ts";

type RrsetRow = Selectable<DnsRrsetTable>;

/** An RRset as a change leaves it. */
export interface WrittenRrset extends RrsetPlace {
  readonly values: RrsetValues;
  readonly published: readonly string[] | null;
  readonly source: RrsetSource;
}

const Records = z.array(RrsetRecord);
const Texts = z.array(z.string());

export async function listRrsets(
  executor: Executor,
  zone: ZoneName & { readonly id: number },
  query: ListQuery,
): Promise<ListAnswer<Rrset>> {
  const keyOf = (name: string, field: string) => nameKeyOf(parseOwnerName(name, zone, `filter.${field}`), zone);
  return await readList({
    query,
    filterSchema: RrsetFilter,
    from: executor.selectFrom("dns_rrset").where("zone_id", "=", zone.id),
    select: (rows) => rows.selectAll(),
    sortable: {
      id: "id",
      name: "name_key",
      type: "type",
      ttlSeconds: "ttl_seconds",
      owner: "owner",
      source: "source",
      changedAtMs: "changed_at_ms",
    },
    defaultSort: "name",
    idColumn: "id",
    filters: {
      id: (eb, id) => isOneOf(eb, "id", id),
      q: (eb, words) => hasWords(eb, ["name", "type", "records_json", "comment", "owner"], words),
      name: (eb, name) => eb("name_key", "=", keyOf(name, "name")),
      below: (eb, name) => {
        const key = keyOf(name, "below");
        const [from, before] = keysBelow(key);
        return eb.or([eb("name_key", "=", key), eb.and([eb("name_key", ">=", from), eb("name_key", "<", before)])]);
      },
      type: (eb, type) => eb("type", "=", type),
      owner: (eb, owner) => eb("owner", "=", owner),
      source: (eb, source) => eb("source", "=", source),
      isBound: (eb, bound) => eb("is_bound", "=", bound ? 1 : 0),
    },
    toItem: (row: RrsetRow) => shownRrset(toRrset(row)),
  });
}

export async function findRrset(
  executor: Executor,
  zoneId: number,
  { nameKey, type }: Pick<RrsetPlace, "nameKey" | "type">,
): Promise<StoredRrset | null> {
  const row = await executor
    .selectFrom("dns_rrset")
    .selectAll()
    .where("zone_id", "=", zoneId)
    .where("name_key", "=", nameKey)
    .where("type", "=", type)
    .executeTakeFirst();
  return row === undefined ? null : toRrset(row);
}

const namesAtOnce = 200;

/** All RRsets of some names. */
export async function findRrsetsAt(
  executor: Executor,
  zoneId: number,
  nameKeys: readonly string[],
): Promise<StoredRrset[]> {
  const found: StoredRrset[] = [];
  for (let at = 0; at < nameKeys.length; at += namesAtOnce) {
    const rows = await executor
      .selectFrom("dns_rrset")
      .selectAll()
      .where("zone_id", "=", zoneId)
      .where("name_key", "in", nameKeys.slice(at, at + namesAtOnce))
      .execute();
    for (const row of rows) found.push(toRrset(row));
  }
  return found;
}

/** All RRsets of a zone that were last written from somewhere. */
export async function findRrsetsOfSource(
  executor: Executor,
  zoneId: number,
  source: RrsetSource,
): Promise<StoredRrset[]> {
  const rrsets = executor.selectFrom("dns_rrset").selectAll();
  return (await rrsets.where("source", "=", source).where("zone_id", "=", zoneId).execute()).map(toRrset);
}

/** Some RRset below a name; null when nothing is. */
export async function findRrsetBelow(executor: Executor, zoneId: number, nameKey: string): Promise<StoredRrset | null> {
  const [from, before] = keysBelow(nameKey);
  const row = await executor
    .selectFrom("dns_rrset")
    .selectAll()
    .where("zone_id", "=", zoneId)
    .where("name_key", ">=", from)
    .where("name_key", "<", before)
    .limit(1)
    .executeTakeFirst();
  return row === undefined ? null : toRrset(row);
}

const pageRows = 500;

/** All RRsets of a zone by name, so many at a time: a zone may have a million. Others have a turn between; SQLite answers at once. */
export async function* readRrsets(executor: Executor, zoneId: number): AsyncGenerator<StoredRrset[]> {
  let after = { name_key: "", type: "" };
  for (;;) {
    const { name_key, type } = after;
    const rows = await executor
      .selectFrom("dns_rrset")
      .selectAll()
      .where("zone_id", "=", zoneId)
      .where("name_key", ">=", name_key)
      .where((eb) => eb.or([eb("name_key", ">", name_key), eb("type", ">", type)]))
      .orderBy("name_key")
      .orderBy("type")
      .limit(pageRows)
      .execute();
    const last = rows.at(-1);
    if (last === undefined) return;
    yield rows.map(toRrset);
    if (rows.length < pageRows) return;
    after = last;
    await setImmediate();
  }
}

/** Those with services, tiers or weights, of one zone or (null) of all, with their zones. */
export async function findBoundRrsets(
  executor: Executor,
  zoneId: number | null,
): Promise<{ readonly zoneId: number; readonly rrset: StoredRrset }[]> {
  let query = executor.selectFrom("dns_rrset").selectAll().where("is_bound", "=", 1);
  if (zoneId !== null) query = query.where("zone_id", "=", zoneId);
  const rows = await query.orderBy("zone_id").orderBy("name_key").orderBy("type").execute();
  return rows.map((row) => ({ zoneId: row.zone_id, rrset: toRrset(row) }));
}

const columns = [
  "zone_id",
  "name_key",
  "type",
  "name",
  "ttl_seconds",
  "records_json",
  "record_count",
  "published_json",
  "is_bound",
  "minimum_answers",
  "answers",
  "comment",
  "owner",
  "source",
  "revision",
  "changed_at_ms",
] as const;

/** Inserts RRsets that are not there. */
export async function insertRrsets(
  tx: Executor,
  dialect: Dialect,
  zoneId: number,
  rrsets: readonly WrittenRrset[],
  { revision, nowMs }: { readonly revision: number; readonly nowMs: number },
): Promise<void> {
  await dialect.insertMany(
    tx,
    "dns_rrset",
    columns,
    rrsets.map((rrset) => rowOf(zoneId, rrset, revision, nowMs)),
  );
}

/** Overwrites RRsets that are there. */
export async function updateRrset(
  tx: Executor,
  id: number,
  { name, values, published, source }: WrittenRrset,
  { revision, nowMs }: { readonly revision: number; readonly nowMs: number },
): Promise<void> {
  await tx
    .updateTable("dns_rrset")
    .set({
      ...{ name, ttl_seconds: values.ttlSeconds, records_json: JSON.stringify(values.records) },
      ...{ record_count: values.records.length, is_bound: isBound(values) ? 1 : 0 },
      published_json: published === null ? null : JSON.stringify(published),
      ...{ minimum_answers: values.minimumAnswers, answers: values.answers, comment: values.comment },
      ...{ owner: values.owner, source, revision, changed_at_ms: nowMs },
    })
    .where("id", "=", id)
    .execute();
}

/** Those that people and zone files wrote, by name; one more than files may have of a zone says that there are more. */
export async function findRrsetsOfPeople(executor: Executor, zoneId: number): Promise<StoredRrset[]> {
  const rows = await executor
    .selectFrom("dns_rrset")
    .selectAll()
    .where("zone_id", "=", zoneId)
    .where("source", "in", ["people", "import"])
    .orderBy("name_key")
    .orderBy("type")
    .limit(mostDefinedRrsets + 1)
    .execute();
  return rows.map(toRrset);
}

/** What is published of an RRset from now on; what is defined stays. */
export async function setPublished(tx: Executor, id: number, published: readonly string[] | null): Promise<void> {
  const published_json = published === null ? null : JSON.stringify(published);
  await tx.updateTable("dns_rrset").set({ published_json }).where("id", "=", id).execute();
}

export async function deleteRrsets(tx: Executor, ids: readonly number[]): Promise<void> {
  for (let at = 0; at < ids.length; at += 500) {
    await tx
      .deleteFrom("dns_rrset")
      .where("id", "in", ids.slice(at, at + 500))
      .execute();
    await setImmediate();
  }
}

export async function deleteAllRrsets(tx: Executor, zoneId: number): Promise<void> {
  await tx.deleteFrom("dns_rrset").where("zone_id", "=", zoneId).execute();
}

function rowOf(
  zoneId: number,
  { nameKey, type, name, values, published, source }: WrittenRrset,
  revision: number,
  nowMs: number,
) {
  return [
    ...[zoneId, nameKey, type, name, values.ttlSeconds, JSON.stringify(values.records), values.records.length],
    ...[published === null ? null : JSON.stringify(published), isBound(values) ? 1 : 0, values.minimumAnswers],
    ...[values.answers, values.comment, values.owner, source, revision, nowMs],
  ];
}

function toRrset(row: RrsetRow): StoredRrset {
  return {
    id: row.id,
    nameKey: row.name_key,
    name: row.name,
    type: row.type,
    ttlSeconds: row.ttl_seconds,
    // Written by this program; a million of them are not held against the schema again.
    records: row.is_bound === 1 ? Records.parse(JSON.parse(row.records_json)) : JSON.parse(row.records_json),
    minimumAnswers: row.minimum_answers,
    answers: row.answers,
    comment: row.comment,
    owner: row.owner,
    published: row.published_json === null ? null : Texts.parse(JSON.parse(row.published_json)),
    source: RrsetSource.parse(row.source),
    revision: row.revision,
    changedAtMs: row.changed_at_ms,
  };
}

/** As the API answers it. */
export function shownRrset({ nameKey: _, published, ...rrset }: StoredRrset): Rrset {
  return { ...rrset, published: published === null ? null : [...published] };
}

/** By place, for looking up. */
export function byPlace(rrsets: readonly StoredRrset[]): Map<string, StoredRrset> {
  return new Map(rrsets.map((rrset) => [placeKey(rrset), rrset]));
}
