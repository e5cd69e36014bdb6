import type { ViewedHost, ViewedService } from "../../status-view/index.ts";
import { type Column, hostColumns, list, prefixed, seen, text } from "../column/index.ts";
import { wantedValues } from "../filter/index.ts";
import type { QueryContext } from "../query/context.ts";
import { groupColumns, type HostGroup, hostGroupOf, hostGroupsOf } from "./group-rows.ts";
import type { RowsWanted, Table } from "./table.ts";

/** Hosts that may pass, found by name or group where the filter says which. */
function candidates(context: QueryContext, { filter }: RowsWanted): readonly ViewedHost[] {
  const { view } = context;
  const names = wantedValues(filter, "name", "=");
  if (names !== null)
    return seen(
      [...names].flatMap((name) => view.hostByName(name) ?? []),
      context,
    );
  const groups = wantedValues(filter, "groups", ">=");
  if (groups === null) return seen(view.hosts, context);
  return seen([...new Set([...groups].flatMap((group) => view.hostsOfGroup(group)))], context);
}

export const hosts: Table<ViewedHost> = {
  name: "hosts",
  columns: hostColumns,
  rows: candidates,
  find: (context, name) => {
    const host = context.view.hostByName(name);
    return host !== undefined && context.sees(host) ? host : undefined;
  },
};

interface HostInGroup {
  readonly host: ViewedHost;
  readonly group: HostGroup;
}

/** Each host once for every group it is in. */
export const hostsByGroup: Table<HostInGroup> = {
  name: "hostsbygroup",
  columns: [
    ...prefixed<HostInGroup, ViewedHost>("", hostColumns, (row) => row.host),
    ...prefixed<HostInGroup, HostGroup>("hostgroup_", groupColumns("host"), (row) => row.group),
  ],
  *rows(context, { filter }) {
    const names = wantedValues(filter, "hostgroup_name", "=");
    for (const group of names === null ? hostGroupsOf(context) : hostGroupsNamed(names, context)) {
      for (const host of group.hosts) yield { host, group };
    }
  },
};

interface ServiceInHostGroup {
  readonly service: ViewedService;
  readonly group: HostGroup;
}

/** Each service once for every group its host is in. */
export function servicesByHostGroup(serviceColumns: readonly Column<ViewedService>[]): Table<ServiceInHostGroup> {
  return {
    name: "servicesbyhostgroup",
    columns: [
      ...prefixed<ServiceInHostGroup, ViewedService>("", serviceColumns, (row) => row.service),
      ...prefixed<ServiceInHostGroup, HostGroup>("hostgroup_", groupColumns("host"), (row) => row.group),
    ],
    *rows(context, { filter }) {
      const names = wantedValues(filter, "hostgroup_name", "=");
      for (const group of names === null ? hostGroupsOf(context) : hostGroupsNamed(names, context)) {
        for (const service of group.services) yield { service, group };
      }
    },
  };
}

function hostGroupsNamed(names: ReadonlySet<string>, context: QueryContext): HostGroup[] {
  return [...names].flatMap((name) => hostGroupOf(name, context) ?? []);
}

export const hostGroups: Table<HostGroup> = {
  name: "hostgroups",
  columns: groupColumns("host"),
  rows: (context) => hostGroupsOf(context),
  find: (context, name) => hostGroupOf(name, context),
};

/** Problems that are roots, as Shinken lists them. */
export const problems: Table<ViewedHost | ViewedService> = {
  name: "problems",
  columns: [
    text("source", "What is broken by itself: host, or host/service", (object) =>
      object.kind === "host" ? object.name : `${object.host.name}/${object.name}`,
    ),
    list("impacts", "What is broken because of it", (object, context) =>
      seen(context.view.roots.impactsOf(object), context).map((impact) =>
        impact.kind === "host" ? impact.name : `${impact.host.name}/${impact.name}`,
      ),
    ),
  ],
  *rows(context) {
    for (const host of context.view.hosts) {
      for (const object of [host, ...host.services]) {
        if (context.view.roots.isProblem(object) && context.sees(object)) yield object;
      }
    }
  },
};
