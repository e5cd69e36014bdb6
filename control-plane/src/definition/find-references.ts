import type { ResourceDefinition, ResourceKind } from "@mycloud/protocol/resource";

/** A definition that another one names. */
export interface Reference {
  readonly kind: ResourceKind;
  readonly name: string;
  /** Where it is named: `spec.parents`. */
  readonly field: string;
}

/** What a definition names and what therefore has to exist. Selectors are not among it: they may match nothing. Pure. */
export function findReferences(definition: ResourceDefinition): Reference[] {
  const to = (kind: ResourceKind, field: string, names: readonly (string | null)[]): Reference[] =>
    names.flatMap((name) => (name === null ? [] : [{ kind, name, field: `spec.${field}` }]));
  switch (definition.kind) {
    case "Host": {
      const { checkPeriod, parents, probers } = definition.spec;
      return [
        ...to("TimePeriod", "checkPeriod", [checkPeriod]),
        ...to("Host", "parents", parents),
        ...to("Host", "probers", probers),
      ];
    }
    case "Check":
      return to("TimePeriod", "checkPeriod", [definition.spec.checkPeriod]);
    case "Service":
      return [
        { kind: "Host", name: definition.host, field: "host" },
        ...to("TimePeriod", "checkPeriod", [definition.spec.checkPeriod]),
      ];
    case "NotificationRule": {
      const { contacts, contactGroups, onCall, period, escalations } = definition.spec;
      return [
        ...to("Contact", "contacts", contacts),
        ...to("ContactGroup", "contactGroups", contactGroups),
        ...to("OnCallSchedule", "onCall", onCall),
        ...to("TimePeriod", "period", [period]),
        ...escalations.flatMap((escalation, index) => [
          ...to("Contact", `escalations.${index}.contacts`, escalation.contacts),
          ...to("ContactGroup", `escalations.${index}.contactGroups`, escalation.contactGroups),
          ...to("OnCallSchedule", `escalations.${index}.onCall`, escalation.onCall),
          ...to("TimePeriod", `escalations.${index}.period`, [escalation.period]),
        ]),
      ];
    }
    case "Contact":
      return to("TimePeriod", "period", [definition.spec.period]);
    case "TimePeriod":
      return to("TimePeriod", "exclude", definition.spec.exclude);
    case "Dependency": {
      const hosts = definition.spec.masters.map(({ host }) => host);
      return [...to("Host", "masters", hosts), ...to("TimePeriod", "period", [definition.spec.period])];
    }
    case "ContactGroup":
      return [
        ...to("Contact", "contacts", definition.spec.contacts),
        ...to("ContactGroup", "groups", definition.spec.groups),
      ];
    case "OnCallSchedule": {
      const overriding = definition.spec.overrides.map(({ contact }) => contact);
      return [...to("Contact", "members", definition.spec.members), ...to("Contact", "overrides", overriding)];
    }
    case "EventHandler":
      return to("Host", "runOn", [definition.spec.runOn]);
    case "Template":
      return to("Template", "uses", definition.spec.uses);
    case "BackupPolicy":
      return to("StorageServer", "storage", [definition.spec.storage]);
    case "LogSource":
      return to("LogDestination", "destinations", definition.spec.destinations);
    case "StorageServer":
    case "LogDestination":
    case "HostGroup":
    case "ServiceGroup":
    case "RecurringDowntime":
    case "Forward":
    case "LogSender":
    case "LogForward":
    case "MetricsPush":
    case "RemoteWrite":
    case "SnmpCredential":
    case "TrapRule":
    case "TsigKey":
    case "DnsRegistration":
    case "Zone":
    case "DnsView":
    case "NameServerSettings":
      return [];
  }
}
