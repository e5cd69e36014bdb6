import type { ViewedService } from "../../status-view/index.ts";
import { prefixed, seen, serviceColumns } from "../column/index.ts";
import { wantedValues } from "../filter/index.ts";
import type { QueryContext } from "../query/context.ts";
import { groupColumns, type ServiceGroup, serviceGroupOf, serviceGroupsOf } from "./group-rows.ts";
import type { RowsWanted, Table } from "./table.ts";

/** Services that may pass, found by host or group where the filter says which. */
function candidates(context: QueryContext, { filter }: RowsWanted): readonly ViewedService[] {
  const { view } = context;
  const hostNames = wantedValues(filter, "host_name", "=");
  if (hostNames !== null) {
    return seen(
      [...hostNames].flatMap((name) => view.hostByName(name)?.services ?? []),
      context,
    );
  }
  const groups = wantedValues(filter, "groups", ">=");
  if (groups !== null) {
    return seen([...new Set([...groups].flatMap((group) => view.servicesOfGroup(group)))], context);
  }
  const hostGroups = wantedValues(filter, "host_groups", ">=");
  if (hostGroups === null) return seen(view.services, context);
  const hosts = new Set([...hostGroups].flatMap((group) => view.hostsOfGroup(group)));
  return seen(
    [...hosts].flatMap((host) => host.services),
    context,
  );
}

export const services: Table<ViewedService> = {
  name: "services",
  columns: serviceColumns,
  rows: candidates,
  find: (context, name) => {
    const service = findService(context, name);
    return service !== undefined && context.sees(service) ? service : undefined;
  },
};

/** `host;service`, or the older `host service`: then the first blank that gives a service counts. */
function findService({ view }: QueryContext, name: string): ViewedService | undefined {
  for (const separator of [";", " "]) {
    for (let at = name.indexOf(separator); at >= 0; at = name.indexOf(separator, at + 1)) {
      const service = view.serviceByName(name.slice(0, at), name.slice(at + 1));
      if (service !== undefined) return service;
    }
  }
  return undefined;
}

interface ServiceInGroup {
  readonly service: ViewedService;
  readonly group: ServiceGroup;
}

/** Each service once for every service group it is in. */
export const servicesByGroup: Table<ServiceInGroup> = {
  name: "servicesbygroup",
  columns: [
    ...prefixed<ServiceInGroup, ViewedService>("", serviceColumns, (row) => row.service),
    ...prefixed<ServiceInGroup, ServiceGroup>("servicegroup_", groupColumns("service"), (row) => row.group),
  ],
  *rows(context, { filter }) {
    const names = wantedValues(filter, "servicegroup_name", "=");
    const groups =
      names === null ? serviceGroupsOf(context) : [...names].flatMap((name) => serviceGroupOf(name, context) ?? []);
    for (const group of groups) for (const service of group.services) yield { service, group };
  },
};

export const serviceGroups: Table<ServiceGroup> = {
  name: "servicegroups",
  columns: groupColumns("service"),
  rows: (context) => serviceGroupsOf(context),
  find: (context, name) => serviceGroupOf(name, context),
};
