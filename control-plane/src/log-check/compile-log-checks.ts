import { UsageError } from "@mycloud/checks/plugin";
import { z } from "zod";
import { replaceMacros } from "../agent/replace-macros.ts";
import type { ComputedService, ComputedTimes } from "../computed-check/index.ts";
import type { Executor } from "../database/dialect/dialect.ts";
import { type DefinitionCache, logCheckCommand } from "../monitored/index.ts";
import { type LogCheck, parseLogCheck } from "./command.ts";

/** A log check on one host. */
export interface CompiledLogCheck extends ComputedService, ComputedTimes {
  readonly hostName: string;
  readonly customer: string | null;
  /** A text says why it cannot be computed. */
  readonly check: LogCheck | string;
}

const Arguments = z.array(z.string());

/** Reads every log check that is enabled, one for each host it is on. */
export async function compileLogChecks(executor: Executor, definitions: DefinitionCache): Promise<CompiledLogCheck[]> {
  const rows = await executor
    .selectFrom("service")
    .innerJoin("check_definition", "check_definition.id", "service.check_id")
    .select(["service.id", "service.host_id", "arguments_json"])
    .select(["check_interval_seconds", "retry_interval_seconds", "check_definition.max_check_attempts"])
    .where("check_definition.command", "=", logCheckCommand)
    .where("check_definition.is_enabled", "=", 1)
    .orderBy("service.id")
    .execute();
  if (rows.length === 0) return [];
  const hosts = await definitions.hostsById(executor, new Set(rows.map((row) => row.host_id)));
  return rows.flatMap((row) => {
    const host = hosts.get(row.host_id);
    const service = host && definitions.serviceOf(host, row.id);
    if (host === undefined || service?.settings.isActiveCheckEnabled === false) return [];
    const words = Arguments.parse(JSON.parse(row.arguments_json)).map((word) => replaceMacros(word, host));
    return [
      {
        serviceId: row.id,
        hostId: host.id,
        hostName: host.name,
        customer: host.customer,
        check: readCheck(words),
        checkIntervalMs: row.check_interval_seconds * 1000,
        retryIntervalMs: row.retry_interval_seconds * 1000,
        maxCheckAttempts: row.max_check_attempts,
        checkPeriod: service?.settings.checkPeriod ?? null,
      },
    ];
  });
}

function readCheck(words: readonly string[]): LogCheck | string {
  try {
    return parseLogCheck(words);
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
}
