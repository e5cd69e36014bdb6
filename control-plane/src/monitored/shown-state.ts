import { hostStateName, serviceStateName, shownHostState, shownServiceState } from "@mycloud/checks/state";
import { HostState, ServiceState, type ShownHostState, type ShownServiceState } from "@mycloud/protocol/state";
import { type RawBuilder, type SqlBool, sql } from "kysely";

export interface StateColumns {
  readonly state: number;
  readonly is_stale: number;
  readonly has_been_checked: number;
}

/** What a row of `service_state` shows. Pure. */
export function shownServiceStateOf(row: StateColumns): ShownServiceState {
  return shownServiceState(fieldsOf(row));
}

/** What a row of `host_state` shows. Pure. */
export function shownHostStateOf(row: StateColumns): ShownHostState {
  return shownHostState(fieldsOf(row));
}

/** The state behind a STALE one; null before the first result. Pure. */
export function lastServiceStateOf(row: StateColumns): ServiceState | null {
  return row.has_been_checked === 1 ? serviceStateName(row.state) : null;
}

/** The host's state behind a STALE one; null before the first result. Pure. */
export function lastHostStateOf(row: StateColumns): HostState | null {
  return row.has_been_checked === 1 ? hostStateName(row.state) : null;
}

function fieldsOf(row: StateColumns) {
  return { state: row.state, isStale: row.is_stale === 1, hasBeenChecked: row.has_been_checked === 1 };
}

/** The condition that a row of `service_state` or `host_state` is shown as one of `states`; words of the other kind match nothing. */
export function isShownAs(table: "service_state" | "host_state", states: readonly string[]): RawBuilder<SqlBool> {
  const names: readonly string[] = table === "service_state" ? ServiceState.options : HostState.options;
  const column = (name: string) => sql.ref(`${table}.${name}`);
  const conditions = states.map((state) => {
    if (state === "STALE") return sql`${column("is_stale")} = 1`;
    if (state === "PENDING") return sql`(${column("has_been_checked")} = 0 and ${column("is_stale")} = 0)`;
    const number = names.indexOf(state);
    return sql`(${column("state")} = ${number} and ${column("is_stale")} = 0 and ${column("has_been_checked")} = 1)`;
  });
  return conditions.length === 0 ? sql<SqlBool>`1 = 0` : sql<SqlBool>`(${sql.join(conditions, sql` or `)})`;
}

/** Impact in SQL, for ordering; the same figures as `impactOf`, with PENDING between trouble and fine. */
export function impactExpression(table: "service_state" | "host_state"): RawBuilder<number> {
  const column = (name: string) => sql.ref(`${table}.${name}`);
  const byState =
    table === "host_state"
      ? sql`case ${column("state")} when 0 then 0 else 5 end`
      : sql`case ${column("state")} when 0 then 0 when 1 then 1 when 2 then 4 else 3 end`;
  return sql<number>`case when ${column("is_stale")} = 1 then 2 when ${column("has_been_checked")} = 0 then 0.5 else ${byState} end`;
}
