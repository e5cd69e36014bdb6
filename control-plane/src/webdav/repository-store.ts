import type { Executor } from "../database/dialect/dialect.ts";
import type { Scope } from "../scope/index.ts";

/** A repository as a folder. */
export interface RepositoryFolder {
  readonly id: number;
  /** Unique among those of its host. */
  readonly name: string;
  readonly changedAtMs: number;
}

/** Repositories within scope by the name of their host, both in the order of names. */
export async function findRepositoryFolders(
  executor: Executor,
  scope: Scope,
  hostName: string | null,
): Promise<ReadonlyMap<string, readonly RepositoryFolder[]>> {
  let query = executor
    .selectFrom("backup_repository")
    .select(["id", "host_name", "policy_name", "last_snapshot_at_ms", "created_at_ms"])
    .orderBy("host_name")
    .orderBy("policy_name")
    .orderBy("id");
  if (scope.kind === "customer") query = query.where("customer", "=", scope.customer);
  if (hostName !== null) query = query.where("host_name", "=", hostName);
  const rows = await query.execute();
  const folders = new Map<string, readonly RepositoryFolder[]>();
  for (const [host, own] of Map.groupBy(rows, (row) => row.host_name)) {
    const counts = Map.groupBy(own, (row) => row.policy_name);
    folders.set(
      host,
      own.map((row) => ({
        id: row.id,
        // A policy has another repository after its key mode changed. No policy's name has a ~.
        name: (counts.get(row.policy_name)?.length ?? 1) > 1 ? `${row.policy_name}~${row.id}` : row.policy_name,
        changedAtMs: row.last_snapshot_at_ms ?? row.created_at_ms,
      })),
    );
  }
  return folders;
}
