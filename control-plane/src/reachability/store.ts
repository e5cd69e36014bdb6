import { z } from "zod";
import type { Executor } from "../database/dialect/dialect.ts";
import { createParentGraph, type ParentGraph } from "./parent-graph.ts";

const Parents = z.object({ parents: z.array(z.string()) });

/** Reads which hosts are reached through which; names that no host has are left out. */
export async function findParentGraph(executor: Executor): Promise<ParentGraph> {
  const children = await findHostsWithParents(executor);
  const names = [...new Set(children.flatMap((child) => child.parents))];
  const ids = new Map<string, number>();
  for (let at = 0; at < names.length; at += 500) {
    const part = names.slice(at, at + 500);
    const rows = await executor.selectFrom("host").select(["id", "name"]).where("name", "in", part).execute();
    for (const { id, name } of rows) ids.set(name, id);
  }
  return createParentGraph(
    children.map(({ id, parents }) => ({ id, parentIds: parents.flatMap((name) => ids.get(name) ?? []) })),
  );
}

/** Every host that names parents. */
export async function findHostsWithParents(
  executor: Executor,
): Promise<{ readonly id: number; readonly name: string; readonly parents: readonly string[] }[]> {
  const rows = await executor
    .selectFrom("host")
    .select(["id", "name", "settings_json"])
    // As it is written: the few that have any are found without reading JSON of all.
    .where("settings_json", "like", '%"parents":["%')
    .orderBy("id")
    .execute();
  return rows.map(({ id, name, settings_json: json }) => ({ id, name, ...Parents.parse(JSON.parse(json)) }));
}
