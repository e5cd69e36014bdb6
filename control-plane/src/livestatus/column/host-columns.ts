import type { ViewedHost, ViewedService } from "../../status-view/index.ts";
import type { QueryContext } from "../query/context.ts";
import { type Column, flag, int, list, text } from "./column.ts";
import { seen, seenNames } from "./monitored-object.ts";
import { objectColumns } from "./object-columns.ts";
import { serviceCountColumns } from "./service-counts.ts";
import { hasBeenChecked, shownHardState, shownState } from "./shown-state.ts";

const servicesOf = (host: ViewedHost, context: QueryContext): readonly ViewedService[] => seen(host.services, context);

/** The columns of hosts. */
export const hostColumns: readonly Column<ViewedHost>[] = [
  text("name", "Name", (host) => host.name),
  text("display_name", "What it is called for people", (host) => host.displayName ?? host.name),
  text("alias", "What it is called for people", (host) => host.displayName ?? host.name),
  text("address", "Address, or else its name", (host) => host.address ?? host.name),
  ...objectColumns,
  list("groups", "Names of its host groups", (host) => host.groups),
  list("parents", "Names of the hosts it is reached through", (host, context) =>
    seenNames(host.settings.parents, context),
  ),
  list("childs", "Names of the hosts that are reached through it", (host, context) =>
    seen(context.view.childrenOf(host), context).map((child) => child.name),
  ),
  list("probers", "Names of the hosts whose agents check it", (host, context) =>
    seenNames(host.settings.probers, context),
  ),
  int("total_services", "How many services it has", (host) => host.services.length),
  ...serviceCountColumns<ViewedHost>(servicesOf),
  list("services", "Names of its services", (host, context) =>
    servicesOf(host, context).map((service) => service.name),
  ),
  list("services_with_state", "Services: name, state, has_been_checked", (host, context) =>
    servicesOf(host, context).map((service) => [service.name, shownState(service), hasBeenChecked(service) ? 1 : 0]),
  ),
  list("services_with_info", "Services: name, state, has_been_checked, output", (host, context) =>
    servicesOf(host, context).map((service) => [
      service.name,
      shownState(service),
      hasBeenChecked(service) ? 1 : 0,
      service.state.output,
    ]),
  ),
  list(
    "services_with_fullstate",
    "Services: name, state, has_been_checked, output, hard state, attempt, attempts, downtime depth, acknowledged, in period",
    (host, context) =>
      servicesOf(host, context).map((service) => [
        service.name,
        shownState(service),
        hasBeenChecked(service) ? 1 : 0,
        service.state.output,
        shownHardState(service),
        service.state.attempt,
        service.maxCheckAttempts,
        context.view.activeDowntimesOf(service, context.nowMs).length,
        service.state.acknowledgementId === null ? 0 : 1,
        1,
      ]),
  ),
  flag("obsess_over_host", "Always 0: use a Forward", () => false),
  flag("check_flapping_recovery_notification", "Always 0", () => false),
  text("statusmap_image", "Always empty", () => ""),
  text("filename", "Always empty: definitions are in the database", () => ""),
  text("address6", "Always empty: see address", () => ""),
  int("x_2d", "Always 0", () => 0),
  int("y_2d", "Always 0", () => 0),
  int("x_3d", "Always 0", () => 0),
  int("y_3d", "Always 0", () => 0),
  int("z_3d", "Always 0", () => 0),
];
