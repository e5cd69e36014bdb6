import type { ViewedService } from "../../status-view/index.ts";
import { type Column, flag, int, list, prefixed, text, time } from "./column.ts";
import { hostColumns } from "./host-columns.ts";
import { seen } from "./monitored-object.ts";
import { objectColumns } from "./object-columns.ts";

/** The columns of services without those of their hosts. */
export const ownServiceColumns: readonly Column<ViewedService>[] = [
  text("description", "Name", (service) => service.name),
  text("display_name", "Name", (service) => service.name),
  ...objectColumns,
  list("groups", "Names of its service groups", (service, { view }) => view.coverage.serviceGroupsOf(service)),
  list("parents", "What it depends on, as host;service", (service, context) => {
    const masters = context.view.roots.dependenciesOf(service).flatMap((found) => found.masters);
    return seen(masters, context).flatMap((master) =>
      master.kind === "service" ? [`${master.host.name};${master.name}`] : [],
    );
  }),
  flag("in_passive_check_period", "Always 1: results from outside are taken at any time", () => true),
  int("cache_interval", "Always 0: results are not cached", () => 0),
  time("cached_at", "Always 0: results are not cached", () => null),
  flag("obsess_over_service", "Always 0: use a Forward", () => false),
];

/** The columns of services, those of their hosts under `host_`. */
export const serviceColumns: readonly Column<ViewedService>[] = [
  ...ownServiceColumns,
  ...prefixed<ViewedService, ViewedService["host"]>("host_", hostColumns, (service) => service.host),
];
