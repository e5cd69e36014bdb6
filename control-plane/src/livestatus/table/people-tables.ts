import type { Stored } from "@mycloud/protocol/definition";
import type { ViewedContact } from "../../status-view/index.ts";
import { dict, flag, int, list, text } from "../column/index.ts";
import type { QueryContext } from "../query/context.ts";
import { seesContact } from "../viewer/index.ts";
import type { Table } from "./table.ts";

const groupsOf = (contact: ViewedContact, { view }: QueryContext): string[] =>
  view.definitions.contactGroups
    .map((group) => group.name)
    .filter((group) => view.coverage.membersOfContactGroup(group).has(contact.name));

export const contacts: Table<ViewedContact> = {
  name: "contacts",
  columns: [
    int("id", "Our own number of it", (contact) => contact.id),
    text("name", "Name", (contact) => contact.name),
    text("alias", "Name", (contact) => contact.name),
    text("email", "E-mail address", (contact) => contact.email),
    text("pager", "Number or address of a pager", (contact) => contact.pager),
    ...[1, 2, 3, 4, 5, 6].map((number) => text<ViewedContact>(`address${number}`, "Always empty", () => "")),
    text("host_notification_period", "When it wants to be told; empty = always", ({ hostPeriod }) => hostPeriod ?? ""),
    text(
      "service_notification_period",
      "When it wants to be told; empty = always",
      (contact) => contact.servicePeriod ?? "",
    ),
    flag("in_host_notification_period", "Whether that is now", (contact, { isInPeriod }) =>
      isInPeriod(contact.hostPeriod),
    ),
    flag("in_service_notification_period", "Whether that is now", (contact, { isInPeriod }) =>
      isInPeriod(contact.servicePeriod),
    ),
    flag("can_submit_commands", "Whether commands are taken here", (_, { program }) => program.areCommandsTaken),
    flag("host_notifications_enabled", "Whether it is told of hosts", (contact) => contact.isToldOfHosts),
    flag("service_notifications_enabled", "Whether it is told of services", (contact) => contact.isToldOfServices),
    list("host_notification_commands", "Always empty: channels are the contact's own", () => []),
    list("service_notification_commands", "Always empty: channels are the contact's own", () => []),
    list("groups", "Names of its contact groups", groupsOf),
    int(
      "min_business_impact",
      "It is told of what has at least this impact",
      (contact) => contact.minimumBusinessImpact,
    ),
    list("custom_variable_names", "Names of custom variables", (contact) => Object.keys(contact.variables)),
    list("custom_variable_values", "Values of custom variables", (contact) => Object.values(contact.variables)),
    dict("custom_variables", "Custom variables", (contact) => contact.variables),
    int("modified_attributes", "Always 0: settings are definitions", () => 0),
    list("modified_attributes_list", "Always empty: settings are definitions", () => []),
  ],
  rows: ({ view, viewer }) => [...view.definitions.contacts.values()].filter((contact) => seesContact(viewer, contact)),
  find: ({ view, viewer }, name) => {
    const contact = view.contactByName(name);
    return contact !== undefined && seesContact(viewer, contact) ? contact : undefined;
  },
};

/** The group's members that the viewer may know of. */
function membersOf(group: Stored<"ContactGroup">, { view, viewer }: QueryContext): string[] {
  return [...view.coverage.membersOfContactGroup(group.name)].filter((name) => {
    const contact = view.contactByName(name);
    return contact !== undefined && seesContact(viewer, contact);
  });
}

export const contactGroups: Table<Stored<"ContactGroup">> = {
  name: "contactgroups",
  columns: [
    int("id", "Our own number of it", (group) => group.id),
    text("name", "Name", (group) => group.name),
    text("alias", "What it is called for people", (group) => group.alias || group.name),
    list("members", "Names of its contacts, through groups in groups", membersOf),
  ],
  rows: (context) =>
    context.view.definitions.contactGroups.filter(
      (group) => context.viewer.kind === "everything" || membersOf(group, context).length > 0,
    ),
};
