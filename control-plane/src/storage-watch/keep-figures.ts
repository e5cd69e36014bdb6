import { DamagedObject } from "@mycloud/protocol/backup-maintenance";
import type { RepositoryStatus } from "@mycloud/protocol/storage-status";
import { z } from "zod";
import type { Executor } from "../database/dialect/dialect.ts";

const Damaged = z.array(DamagedObject);
const Spec = z.object({ quotaBytes: z.number().nullable().default(null) });

/** Stores what a storage server told of its repositories. Answers whether damage is another than before. */
export async function keepFigures(
  tx: Executor,
  storageName: string,
  told: readonly RepositoryStatus[],
  nowMs: number,
): Promise<boolean> {
  const byPath = new Map(told.map((status) => [status.name, status]));
  const rows = await tx
    .selectFrom("backup_repository")
    .leftJoin("definition", "definition.id", "backup_repository.policy_id")
    .select(["backup_repository.id", "path", "backup_repository.customer", "used_bytes", "damaged_json", "spec_json"])
    .where("storage_name", "=", storageName)
    .execute();
  const customers = await quotasOfCustomers(tx);
  let isChanged = false;
  for (const row of rows) {
    const status = byPath.get(row.path);
    if (status === undefined) continue;
    const usedBytes = status.bytes ?? row.used_bytes;
    const policyQuota = Spec.parse(JSON.parse(row.spec_json ?? "{}")).quotaBytes;
    const customer = row.customer === null ? undefined : customers.get(row.customer);
    const ofCustomer =
      customer === undefined ? null : customer.quotaBytes - (customer.usedBytes - (row.used_bytes ?? 0));
    const quotas = [policyQuota, ofCustomer].filter((quota) => quota !== null);
    const quotaBytes = quotas.length === 0 ? (status.quotaBytes ?? 0) : Math.max(1, Math.min(...quotas));
    const before = Damaged.parse(JSON.parse(row.damaged_json ?? "[]"));
    const damaged = damagedNow(status, before);
    const isOther = damaged.map(({ object }) => object).join() !== before.map(({ object }) => object).join();
    if (isOther) isChanged = true;
    const damage = isOther
      ? { damaged_json: damaged.length === 0 ? null : JSON.stringify(damaged), examine_due: damaged.length > 0 ? 1 : 0 }
      : {};
    await tx
      .updateTable("backup_repository")
      .set({
        used_bytes: usedBytes,
        quota_bytes: quotaBytes,
        seen_at_ms: nowMs,
        scrubbed_at_ms: status.scrubbedAtMs,
        ...damage,
      })
      .where("id", "=", row.id)
      .execute();
  }
  return isChanged;
}

/** The damaged objects by the server's word, with what is known of them already. */
function damagedNow({ wanted }: RepositoryStatus, before: readonly DamagedObject[]): DamagedObject[] {
  const known = new Map(before.map((one) => [one.object, one]));
  return wanted.map(({ type, name, reason, foundAtMs }) => {
    const object = name === "" ? type : `${type}/${name}`;
    return known.get(object) ?? { object, reason, foundAtMs, files: [], fileCount: 0, snapshots: [] };
  });
}

/** What customers that have a quota may use and do. */
async function quotasOfCustomers(tx: Executor) {
  const rows = await tx
    .selectFrom("customer")
    .innerJoin("backup_repository", "backup_repository.customer", "customer.name")
    .select((eb) => [
      "customer.name",
      "customer.quota_bytes",
      eb.fn.sum<number | string | null>("used_bytes").as("used"),
    ])
    .where("customer.quota_bytes", "is not", null)
    .groupBy(["customer.name", "customer.quota_bytes"])
    .execute();
  return new Map(rows.map((row) => [row.name, { quotaBytes: row.quota_bytes ?? 0, usedBytes: Number(row.used ?? 0) }]));
}
