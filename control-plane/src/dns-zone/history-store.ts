import { Turns } from "@mycloud/dns/zone-store";
import {
  RrsetDifference,
  RrsetSource,
  type ZoneHistoryEntry,
  ZoneHistoryFilter,
  ZoneSettingsDifference,
} from "@mycloud/protocol/dns-zone";
import type { ListAnswer, ListQuery } from "@mycloud/protocol/list";
import type { Selectable } from "kysely";
import type { Dialect, Executor } from "../database/dialect/dialect.ts";
import type { DnsChangeTable } from "../database/schema.ts";
import { hasWords, isOneOf, readList } from "../http/list-query.ts";
import type { PlannedDifference } from "./plan-change.ts";
import { valuesOf } from "./rrset-values.ts";
import { nameKeyOf, parseOwnerName, type ZoneName } from "./zone-name.ts";

/** A change as it is remembered. */
export interface MadeChange {
  readonly zoneId: number;
  readonly revision: number;
  readonly atMs: number;
  readonly author: string;
  readonly source: RrsetSource;
  readonly comment: string;
  readonly serial: number;
  readonly undoes: number | null;
  readonly differences: readonly PlannedDifference[];
  readonly settings: ZoneSettingsDifference | null;
}

/** A change of more RRsets than this is remembered without them. */
const keptDifferencesOfOne = 20_000;
/** Of a zone: how many changes are remembered, and how many differences of them all. */
const keptChanges = 2_000;
const keptDifferences = 200_000;
const pruneEvery = 20;
const rowsAtOnce = 500;

/** Remembers a change, and now and then forgets what is too much. */
export async function saveHistoryEntry(tx: Executor, dialect: Dialect, change: MadeChange): Promise<void> {
  const { zoneId, revision, differences, settings } = change;
  const isKept = differences.length <= keptDifferencesOfOne;
  await tx
    .insertInto("dns_change")
    .values({
      ...{ zone_id: zoneId, revision, at_ms: change.atMs, author: change.author, source: change.source },
      ...{ comment: change.comment, serial: change.serial, undoes: change.undoes },
      ...{ difference_count: differences.length, is_kept: isKept ? 1 : 0 },
      settings_json: settings === null ? null : JSON.stringify(settings),
    })
    .execute();
  if (isKept) {
    const turns = new Turns();
    for (let at = 0; at < differences.length; at += rowsAtOnce) {
      if (turns.areOver) await turns.next();
      await dialect.insertMany(
        tx,
        "dns_difference",
        ["zone_id", "revision", "place", "name_key", "name", "type", "before_json", "after_json"],
        differences
          .slice(at, at + rowsAtOnce)
          .map(({ place, before, after }, index) => [
            ...[zoneId, revision, at + index, place.nameKey, place.name, place.type],
            ...[
              before === null ? null : JSON.stringify(valuesOf(before)),
              after === null ? null : JSON.stringify(after),
            ],
          ]),
      );
    }
  }
  if (revision % pruneEvery === 0 || differences.length > 1_000) await prune(tx, zoneId, revision);
}

async function prune(tx: Executor, zoneId: number, revision: number): Promise<void> {
  const rows = await tx
    .selectFrom("dns_change")
    .select(["revision", "difference_count"])
    .where("zone_id", "=", zoneId)
    .where("is_kept", "=", 1)
    .orderBy("revision", "desc")
    .execute();
  let count = 0;
  const tooOld = rows.find(({ difference_count }) => {
    count += difference_count;
    return count > keptDifferences;
  });
  // What was just made is kept, however large.
  const lastDropped = Math.min(Math.max(tooOld?.revision ?? 0, revision - keptChanges), revision - 1);
  if (lastDropped <= 0) return;
  await tx.deleteFrom("dns_difference").where("zone_id", "=", zoneId).where("revision", "<=", lastDropped).execute();
  await tx
    .updateTable("dns_change")
    .set({ is_kept: 0 })
    .where("zone_id", "=", zoneId)
    .where("revision", "<=", lastDropped)
    .execute();
  await tx
    .deleteFrom("dns_change")
    .where("zone_id", "=", zoneId)
    .where("revision", "<=", revision - keptChanges)
    .execute();
}

const shownInList = 20;
const shownOfOne = 1_000;

export async function listHistory(
  executor: Executor,
  zone: ZoneName & { readonly id: number },
  query: ListQuery,
): Promise<ListAnswer<ZoneHistoryEntry>> {
  const { data, total } = await readList({
    query,
    filterSchema: ZoneHistoryFilter,
    from: executor.selectFrom("dns_change").where("zone_id", "=", zone.id),
    select: (rows) => rows.selectAll(),
    sortable: { id: "revision", atMs: "at_ms", author: "author" },
    defaultSort: "id",
    defaultOrder: "DESC",
    idColumn: "revision",
    filters: {
      id: (eb, id) => isOneOf(eb, "revision", id),
      q: (eb, words) => hasWords(eb, ["author", "comment"], words),
      author: (eb, author) => eb("author", "=", author),
      source: (eb, source) => eb("source", "=", source),
      name: (eb, name) =>
        eb("revision", "in", (inner) =>
          inner
            .selectFrom("dns_difference")
            .select("dns_difference.revision")
            .where("dns_difference.zone_id", "=", zone.id)
            .where("dns_difference.name_key", "=", nameKeyOf(parseOwnerName(name, zone, "filter.name"), zone)),
        ),
    },
    toItem: (row: Selectable<DnsChangeTable>) => row,
  });
  const entries: ZoneHistoryEntry[] = [];
  for (const row of data) entries.push(await toEntry(executor, row, shownInList));
  return { data: entries, total };
}

/** Null when it is not remembered. */
export async function findHistoryEntry(
  executor: Executor,
  zoneId: number,
  revision: number,
  limit = shownOfOne,
): Promise<ZoneHistoryEntry | null> {
  const row = await executor
    .selectFrom("dns_change")
    .selectAll()
    .where("zone_id", "=", zoneId)
    .where("revision", "=", revision)
    .executeTakeFirst();
  return row === undefined ? null : await toEntry(executor, row, limit);
}

async function toEntry(executor: Executor, row: Selectable<DnsChangeTable>, limit: number): Promise<ZoneHistoryEntry> {
  const differences = await executor
    .selectFrom("dns_difference")
    .select(["name", "type", "before_json", "after_json"])
    .where("zone_id", "=", row.zone_id)
    .where("revision", "=", row.revision)
    .orderBy("place")
    .limit(limit)
    .execute();
  return {
    ...{
      id: row.revision,
      atMs: row.at_ms,
      author: row.author,
      source: RrsetSource.parse(row.source),
      comment: row.comment,
    },
    ...{ serial: row.serial, undoes: row.undoes, differenceCount: row.difference_count, isKept: row.is_kept === 1 },
    differences: differences.map(({ name, type, before_json, after_json }) =>
      RrsetDifference.parse({ name, type, before: parseOrNull(before_json), after: parseOrNull(after_json) }),
    ),
    settings: row.settings_json === null ? null : ZoneSettingsDifference.parse(JSON.parse(row.settings_json)),
  };
}

function parseOrNull(text: string | null): unknown {
  return text === null ? null : JSON.parse(text);
}
