import { hostStateName, serviceStateName } from "@mycloud/checks/state";
import { type CheckResult, CheckResultFilter } from "@mycloud/protocol/check-result";
import type { ListAnswer, ListQuery } from "@mycloud/protocol/list";
import type { Executor } from "../database/dialect/dialect.ts";
import { hasWords, isOneOf, readList } from "../http/list-query.ts";
import type { Scope } from "../scope/index.ts";

/** One page of stored results of the last 48 hours, newest first unless asked otherwise. */
export async function listCheckResults(
  executor: Executor,
  scope: Scope,
  query: ListQuery,
): Promise<ListAnswer<CheckResult>> {
  const results = executor
    .selectFrom("check_result")
    .innerJoin("host", "host.id", "check_result.host_id")
    .leftJoin("service", "service.id", "check_result.service_id");
  return await readList({
    query,
    filterSchema: CheckResultFilter,
    from: scope.kind === "all" ? results : results.where("host.customer", "=", scope.customer),
    select: (rows) => rows.selectAll("check_result").select(["host.name as host_name", "service.name as service_name"]),
    sortable: {
      id: "check_result.id",
      checkedAtMs: "check_result.checked_at_ms",
      hostName: "host.name",
      serviceName: "service.name",
    },
    defaultSort: "id",
    defaultOrder: "DESC",
    idColumn: "check_result.id",
    filters: {
      id: (eb, id) => isOneOf(eb, "check_result.id", id),
      q: (eb, words) => hasWords(eb, ["check_result.output", "host.name", "service.name"], words),
      hostId: (eb, hostId) => eb("check_result.host_id", "=", hostId),
      // With the host, so that the index (host_id, service_id, checked_at_ms) serves.
      serviceId: (eb, serviceId) =>
        eb.and([
          eb("check_result.service_id", "=", serviceId),
          eb(
            "check_result.host_id",
            "=",
            eb.selectFrom("service as owned").select("owned.host_id").where("owned.id", "=", serviceId),
          ),
        ]),
      hostName: (eb, hostName) => eb("host.name", "=", hostName),
      serviceName: (eb, serviceName) => eb("service.name", "=", serviceName),
      fromMs: (eb, fromMs) => eb("check_result.checked_at_ms", ">=", fromMs),
      untilMs: (eb, untilMs) => eb("check_result.checked_at_ms", "<", untilMs),
    },
    toItem: (row) => ({
      id: row.id,
      hostId: row.host_id,
      hostName: row.host_name,
      serviceId: row.service_id,
      serviceName: row.service_name,
      returnCode: row.return_code,
      state: row.service_id === null ? hostStateName(row.state) : serviceStateName(row.state),
      stateType: row.is_hard === 1 ? "HARD" : "SOFT",
      attempt: row.attempt,
      output: row.output,
      longOutput: row.long_output,
      perfdata: row.perfdata,
      checkedAtMs: row.checked_at_ms,
      receivedAtMs: row.received_at_ms,
      executionTimeSeconds: row.execution_time_seconds,
      latencySeconds: row.latency_seconds,
      isClockSkewed: row.is_clock_skewed === 1,
    }),
  });
}
