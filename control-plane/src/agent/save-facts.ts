import { Labels } from "@mycloud/protocol/name";
import { z } from "zod";
import type { ConnectedDatabase, Executor } from "../database/dialect/dialect.ts";
import { saveLabelsAndGroups } from "../host/create-host.ts";
import { effectiveLabels } from "../host/effective-labels.ts";

export interface SaveFactsDependencies {
  readonly database: ConnectedDatabase;
  readonly now: () => number;
  readonly planServicesOfHost: (tx: Executor, hostId: number, nowMs: number) => Promise<void>;
}

/** Keeps what an agent reports of its host; true when that changed anything, and with it perhaps the host's checks. */
export async function saveFacts(deps: SaveFactsDependencies, hostId: number, facts: Labels): Promise<boolean> {
  const { database, now } = deps;
  const before = await readHost(database.db, hostId);
  // Labels given at enrolment count as facts that keepalives do not repeat.
  if (before === undefined || isWithin(facts, before.facts)) return false;
  return database.transaction(async (tx) => {
    const host = await readHost(tx, hostId);
    if (host === undefined) return false;
    const merged = { ...host.facts, ...facts };
    await tx
      .updateTable("host")
      .set({ facts_json: JSON.stringify(merged) })
      .where("id", "=", hostId)
      .execute();
    await saveLabelsAndGroups(tx, database.dialect, hostId, effectiveLabels(merged, host.labels), host.groups);
    await deps.planServicesOfHost(tx, hostId, now());
    return true;
  });
}

async function readHost(executor: Executor, hostId: number) {
  const row = await executor
    .selectFrom("host")
    .select(["facts_json", "labels_json", "groups_json"])
    .where("id", "=", hostId)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  return {
    facts: Labels.parse(JSON.parse(row.facts_json)),
    labels: Labels.parse(JSON.parse(row.labels_json)),
    groups: z.array(z.string()).parse(JSON.parse(row.groups_json)),
  };
}

function isWithin(some: Labels, all: Labels): boolean {
  return Object.entries(some).every(([name, value]) => all[name] === value);
}
