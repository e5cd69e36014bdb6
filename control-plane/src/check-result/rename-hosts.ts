import { changeReachability } from "@mycloud/checks/state";
import type { Executor } from "../database/dialect/dialect.ts";
import { sortedIds } from "../monitored/index.ts";
import { findHostConditions, hostConditionOf, lockHostStates } from "../state-change/index.ts";
import { findSubject, isReachableIn, type Run, track } from "./observation-run.ts";
import type { RecordDependencies } from "./record-observations.ts";

/** Calls hosts that are not UP DOWN or UNREACHABLE, as their parents now are. Only verdicts of our own: what was sent stays what it was. */
export async function renameHosts(
  tx: Executor,
  { dialect, definitions }: RecordDependencies,
  run: Run,
  hostIds: readonly number[],
): Promise<void> {
  if (hostIds.length === 0) return;
  const unread = sortedIds(hostIds.filter((id) => !run.hostStates.has(id)));
  for (const [id, host] of await definitions.hostsById(tx, new Set(unread))) run.hosts.set(id, host);
  const states = await lockHostStates(tx, dialect, unread);
  for (const [id, stored] of states) {
    run.hostStates.set(id, stored);
    run.hostConditions.set(id, hostConditionOf(stored.state));
  }
  const parentIds = hostIds.flatMap((id) => run.parents.parentsOf(id)).filter((id) => !run.hostConditions.has(id));
  const conditions = await findHostConditions(tx, dialect, sortedIds(parentIds));
  for (const [id, condition] of conditions) run.hostConditions.set(id, condition);
  for (const id of sortedIds(hostIds)) renameHost(run, id);
}

function renameHost(run: Run, hostId: number): void {
  const subject = findSubject(run, { hostId, serviceId: null });
  if (subject === undefined) return;
  const { host, stored } = subject;
  if (stored.isPassive || stored.state.state === 0) return;
  if (!isReachableIn(run, hostId)) {
    const outcome = changeReachability(stored.state, false, run.nowMs, host.policy);
    const output = "no host it is reached through is UP";
    if (outcome.events.length > 0) track(run, subject, outcome, { output, longOutput: "", perfdata: "" });
    return;
  }
  // It may be there again as well: its agent gets the time of a keepalive to say so, another's check tells with its next result.
  if (host.overdueAfterMs === null || stored.overdueAtMs !== null || !host.hasAgent) return;
  stored.overdueAtMs = run.nowMs + host.overdueAfterMs;
  stored.isChanged = true;
}
