import type { ResourceDefinition } from "@mycloud/protocol/resource";
import { sql } from "kysely";
import { z } from "zod";
import type { Dialect, Executor } from "../database/dialect/dialect.ts";
import { idList } from "../monitored/index.ts";
import type { PlannedChange } from "./plan-changes.ts";
import type { TemplateUse } from "./template-use.ts";

const Uses = z.array(z.string());
const Own = z.record(z.string(), z.unknown());
const rowsAtOnce = 200;

/** Every use as it was written, by `definitionKey` of its definition; `ids` has the ids of all definitions by that key. */
export async function findTemplateUses(
  executor: Executor,
  ids: ReadonlyMap<string, number>,
): Promise<Map<string, TemplateUse>> {
  const rows = await executor.selectFrom("template_use").selectAll().execute();
  if (rows.length === 0) return new Map();
  const keyOf = new Map([...ids].map(([key, id]) => [`${key.slice(0, key.indexOf(" "))} ${id}`, key]));
  return new Map(
    rows.flatMap((row) => {
      const id = row.host_id ?? row.check_id ?? row.service_id;
      const kind = row.host_id !== null ? "Host" : row.check_id !== null ? "Check" : "Service";
      const key = keyOf.get(`${kind} ${id}`);
      if (key === undefined) return [];
      return [[key, { uses: Uses.parse(JSON.parse(row.uses_json)), own: Own.parse(JSON.parse(row.own_json)) }]];
    }),
  );
}

/** What some objects of a kind use, as it was written, by their ids; those that use nothing are absent. */
export async function findTemplateUsesOf(
  executor: Executor,
  dialect: Dialect,
  kind: "Host" | "Check" | "Service",
  ids: readonly number[],
): Promise<Map<number, TemplateUse>> {
  const column = ({ Host: "host_id", Check: "check_id", Service: "service_id" } as const)[kind];
  const rows = await executor
    .selectFrom("template_use")
    .select([`${column} as id`, "uses_json", "own_json"])
    .where(sql<boolean>`${sql.ref(column)} in ${idList(dialect, ids)}`)
    .execute();
  return new Map(
    rows.flatMap(({ id, uses_json: uses, own_json: own }) =>
      id === null ? [] : [[id, { uses: Uses.parse(JSON.parse(uses)), own: Own.parse(JSON.parse(own)) }]],
    ),
  );
}

/** Keeps what changes that were carried out say of templates. Rows of deleted objects go by themselves. `known`: ids by `definitionKey`. */
export async function saveTemplateUses(
  tx: Executor,
  changes: readonly PlannedChange[],
  known?: ReadonlyMap<string, number>,
): Promise<void> {
  const written = changes.filter(({ action, before, use }) => {
    return action === "create" ? use !== null : action === "update" && (before === null || isTemplated(before));
  });
  if (written.length === 0) return;
  const ids = known ?? (await findIds(tx, new Set(written.map(({ kind }) => kind))));
  const rows = written.flatMap(({ kind, name, use }) => {
    const id = ids.get(`${kind} ${name}`);
    return id === undefined ? [] : [{ kind, id, use }];
  });
  for (let at = 0; at < rows.length; at += rowsAtOnce) {
    const part = rows.slice(at, at + rowsAtOnce);
    for (const [kind, column] of columns) {
      const mine = part.filter((row) => row.kind === kind).map(({ id }) => id);
      if (mine.length > 0) await tx.deleteFrom("template_use").where(column, "in", mine).execute();
    }
    const values = part.flatMap(({ kind, id, use }) =>
      use === null
        ? []
        : {
            host_id: kind === "Host" ? id : null,
            check_id: kind === "Check" ? id : null,
            service_id: kind === "Service" ? id : null,
            uses_json: JSON.stringify(use.uses),
            own_json: JSON.stringify(use.own),
          },
    );
    if (values.length > 0) await tx.insertInto("template_use").values(values).execute();
  }
}

function isTemplated({ kind }: ResourceDefinition): boolean {
  return kind === "Host" || kind === "Check" || kind === "Service";
}

const columns = [
  ["Host", "host_id"],
  ["Check", "check_id"],
  ["Service", "service_id"],
] as const;

async function findIds(tx: Executor, kinds: ReadonlySet<string>): Promise<Map<string, number>> {
  const ids = new Map<string, number>();
  if (kinds.has("Host")) {
    for (const { id, name } of await tx.selectFrom("host").select(["id", "name"]).execute())
      ids.set(`Host ${name}`, id);
  }
  if (kinds.has("Check")) {
    for (const { id, name } of await tx.selectFrom("check_definition").select(["id", "name"]).execute())
      ids.set(`Check ${name}`, id);
  }
  if (kinds.has("Service")) {
    const rows = await tx
      .selectFrom("service")
      .innerJoin("host", "host.id", "service.host_id")
      .where("service.check_id", "is", null)
      .select(["service.id", "service.name", "host.name as host_name"])
      .execute();
    for (const { id, name, host_name: host } of rows) ids.set(`Service ${host}/${name}`, id);
  }
  return ids;
}
