import { sql } from "kysely";
import type { Dialect, Executor } from "../database/dialect/dialect.ts";
import { idList } from "../monitored/index.ts";
import type { SeenAgent } from "./keepalive-writer.ts";

/** Keeps which backups agents say are paused on their hosts; answers the hosts where that changed. An agent that says nothing of it changes nothing. */
export async function savePauses(tx: Executor, dialect: Dialect, seen: readonly SeenAgent[]): Promise<number[]> {
  const told = new Map(
    seen.flatMap(({ hostId, keepalive: { pausedBackups } }) =>
      pausedBackups === undefined ? [] : [[hostId, new Set(pausedBackups)] as const],
    ),
  );
  if (told.size === 0) return [];
  const rows = await tx
    .selectFrom("backup_repository")
    .select(["id", "host_id", "is_paused"])
    .where(sql<boolean>`host_id in ${idList(dialect, [...told.keys()])}`)
    .execute();
  const changed = new Set<number>();
  for (const { id, host_id: hostId, is_paused: wasPaused } of rows) {
    const isPaused = hostId !== null && told.get(hostId)?.has(id) === true;
    if (hostId === null || isPaused === (wasPaused === 1)) continue;
    await tx
      .updateTable("backup_repository")
      .set({ is_paused: isPaused ? 1 : 0 })
      .where("id", "=", id)
      .execute();
    changed.add(hostId);
  }
  return [...changed];
}
