import type { ListAnswer, ListQuery } from "@mycloud/protocol/list";
import { type NameServer, NameServerFilter, NameServerStatus } from "@mycloud/protocol/name-server";
import type { Selectable } from "kysely";
import type { Dialect, Executor } from "../database/dialect/dialect.ts";
import type { NameServerTable } from "../database/schema.ts";
import { hasWords, isOneOf, readList } from "../http/list-query.ts";

/** A name server says something every 15 s. */
const silentMs = 60_000;

/** What a name server says of itself, instead of what it said before. */
export async function saveStatus(
  tx: Executor,
  dialect: Dialect,
  from: { readonly tokenId: number; readonly name: string },
  status: NameServerStatus,
  nowMs: number,
): Promise<void> {
  await dialect.upsertMany(
    tx,
    "name_server",
    ["token_id", "name", "seen_at_ms", "status_json"],
    [[from.tokenId, from.name, nowMs, JSON.stringify(status)]],
    ["token_id", "name"],
  );
}

export async function listNameServers(
  executor: Executor,
  query: ListQuery,
  nowMs: number,
): Promise<ListAnswer<NameServer>> {
  return await readList({
    query,
    filterSchema: NameServerFilter,
    from: executor.selectFrom("name_server"),
    select: (rows) => rows.selectAll(),
    sortable: { id: "id", name: "name", seenAtMs: "seen_at_ms" },
    defaultSort: "name",
    idColumn: "id",
    filters: {
      id: (eb, id) => isOneOf(eb, "id", id),
      q: (eb, words) => hasWords(eb, ["name"], words),
      name: (eb, name) => eb("name", "=", name),
    },
    toItem: (row) => toNameServer(row, nowMs),
  });
}

export async function findNameServer(executor: Executor, id: number, nowMs: number): Promise<NameServer | null> {
  const row = await executor.selectFrom("name_server").selectAll().where("id", "=", id).executeTakeFirst();
  return row === undefined ? null : toNameServer(row, nowMs);
}

export async function deleteNameServer(tx: Executor, id: number): Promise<void> {
  await tx.deleteFrom("name_server").where("id", "=", id).execute();
}

function toNameServer(row: Selectable<NameServerTable>, nowMs: number): NameServer {
  const { id, name, seen_at_ms: seenAtMs } = row;
  const status = NameServerStatus.parse(JSON.parse(row.status_json));
  return { id, name, seenAtMs, isSilent: nowMs - seenAtMs > silentMs, status };
}
