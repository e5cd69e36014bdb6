import type { HostInput, HostOrigin } from "@mycloud/protocol/host";
import type { Labels } from "@mycloud/protocol/name";
import { ensureCustomer } from "../customer/ensure-customer.ts";
import type { Dialect, Executor } from "../database/dialect/dialect.ts";
import { ConflictError } from "../error/index.ts";
import { pendingStateColumns } from "../monitored/index.ts";
import { effectiveLabels } from "./effective-labels.ts";
import { type HostSettings, hostSettingsOf } from "./host-settings.ts";

export interface NewHost extends Omit<HostInput, keyof HostSettings>, Partial<HostSettings> {
  readonly origin: HostOrigin;
  /** What an agent reported of itself. */
  readonly facts?: Labels;
}

/**
 * Stores a host with its label and group rows and its state (PENDING), and answers its id. Throws ConflictError when the name is taken.
 * The caller plans its services (`applyServicePlan`) in the same transaction.
 */
export async function createHost(tx: Executor, dialect: Dialect, host: NewHost, nowMs: number): Promise<number> {
  const facts = host.facts ?? {};
  await ensureCustomer(tx, dialect, host.customer, nowMs);
  let id: number | undefined;
  try {
    const inserted = await tx
      .insertInto("host")
      .values({
        name: host.name,
        display_name: host.displayName,
        address: host.address,
        labels_json: JSON.stringify(host.labels),
        facts_json: JSON.stringify(facts),
        groups_json: JSON.stringify(host.groups),
        customer: host.customer,
        notes: host.notes,
        origin: host.origin,
        max_check_attempts: host.maxCheckAttempts,
        freshness_seconds: host.freshnessSeconds,
        settings_json: JSON.stringify(hostSettingsOf(host)),
        created_at_ms: nowMs,
        updated_at_ms: nowMs,
      })
      .returning("id")
      .executeTakeFirstOrThrow();
    id = inserted.id;
  } catch (error) {
    if (!dialect.isUniqueViolation(error)) throw error;
    throw new ConflictError(`there is a host named "${host.name}" already`, [
      { field: "name", value: host.name, message: "is taken" },
    ]);
  }
  await saveLabelsAndGroups(tx, dialect, id, effectiveLabels(facts, host.labels), host.groups);
  const state = { host_id: id, ...pendingStateColumns };
  const columns = Object.keys(state) as (keyof typeof state)[];
  await dialect.insertMany(tx, "host_state", columns, [columns.map((column) => state[column])]);
  return id;
}

/** Replaces the label and group rows that selectors and filters read. */
export async function saveLabelsAndGroups(
  tx: Executor,
  dialect: Dialect,
  hostId: number,
  labels: Labels,
  groups: readonly string[],
): Promise<void> {
  await tx.deleteFrom("host_label").where("host_id", "=", hostId).execute();
  await tx.deleteFrom("host_group").where("host_id", "=", hostId).execute();
  const labelRows = Object.entries(labels).map(([label, value]) => [hostId, label, value]);
  await dialect.insertMany(tx, "host_label", ["host_id", "label", "value"], labelRows);
  const groupRows = [...new Set(groups)].map((group) => [hostId, group]);
  await dialect.insertMany(tx, "host_group", ["host_id", "group_name"], groupRows);
}
