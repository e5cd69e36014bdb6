import { Labels } from "@mycloud/protocol/name";
import { sql } from "kysely";
import { z } from "zod";
import type { Dialect, Executor } from "../database/dialect/dialect.ts";
import type { NamePage } from "../database/name-page.ts";
import { effectiveLabels } from "../host/effective-labels.ts";
import { idList } from "../monitored/index.ts";
import type { PlannedHost } from "./plan-services.ts";

const Groups = z.array(z.string());

/** All hosts, or those of some ids, as selectors see them, by name. */
export async function findPlannedHosts(
  executor: Executor,
  dialect: Dialect,
  ids?: readonly number[],
): Promise<PlannedHost[]> {
  const all = hostsByName(executor);
  const rows = await (ids === undefined ? all : all.where(sql<boolean>`id in ${idList(dialect, ids)}`)).execute();
  return rows.map(toPlannedHost);
}

/** As `findPlannedHosts`, so many of them at a time. */
export async function findPlannedHostsPage(executor: Executor, { after, limit }: NamePage): Promise<PlannedHost[]> {
  const all = hostsByName(executor);
  const rows = await (after === null ? all : all.where("name", ">", after)).limit(limit).execute();
  return rows.map(toPlannedHost);
}

function hostsByName(executor: Executor) {
  return executor.selectFrom("host").select(["id", "name", "labels_json", "facts_json", "groups_json"]).orderBy("name");
}

interface HostRow {
  readonly id: number;
  readonly name: string;
  readonly labels_json: string;
  readonly facts_json: string;
  readonly groups_json: string;
}

function toPlannedHost(row: HostRow): PlannedHost {
  return {
    id: row.id,
    name: row.name,
    labels: effectiveLabels(Labels.parse(JSON.parse(row.facts_json)), Labels.parse(JSON.parse(row.labels_json))),
    groups: Groups.parse(JSON.parse(row.groups_json)),
  };
}
