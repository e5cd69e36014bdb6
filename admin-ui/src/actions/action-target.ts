import type { ServiceSelector } from "@mycloud/protocol/selector";

/** A host (`serviceId` null) or a service that an operator acts on. */
export interface ActionTarget {
  readonly hostId: number;
  readonly hostName: string;
  readonly serviceId: number | null;
  readonly serviceName: string | null;
}

/** Splits targets into the two lists that the bulk verbs take. A service wins over its host: `hostIds` holds hosts chosen themselves. */
export function targetIds(targets: readonly ActionTarget[]): { serviceIds: number[]; hostIds: number[] } {
  return {
    serviceIds: targets.flatMap((target) => (target.serviceId === null ? [] : [target.serviceId])),
    hostIds: targets.flatMap((target) => (target.serviceId === null ? [target.hostId] : [])),
  };
}

/** Names targets for a dialog's title: the name of one, else a count. */
export function targetsText(targets: readonly ActionTarget[]): string {
  const [first] = targets;
  if (targets.length === 1 && first) {
    return first.serviceName === null ? first.hostName : `${first.serviceName} on ${first.hostName}`;
  }
  const services = targets.filter((target) => target.serviceId !== null).length;
  const hosts = targets.length - services;
  const parts = [
    ...(services > 0 ? [`${services} ${services === 1 ? "service" : "services"}`] : []),
    ...(hosts > 0 ? [`${hosts} ${hosts === 1 ? "host" : "hosts"}`] : []),
  ];
  return parts.join(" and ");
}

/**
 * The fewest selectors that cover exactly the targets. One selector covers hosts × services, so hosts join one only when the same services of
 * each were chosen; a host chosen itself is covered with all its services.
 */
export function downtimeSelectors(targets: readonly ActionTarget[]): ServiceSelector[] {
  const servicesByHost = new Map<string, Set<string> | "all">();
  for (const target of targets) {
    const chosen = servicesByHost.get(target.hostName);
    if (target.serviceName === null) servicesByHost.set(target.hostName, "all");
    else if (chosen === undefined) servicesByHost.set(target.hostName, new Set([target.serviceName]));
    else if (chosen !== "all") chosen.add(target.serviceName);
  }
  const bySet = new Map<string, ServiceSelector & { hosts: string[] }>();
  for (const [hostName, chosen] of servicesByHost) {
    const services = chosen === "all" ? undefined : [...chosen].sort();
    const key = JSON.stringify(services ?? null);
    const known = bySet.get(key);
    if (known) known.hosts.push(hostName);
    else bySet.set(key, { hosts: [hostName], ...(services ? { services } : {}) });
  }
  return [...bySet.values()];
}

/** What an action's dialog is given: closed by whoever changed their mind, or done. */
export interface ActionProps {
  readonly targets: readonly ActionTarget[];
  readonly onClose: () => void;
  readonly onDone: () => void;
}
