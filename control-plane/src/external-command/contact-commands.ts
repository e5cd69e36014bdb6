import { modifiedContactAttributes } from "../monitored/modified-attributes.ts";
import type { ContactOverride } from "../monitored/runtime-override.ts";
import type { SwitchedContact, Switches } from "../operation/switch-settings.ts";
import type { ActionCommand, CommandContext, CommandTable } from "./command-definition.ts";
import type { CommandFields } from "./command-fields.ts";
import type { ObjectFinder } from "./find-objects.ts";

interface ContactCommandsDependencies {
  readonly switches: Switches;
  readonly find: ObjectFinder;
}

/** What contacts are told of, in the words of commands. */
const subjects = [
  ["HOST", "isHostNotificationEnabled", "hostPeriod"],
  ["SVC", "isServiceNotificationEnabled", "servicePeriod"],
] as const;

/** ENABLE_* and DISABLE_* of contacts and contact groups, CHANGE_* of contacts. A group's are its members' of now. */
export function createContactCommands({ switches, find }: ContactCommandsDependencies): CommandTable {
  const commands: Record<string, ActionCommand> = {};

  async function one(fields: CommandFields, { operator }: CommandContext): Promise<SwitchedContact[]> {
    return [await find.contact(operator.scope, fields.name("contact"))];
  }

  async function members(fields: CommandFields, { operator }: CommandContext): Promise<SwitchedContact[]> {
    return await find.contactsOfGroup(operator.scope, fields.name("contact group"));
  }

  function add(
    name: string,
    fields: readonly string[],
    contactsOf: typeof one,
    changeOf: (fields: CommandFields) => ContactOverride | Promise<ContactOverride>,
  ): void {
    commands[name] = {
      fields,
      async run(values, context) {
        const contacts = await contactsOf(values, context);
        await switches.setContacts(context.operator, contacts, await changeOf(values));
        return `changed for ${contacts.length === 1 ? contacts[0]?.name : `${contacts.length} contacts`}`;
      },
    };
  }

  for (const [word, switched, period] of subjects) {
    for (const [verb, isEnabled] of [
      ["ENABLE", true],
      ["DISABLE", false],
    ] as const) {
      const change = () => ({ [switched]: isEnabled });
      add(`${verb}_CONTACT_${word}_NOTIFICATIONS`, ["contact"], one, change);
      add(`${verb}_CONTACTGROUP_${word}_NOTIFICATIONS`, ["contact group"], members, change);
    }
    add(`CHANGE_CONTACT_${word}_NOTIFICATION_TIMEPERIOD`, ["contact", "time period"], one, async (fields) => ({
      [period]: await find.timePeriod(fields.name("time period")),
    }));
  }
  add("CHANGE_CUSTOM_CONTACT_VAR", ["contact", "variable", "value?"], one, (fields) => ({
    variables: fields.variable("variable", "value"),
  }));

  for (const [name, part] of [
    ["CHANGE_CONTACT_MODATTR", "contact"],
    ["CHANGE_CONTACT_MODHATTR", "host"],
    ["CHANGE_CONTACT_MODSATTR", "service"],
  ] as const) {
    commands[name] = {
      fields: ["contact", "attributes"],
      async run(fields, { operator }) {
        const contact = await find.contact(operator.scope, fields.name("contact"));
        const attributes = fields.integer("attributes");
        // Each of the three commands is about its own attributes; the others stay.
        const kept = Object.entries(modifiedContactAttributes).flatMap(([group, known]) =>
          known.filter(({ bit }) => group !== part || (attributes & bit) !== 0).map(({ setting }) => setting),
        );
        await switches.keepOnlyOfContact(operator, contact, new Set(kept));
        return `${contact.name} is as defined but for what is kept`;
      },
    };
  }
  return commands;
}
