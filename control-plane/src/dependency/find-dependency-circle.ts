import type { DependencyInput } from "@mycloud/protocol/dependency";
import { matchesHost, type SelectableHost } from "@mycloud/protocol/selector";
import { findCircle } from "../reachability/find-circle.ts";
import { createDependencyIndex, type MasterName, masterInWords, mastersOf } from "./dependency-index.ts";

/**
 * Finds masters that depend on themselves by way of each other; answers their names in order, or null. Only masters can be on a circle, so the
 * cost follows them and the hosts that have masters of their own, not all services. Pure.
 */
export function findDependencyCircle(
  dependencies: readonly DependencyInput[],
  hosts: readonly SelectableHost[],
): string[] | null {
  const index = createDependencyIndex(dependencies);
  const hostByName = new Map(hosts.map((host) => [host.name, host]));
  const edges = new Map<string, string[]>();
  const waiting: MasterName[] = [];
  for (const dependency of dependencies) {
    for (const { host, service } of dependency.masters) {
      // A master on the dependent's own host: one for every host that anything of it depends on.
      const on = host === null ? hosts.filter((one) => dependsThere(dependency, one)) : [{ name: host }];
      for (const { name } of on) waiting.push({ host: name, service });
    }
  }
  for (let master = waiting.pop(); master !== undefined; master = waiting.pop()) {
    const key = masterInWords(master);
    const host = hostByName.get(master.host);
    if (edges.has(key) || host === undefined) continue;
    const subject = { host, serviceName: master.service };
    const covering = new Set([...index.of(subject, "execution"), ...index.of(subject, "notification")]);
    const next = [...covering].flatMap((dependency) => mastersOf(dependency, subject));
    edges.set(key, next.map(masterInWords));
    waiting.push(...next);
  }
  return findCircle(edges);
}

/** Whether a dependency covers a host or, whatever its name, a service of it. */
function dependsThere({ dependent }: DependencyInput, host: SelectableHost): boolean {
  return matchesHost(dependent, host);
}
