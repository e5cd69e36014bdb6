import type { PassiveServiceSettings } from "@mycloud/protocol/service";
import type { Dialect, Executor } from "../database/dialect/dialect.ts";
import { ConflictError } from "../error/index.ts";
import { pendingServiceStateColumns } from "../monitored/index.ts";

export interface NewService {
  readonly hostId: number;
  readonly name: string;
  /** Null = passive. */
  readonly checkId: number | null;
  readonly maxCheckAttempts: number;
  readonly freshnessSeconds: number | null;
  readonly notes: string;
  /** Of a passive one; left out where the check's apply. */
  readonly settings?: PassiveServiceSettings;
  /** When it counts as stale if no first result comes; null = it may stay PENDING. */
  readonly overdueAtMs: number | null;
}

/** Stores services with their states (PENDING) and answers their ids in order. Throws ConflictError when a name is taken on its host. */
export async function createServices(
  tx: Executor,
  dialect: Dialect,
  services: readonly NewService[],
  nowMs: number,
): Promise<number[]> {
  const columns = [
    "host_id",
    "name",
    "check_id",
    "max_check_attempts",
    "freshness_seconds",
    "notes",
    "settings_json",
    "created_at_ms",
    "updated_at_ms",
  ] as const;
  const rows = services.map((service) => [
    service.hostId,
    service.name,
    service.checkId,
    service.maxCheckAttempts,
    service.freshnessSeconds,
    service.notes,
    service.settings === undefined ? null : JSON.stringify(service.settings),
    nowMs,
    nowMs,
  ]);
  let ids: number[];
  try {
    ids = await dialect.insertManyReturningIds(tx, "service", columns, rows);
  } catch (error) {
    if (!dialect.isUniqueViolation(error)) throw error;
    const [only] = services;
    const name = services.length === 1 ? ` named "${only?.name}"` : " of one of these names";
    throw new ConflictError(`the host has a service${name} already`, [{ field: "name", message: "is taken" }]);
  }
  const { overdue_at_ms: _, ...state } = pendingServiceStateColumns;
  const stateRows = ids.map((id, index) => [id, services[index]?.overdueAtMs ?? null, ...Object.values(state)]);
  const stateColumns = Object.keys(state) as (keyof typeof state)[];
  await dialect.insertMany(tx, "service_state", ["service_id", "overdue_at_ms", ...stateColumns], stateRows);
  return ids;
}
