import type { HostCheck } from "@mycloud/protocol/host";
import { MonitoredSettings } from "@mycloud/protocol/monitored";
import { sql } from "kysely";
import { z } from "zod";
import type { Dialect, Executor } from "../database/dialect/dialect.ts";
import { idList } from "../monitored/index.ts";
import { effectiveSchedule, type RuntimeOverrides } from "../monitored/runtime-override.ts";

export interface ShownHostCheck extends HostCheck {
  readonly maxCheckAttempts: number;
}

const Words = z.array(z.string());

/** The checks that tell whether these hosts are UP, by host, with what operators changed for each. */
export async function findHostChecksOf(
  executor: Executor,
  dialect: Dialect,
  hostIds: readonly number[],
  overrides: RuntimeOverrides,
): Promise<ReadonlyMap<number, ShownHostCheck>> {
  const rows = await executor
    .selectFrom("host_check")
    .innerJoin("check_definition", "check_definition.id", "host_check.check_id")
    .selectAll("check_definition")
    .select("host_check.host_id")
    .where(sql<boolean>`host_check.host_id in ${idList(dialect, hostIds)}`)
    .execute();
  return new Map(
    rows.map((row) => {
      const schedule = {
        checkIntervalSeconds: row.check_interval_seconds,
        retryIntervalSeconds: row.retry_interval_seconds,
        maxCheckAttempts: row.max_check_attempts,
      };
      const check = {
        id: row.id,
        name: row.name,
        command: row.command,
        arguments: Words.parse(JSON.parse(row.arguments_json)),
        ...effectiveSchedule(schedule, overrides, row.host_id, null),
        timeoutSeconds: row.timeout_seconds,
        checkPeriod: MonitoredSettings.parse(JSON.parse(row.settings_json)).checkPeriod,
        isEnabled: row.is_enabled === 1,
      };
      return [row.host_id, check];
    }),
  );
}
