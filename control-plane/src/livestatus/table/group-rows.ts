import type { ViewedHost, ViewedService } from "../../status-view/index.ts";
import {
  type Column,
  hasBeenChecked,
  int,
  list,
  seen,
  serviceCountColumns,
  shownState,
  text,
} from "../column/index.ts";
import type { QueryContext } from "../query/context.ts";

interface Described {
  /** 0 of a group that is only named by its hosts. */
  readonly id: number;
  readonly name: string;
  readonly alias: string;
  readonly notes: string;
  readonly notesUrl: string | null;
  readonly actionUrl: string | null;
}

/** A host group with those of its members that the viewer may know of. */
export interface HostGroup extends Described {
  readonly hosts: readonly ViewedHost[];
  readonly services: readonly ViewedService[];
}

export interface ServiceGroup extends Described {
  readonly services: readonly ViewedService[];
}

/** The group, unless the viewer may know of none of its members. */
export function hostGroupOf(name: string, context: QueryContext): HostGroup | undefined {
  const hosts = seen(context.view.hostsOfGroup(name), context);
  const described = context.view.definitions.hostGroups.find((group) => group.name === name);
  if (hosts.length === 0 && (described === undefined || context.viewer.kind !== "everything")) return undefined;
  return {
    id: described?.id ?? 0,
    name,
    alias: described?.alias || name,
    notes: described?.notes ?? "",
    notesUrl: described?.notesUrl ?? null,
    actionUrl: described?.actionUrl ?? null,
    hosts,
    services: seen(
      hosts.flatMap((host) => host.services),
      context,
    ),
  };
}

export function hostGroupsOf(context: QueryContext): HostGroup[] {
  return context.view.hostGroupNames.flatMap((name) => hostGroupOf(name, context) ?? []);
}

export function serviceGroupOf(name: string, context: QueryContext): ServiceGroup | undefined {
  const described = context.view.definitions.serviceGroups.find((group) => group.name === name);
  if (described === undefined) return undefined;
  const services = seen(context.view.servicesOfGroup(name), context);
  if (services.length === 0 && context.viewer.kind !== "everything") return undefined;
  const { id, alias, notes, notesUrl, actionUrl } = described;
  return { id, name, alias: alias || name, notes, notesUrl, actionUrl, services };
}

export function serviceGroupsOf(context: QueryContext): ServiceGroup[] {
  return context.view.definitions.serviceGroups.flatMap((group) => serviceGroupOf(group.name, context) ?? []);
}

function descriptionColumns<Row extends Described>(): Column<Row>[] {
  return [
    int("id", "Our own number of it", (group) => group.id),
    text("name", "Name", (group) => group.name),
    text("alias", "What it is called for people", (group) => group.alias),
    text("notes", "Notes", (group) => group.notes),
    text("notes_url", "A link to notes", (group) => group.notesUrl ?? ""),
    text("action_url", "A link to actions", (group) => group.actionUrl ?? ""),
  ];
}

export function groupColumns(kind: "host"): Column<HostGroup>[];
export function groupColumns(kind: "service"): Column<ServiceGroup>[];
export function groupColumns(kind: "host" | "service"): Column<HostGroup>[] | Column<ServiceGroup>[] {
  return kind === "host" ? hostGroupColumns : serviceGroupColumns;
}

const hostGroupColumns: Column<HostGroup>[] = [
  ...descriptionColumns<HostGroup>(),
  list("members", "Names of its hosts", (group) => group.hosts.map((host) => host.name)),
  list("members_with_state", "Hosts: name, state, has_been_checked", (group) =>
    group.hosts.map((host) => [host.name, shownState(host), hasBeenChecked(host) ? 1 : 0]),
  ),
  int("num_hosts", "How many hosts", (group) => group.hosts.length),
  ...(["up", "down", "unreach"] as const).map((word, state) =>
    int<HostGroup>(`num_hosts_${word}`, `How many hosts in state ${state}`, (group) =>
      countOf(group.hosts, (host) => hasBeenChecked(host) && shownState(host) === state),
    ),
  ),
  int("num_hosts_pending", "How many hosts of which nothing is known yet", (group) =>
    countOf(group.hosts, (host) => !hasBeenChecked(host)),
  ),
  int("num_hosts_handled_problems", "How many host problems somebody takes care of", (group, context) =>
    countOf(group.hosts, (host) => isProblem(host) && isHandled(host, context)),
  ),
  int("num_hosts_unhandled_problems", "How many host problems nobody takes care of", (group, context) =>
    countOf(group.hosts, (host) => isProblem(host) && !isHandled(host, context)),
  ),
  int("worst_host_state", "The worst state of a host: DOWN, UNREACHABLE, UP", (group) => {
    const states = new Set(group.hosts.filter(hasBeenChecked).map(shownState));
    return states.has(1) ? 1 : states.has(2) ? 2 : 0;
  }),
  ...serviceCountColumns<HostGroup>((group) => group.services),
];

const serviceGroupColumns: Column<ServiceGroup>[] = [
  ...descriptionColumns<ServiceGroup>(),
  list("members", "Services: host and name", (group) =>
    group.services.map((service) => [service.host.name, service.name]),
  ),
  list("members_with_state", "Services: host, name, state, has_been_checked", (group) =>
    group.services.map((service) => [
      service.host.name,
      service.name,
      shownState(service),
      hasBeenChecked(service) ? 1 : 0,
    ]),
  ),
  ...serviceCountColumns<ServiceGroup>((group) => group.services),
];

function countOf(hosts: readonly ViewedHost[], test: (host: ViewedHost) => boolean): number {
  let count = 0;
  for (const host of hosts) if (test(host)) count++;
  return count;
}

function isProblem(host: ViewedHost): boolean {
  return hasBeenChecked(host) && shownState(host) !== 0;
}

function isHandled(host: ViewedHost, { view, nowMs }: QueryContext): boolean {
  return host.state.acknowledgementId !== null || view.activeDowntimesOf(host, nowMs).length > 0;
}
