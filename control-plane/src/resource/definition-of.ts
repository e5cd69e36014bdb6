import type { Check } from "@mycloud/protocol/check";
import type { Contact } from "@mycloud/protocol/contact";
import type { HostInput } from "@mycloud/protocol/host";
import type { NotificationRule } from "@mycloud/protocol/notification";
import type { ResourceDefinition } from "@mycloud/protocol/resource";
import type { PassiveServiceInput } from "@mycloud/protocol/service";

// What the stores answer, as definitions: with everything that is written of an object, and nothing that is found out about it.

type Of<Kind extends ResourceDefinition["kind"]> = Extract<ResourceDefinition, { readonly kind: Kind }>;

export function hostDefinition(host: HostInput & { readonly id: number; readonly origin?: unknown }): Of<"Host"> {
  const { id: _, origin: _origin, name, ...spec } = host;
  return { kind: "Host", name, spec };
}

export function checkDefinition(check: Omit<Check, "serviceCount"> & { readonly serviceCount?: number }): Of<"Check"> {
  const { id: _, name, serviceCount: _count, createdAtMs: _created, updatedAtMs: _updated, ...spec } = check;
  return { kind: "Check", name, spec };
}

export function serviceDefinition(
  service: PassiveServiceInput & { readonly id: number; readonly hostName: string },
): Of<"Service"> {
  const { id: _, hostId: _host, hostName, name, ...spec } = service;
  return { kind: "Service", name, host: hostName, spec };
}

export function contactDefinition(contact: Contact): Of<"Contact"> {
  const {
    id: _,
    name,
    userId: _user,
    groups: _groups,
    createdAtMs: _created,
    updatedAtMs: _updated,
    ...spec
  } = contact;
  return { kind: "Contact", name, spec };
}

export function ruleDefinition(rule: NotificationRule): Of<"NotificationRule"> {
  const { id: _, name, contactIds: _ids, contactNames, createdAtMs: _created, updatedAtMs: _updated, ...spec } = rule;
  return { kind: "NotificationRule", name, spec: { ...spec, contacts: contactNames } };
}
