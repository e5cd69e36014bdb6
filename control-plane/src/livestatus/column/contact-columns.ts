import { modifiedContactAttributes, modifiedIn } from "../../monitored/modified-attributes.ts";
import type { ViewedContact } from "../../status-view/index.ts";
import type { QueryContext } from "../query/context.ts";
import { type Column, dict, flag, int, list, text, time } from "./column.ts";

const groupsOf = (contact: ViewedContact, { view }: QueryContext): string[] =>
  view.definitions.contactGroups
    .map((group) => group.name)
    .filter((group) => view.coverage.membersOfContactGroup(group).has(contact.name));

const modifiedOf = ({ id }: ViewedContact, { view }: QueryContext, part: keyof typeof modifiedContactAttributes) =>
  modifiedIn(modifiedContactAttributes[part], view.definitions.overrides.contacts.get(id));

const allModifiedOf = (contact: ViewedContact, context: QueryContext) => [
  ...modifiedOf(contact, context, "contact"),
  ...modifiedOf(contact, context, "host"),
  ...modifiedOf(contact, context, "service"),
];

/** Its variables without its addresses, which have columns of their own. */
const variablesOf = ({ variables }: ViewedContact) =>
  Object.fromEntries(Object.entries(variables).filter(([name]) => !/^ADDRESS[1-6]$/.test(name)));

/** The columns of contacts. */
export const contactColumns: readonly Column<ViewedContact>[] = [
  int("id", "Our own number of it", (contact) => contact.id),
  text("name", "Name", (contact) => contact.name),
  text("alias", "What it is called for people", (contact) => contact.alias || contact.name),
  text("email", "E-mail address", (contact) => contact.email),
  text("pager", "Number or address of a pager", (contact) => contact.pager),
  ...[1, 2, 3, 4, 5, 6].map((number) =>
    text<ViewedContact>(
      `address${number}`,
      `Its variable ADDRESS${number}`,
      ({ variables }) => variables[`ADDRESS${number}`] ?? "",
    ),
  ),
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
  int("min_business_impact", "It is told of what has at least this impact", (contact) => contact.minimumBusinessImpact),
  list("custom_variable_names", "Names of custom variables", (contact) => Object.keys(variablesOf(contact))),
  list("custom_variable_values", "Values of custom variables", (contact) => Object.values(variablesOf(contact))),
  dict("custom_variables", "Custom variables", variablesOf),
  flag("cv_is_json", "Always 0: variables are text", () => false),
  list("vars_variable_names", "Names of custom variables", (contact) => Object.keys(variablesOf(contact))),
  list("vars_variable_values", "Values of custom variables", (contact) => Object.values(variablesOf(contact))),
  dict("vars_variables", "Custom variables", variablesOf),
  int("modified_attributes", "What operators changed over the definition, as Nagios' bits", (contact, context) =>
    allModifiedOf(contact, context).reduce((bits, { bit }) => bits | bit, 0),
  ),
  list("modified_attributes_list", "What operators changed over the definition", (contact, context) => [
    ...new Set(allModifiedOf(contact, context).map(({ name }) => name)),
  ]),
  time("last_update", "Always 0: what is here is as it is now", () => null),
];
