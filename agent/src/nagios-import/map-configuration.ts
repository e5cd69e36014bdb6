import type { Directive, NagiosConfiguration, ReadingOptions } from "@mycloud/checks/nagios-objects";
import type { ImportContext, ImportedResource, ImportOptions } from "./context.ts";
import { mapChecks } from "./map-checks.ts";
import { mapContacts, splitNotificationWays } from "./map-contacts.ts";
import { mapDependencies } from "./map-dependencies.ts";
import { mapEventHandlers, type NeededPolicy } from "./map-event-handlers.ts";
import { mapGroups } from "./map-groups.ts";
import { mapHosts } from "./map-hosts.ts";
import { mapRules } from "./map-rules.ts";
import { createTemplateMap } from "./map-templates.ts";
import { mapTimePeriods } from "./map-time-periods.ts";
import { createRenamer } from "./names.ts";
import { collectRemarks, type Remark } from "./remark.ts";
import { remarkSettings } from "./remark-settings.ts";

/** What of the files matters beside the objects. */
export interface MainSettings {
  readonly settings: ReadonlyMap<string, Directive>;
  readonly macros: ReadonlyMap<string, string>;
}

/** An expanded configuration as resources for `apply`, with a remark for everything that is not carried. Same input, same answer. Pure. */
export function mapConfiguration(
  expanded: NagiosConfiguration,
  { settings, macros }: MainSettings,
  reading: ReadingOptions,
  options: ImportOptions,
): {
  readonly resources: readonly ImportedResource[];
  readonly remarks: readonly Remark[];
  readonly policies: readonly NeededPolicy[];
} {
  const remarks = collectRemarks();
  const { configuration, contactsOfWays } = splitNotificationWays(expanded);
  const context: ImportContext = {
    configuration,
    options,
    reading,
    settings,
    macros,
    intervalLengthSeconds: Number(settings.get("interval_length")?.value) || 60,
    remarks,
    contactsOfWays,
    hostNames: createRenamer("host", 255, remarks),
    serviceNames: createRenamer("service", 255, remarks),
    resourceNames: createRenamer("object", 128, remarks),
    hosts: new Map(configuration.hosts.map(({ name, object }) => [name, object])),
    commands: new Map(configuration.commands.map(({ name, object }) => [name, object])),
  };
  const templates = createTemplateMap(context);
  const handlers = mapEventHandlers(context);
  const objects = [
    ...mapTimePeriods(context),
    ...mapGroups(context),
    ...mapHosts(context, templates),
    ...mapContacts(context),
    ...mapChecks(context, templates),
    ...mapDependencies(context),
    ...handlers.resources,
    ...mapRules(context),
  ];
  const resources = [...templates.resources(), ...objects];
  remarkSettings(settings, remarks);
  for (const { type, place } of configuration.others) {
    remarks.add(place, `define ${type}`, reasons[type] ?? "is no object that has a counterpart here");
  }
  return { resources, remarks: remarks.list, policies: handlers.policies };
}

const reasons: Readonly<Record<string, string>> = {
  hostextinfo: "write its values at the host",
  serviceextinfo: "write its values at the service",
  realm: "realms are labels of hosts here; there are no schedulers to assign",
  businessimpactmodulation: "business impact does not change with the time of day here",
  resultmodulation: "results are not rewritten here",
  checkmodulation: "checks do not change with the time of day here",
  macromodulation: "macros do not change with the time of day here",
  trigger: "Python triggers are not run here",
  discoveryrule: "use mycloud agent discover",
  discoveryrun: "use mycloud agent discover",
};
