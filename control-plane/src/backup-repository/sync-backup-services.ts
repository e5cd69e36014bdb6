import { BackupObjectives } from "@mycloud/protocol/backup-policy";
import { PassiveServiceSettings } from "@mycloud/protocol/service";
import { sql } from "kysely";
import { z } from "zod";
import { deleteServices } from "../check/sync-services.ts";
import type { Dialect, Executor } from "../database/dialect/dialect.ts";
import { idList } from "../monitored/index.ts";
import { createServices } from "../service/create-services.ts";

/** Services made here say so in `managed_by`. */
const managedBy = "backup";

/** What decides which services a repository has. */
interface Watched {
  readonly rpoSeconds: number | null;
  readonly drillEverySeconds: number | null;
  readonly hasQuota: boolean;
}

/** The kinds of services: where a repository keeps its own, what it is called before the policy's name, and who has one. */
const kinds = [
  { column: "freshness_service_id", title: "backup-freshness", isWanted: ({ rpoSeconds }) => rpoSeconds !== null },
  { column: "run_service_id", title: "backup-run", isWanted: () => true },
  { column: "change_service_id", title: "backup-change", isWanted: () => true },
  { column: "verify_service_id", title: "backup-verify", isWanted: () => true },
  { column: "drill_service_id", title: "backup-drill", isWanted: (watched) => watched.drillEverySeconds !== null },
  { column: "quota_service_id", title: "backup-quota", isWanted: ({ hasQuota }) => hasQuota },
] as const satisfies readonly {
  readonly column: string;
  readonly title: string;
  readonly isWanted: (watched: Watched) => boolean;
}[];

const Spec = z.object({ objectives: BackupObjectives.prefault({}), quotaBytes: z.number().nullable().default(null) });

export interface SyncedServices {
  readonly isChanged: boolean;
  /** Names that others have. */
  readonly conflicts: readonly string[];
}

/** Gives each repository in use its services, with the policy's name in theirs, and takes them from the others. */
export async function syncBackupServices(tx: Executor, dialect: Dialect, nowMs: number): Promise<SyncedServices> {
  const rows = await tx
    .selectFrom("backup_repository")
    .leftJoin("definition", "definition.id", "backup_repository.policy_id")
    .select(["backup_repository.id", "host_id", "policy_name", "rpo_seconds", "quota_bytes"])
    .select(kinds.map(({ column }) => column))
    .select("spec_json")
    .where("assigned_at_ms", "is not", null)
    .where("host_id", "is not", null)
    .execute();
  const names = await findOwnServices(tx);
  const used = new Set<number>();
  const conflicts: string[] = [];
  let isChanged = false;
  for (const row of rows) {
    const watched = watchedOf(row);
    for (const { column, title, isWanted } of kinds) {
      if (!isWanted(watched) || row.host_id === null) continue;
      const wanted = { id: row[column], hostId: row.host_id, name: `${title} ${row.policy_name}` };
      const synced = await syncService(tx, dialect, wanted, names, nowMs);
      if (synced.kind === "conflict") conflicts.push(wanted.name);
      if (synced.kind !== "same") isChanged ||= synced.kind !== "conflict";
      if (synced.id !== null) used.add(synced.id);
      if (synced.kind !== "created") continue;
      const own = { [column]: synced.id };
      await tx.updateTable("backup_repository").set(own).where("id", "=", row.id).execute();
    }
  }
  const surplus = [...names.keys()].filter((id) => !used.has(id));
  await deleteServices(tx, dialect, surplus);
  return { isChanged: isChanged || surplus.length > 0, conflicts };
}

interface SyncedService {
  readonly kind: "same" | "renamed" | "created" | "conflict";
  readonly id: number | null;
}

/** One service: found, named as it should be, or made. */
async function syncService(
  tx: Executor,
  dialect: Dialect,
  { id, hostId, name }: { readonly id: number | null; readonly hostId: number; readonly name: string },
  names: ReadonlyMap<number, string>,
  nowMs: number,
): Promise<SyncedService> {
  const present = id === null ? undefined : names.get(id);
  const own = present === undefined ? null : id;
  if (present === name) return { kind: "same", id: own };
  if (await isNameTaken(tx, hostId, name)) return { kind: "conflict", id: own };
  if (own === null) return { kind: "created", id: await createManagedService(tx, dialect, hostId, name, nowMs) };
  await tx.updateTable("service").set({ name, updated_at_ms: nowMs }).where("id", "=", own).execute();
  return { kind: "renamed", id: own };
}

interface WatchedRow {
  readonly rpo_seconds: number | null;
  readonly quota_bytes: number | null;
  readonly spec_json: string | null;
}

function watchedOf(row: WatchedRow): Watched {
  const { objectives, quotaBytes } = Spec.parse(JSON.parse(row.spec_json ?? "{}"));
  return {
    rpoSeconds: row.rpo_seconds,
    drillEverySeconds: objectives.drillEverySeconds,
    hasQuota: quotaBytes !== null || (row.quota_bytes ?? 0) > 0,
  };
}

/** Names of the services that repositories have, by id. Those of storage servers are not among them. */
async function findOwnServices(tx: Executor): Promise<Map<number, string>> {
  const rows = await tx.selectFrom("service").select(["id", "name"]).where("managed_by", "=", managedBy).execute();
  return new Map(rows.map(({ id, name }) => [id, name]));
}

/** Makes a service that is told of by this program alone; null when none could be made. */
export async function createManagedService(
  tx: Executor,
  dialect: Dialect,
  hostId: number,
  name: string,
  nowMs: number,
  manager: string = managedBy,
): Promise<number | null> {
  const service = {
    hostId,
    name,
    checkId: null,
    // What is told here was weighed already: it counts at once.
    maxCheckAttempts: 1,
    freshnessSeconds: null,
    notes: "",
    settings: PassiveServiceSettings.parse({ isPassiveCheckEnabled: false }),
    overdueAtMs: null,
  };
  const ids = await createServices(tx, dialect, [service], nowMs);
  await tx
    .updateTable("service")
    .set({ managed_by: manager })
    .where(sql<boolean>`id in ${idList(dialect, ids)}`)
    .execute();
  return ids[0] ?? null;
}

/** Whether a host has a service of this name. */
export async function isNameTaken(tx: Executor, hostId: number, name: string): Promise<boolean> {
  const row = await tx
    .selectFrom("service")
    .select("id")
    .where("host_id", "=", hostId)
    .where("name", "=", name)
    .executeTakeFirst();
  return row !== undefined;
}
