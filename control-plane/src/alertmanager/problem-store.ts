import { hostStateName, serviceStateName } from "@mycloud/checks/state";
import { sql } from "kysely";
import type { Executor } from "../database/dialect/dialect.ts";
import type { Scope } from "../scope/index.ts";
import { maximumListed } from "./alert-store.ts";

/** A host or service that is HARD bad, or stale. */
export interface OpenProblem {
  readonly hostId: number;
  readonly serviceId: number | null;
  readonly state: string;
  readonly output: string;
  readonly startedAtMs: number;
  readonly updatedAtMs: number;
  readonly acknowledgedBy: string | null;
  readonly acknowledgement: string | null;
}

/** The open problems within a scope. SOFT ones are none yet. */
export async function findOpenProblems(executor: Executor, scope: Scope): Promise<OpenProblem[]> {
  let services = executor
    .selectFrom("service_state as state")
    .innerJoin("service", "service.id", "state.service_id")
    .innerJoin("host", "host.id", "service.host_id")
    .leftJoin("problem", "problem.id", "state.problem_id")
    .leftJoin("acknowledgement", "acknowledgement.id", "state.acknowledgement_id")
    .select(["host.id as host_id", "service.id as service_id", "service.created_at_ms"])
    .select(["state.state", "state.is_stale", "state.output", "state.last_check_at_ms"])
    .select(["state.last_state_change_at_ms", "problem.started_at_ms"])
    .select(["acknowledgement.author_name", "acknowledgement.comment"])
    .where(sql<boolean>`(state.is_stale = 1 or (state.is_hard = 1 and state.state > 0))`)
    .limit(maximumListed);
  let hosts = executor
    .selectFrom("host_state as state")
    .innerJoin("host", "host.id", "state.host_id")
    .leftJoin("problem", "problem.id", "state.problem_id")
    .leftJoin("acknowledgement", "acknowledgement.id", "state.acknowledgement_id")
    .select(["host.id as host_id", sql<null>`null`.as("service_id"), "host.created_at_ms"])
    .select(["state.state", "state.is_stale", "state.output", "state.last_check_at_ms"])
    .select(["state.last_state_change_at_ms", "problem.started_at_ms"])
    .select(["acknowledgement.author_name", "acknowledgement.comment"])
    .where(sql<boolean>`(state.is_stale = 1 or (state.is_hard = 1 and state.state > 0))`)
    .limit(maximumListed);
  if (scope.kind === "customer") {
    services = services.where("host.customer", "=", scope.customer);
    hosts = hosts.where("host.customer", "=", scope.customer);
  }
  const rows = [...(await hosts.execute()), ...(await services.execute())];
  return rows.map((row) => ({
    hostId: row.host_id,
    serviceId: row.service_id,
    state:
      row.is_stale === 1 ? "STALE" : row.service_id === null ? hostStateName(row.state) : serviceStateName(row.state),
    output: row.output,
    startedAtMs: row.started_at_ms ?? row.last_state_change_at_ms ?? row.created_at_ms,
    updatedAtMs: row.last_check_at_ms ?? row.last_state_change_at_ms ?? row.created_at_ms,
    acknowledgedBy: row.author_name,
    acknowledgement: row.comment,
  }));
}
