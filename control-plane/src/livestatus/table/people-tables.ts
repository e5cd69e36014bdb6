import type { Stored } from "@mycloud/protocol/definition";
import type { ViewedContact } from "../../status-view/index.ts";
import { contactColumns, int, list, text } from "../column/index.ts";
import type { QueryContext } from "../query/context.ts";
import { seesContact } from "../viewer/index.ts";
import type { Table } from "./table.ts";

export const contacts: Table<ViewedContact> = {
  name: "contacts",
  columns: contactColumns,
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
