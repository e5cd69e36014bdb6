import type { CheckPreview, CheckPreviewRequest } from "@mycloud/protocol/check";
import { matchesHost } from "@mycloud/protocol/selector";
import { sql } from "kysely";
import type { ConnectedDatabase } from "../database/dialect/dialect.ts";
import { idList } from "../monitored/index.ts";
import type { Pace } from "../schedule/index.ts";
import type { Scope } from "../scope/index.ts";
import { findPlannedHostsPage } from "./find-planned-hosts.ts";
import { type PlannedHost, planServices } from "./plan-services.ts";
import { findCheck } from "./store.ts";
import { findServicesAround } from "./sync-services.ts";

const maximumPreviewed = 100;
/** Hosts that are read and matched in some milliseconds. */
const pageSize = 200;

/**
 * What saving a check with this selector would do, to the hosts in scope. Looks at all hosts, some at a time: with ten thousand of them this takes half a second, in
 * which results are taken as always.
 */
export async function previewCheck(
  { db, dialect }: Pick<ConnectedDatabase, "db" | "dialect">,
  scope: Scope,
  { selector, checkId }: CheckPreviewRequest,
  pace: Pace,
): Promise<CheckPreview> {
  const before = checkId === undefined ? null : await findCheck(db, scope, checkId);
  // A new check has no id and no name yet; nothing stored has these.
  const check = {
    id: before?.id ?? 0,
    name: before?.name ?? "",
    serviceName: before?.serviceName ?? null,
    selector,
    ...(before === null ? {} : { target: before.target }),
  };
  const preview: CheckPreview = { total: 0, hosts: [], added: 0, removed: 0 };
  for (let after: string | null = null; ; ) {
    const startedAtMs = performance.now();
    const hosts: readonly PlannedHost[] = await findPlannedHostsPage(db, { after, limit: pageSize });
    const ids = hosts.map(({ id }) => id);
    const plan = planServices([check], hosts, await findServicesAround(db, [check], idList(dialect, ids)));
    const visible = await findVisibleHosts({ db, dialect }, scope, ids);
    for (const host of hosts) {
      if (!visible.has(host.id) || !matchesHost(selector, host)) continue;
      preview.total++;
      if (preview.hosts.length >= maximumPreviewed) continue;
      preview.hosts.push({ id: host.id, name: host.name, hasAgent: visible.get(host.id) ?? false });
    }
    preview.added += plan.create.filter(({ hostId }) => visible.has(hostId)).length;
    preview.removed += plan.remove.filter(({ hostId }) => visible.has(hostId)).length;
    const last = hosts.at(-1);
    if (last === undefined || hosts.length < pageSize) return preview;
    after = last.name;
    await pace.rest(performance.now() - startedAtMs);
  }
}

/** Of some hosts those in scope, each with whether an agent runs on it. */
async function findVisibleHosts(
  { db, dialect }: Pick<ConnectedDatabase, "db" | "dialect">,
  scope: Scope,
  ids: readonly number[],
): Promise<ReadonlyMap<number, boolean>> {
  const hosts = db.selectFrom("host").where(sql<boolean>`host.id in ${idList(dialect, ids)}`);
  const rows = await (scope.kind === "all" ? hosts : hosts.where("customer", "=", scope.customer))
    .select("host.id")
    .select((eb) =>
      eb
        .exists(
          eb
            .selectFrom("agent")
            .select("agent.id")
            .whereRef("agent.host_id", "=", "host.id")
            .where("agent.revoked_at_ms", "is", null),
        )
        .as("has_agent"),
    )
    .execute();
  return new Map(rows.map((row) => [row.id, Boolean(row.has_agent)]));
}
